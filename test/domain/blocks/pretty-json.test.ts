/** JSON for people: all of it where there is room, and never more than is shown. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { prettyJson } from "../../../src/domain/blocks/pretty-json.ts";
import type { Json } from "../../../src/domain/json.ts";

it("is what JSON.stringify writes, where there is room", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      expect(prettyJson(value as Json, 1_000_000)).toBe(JSON.stringify(value, null, 2));
    }),
  );
});

it("breaks off soon after the room is used up, whatever is left", () => {
  const wide = Array.from({ length: 500_000 }, (_, index) => index);
  const text = prettyJson(wide, 1_000);
  expect(text.length).toBeLessThan(1_100);
  expect(JSON.stringify(wide, null, 2).startsWith(text)).toBe(true);
});

it("hints at levels that are too deep", () => {
  let deep: Json = 1;
  for (let level = 0; level < 3_000; level += 1) deep = [deep];
  const text = prettyJson(deep, 20_000);
  expect(text).toContain("\u2026");
  expect(text.length).toBeLessThan(20_000);
});
