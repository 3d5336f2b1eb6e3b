/** What is wrong with input, in words. */
import { z } from "@hono/zod-openapi";
import { describe, expect, it } from "vitest";
import { nearest } from "../../src/api/nearest.ts";
import { validate } from "../../src/api/validate.ts";

const Schema = z.strictObject({
  name: z.string().min(2).max(5),
  count: z.int().min(1).optional(),
  mode: z.enum(["skip", "buffer_one"]).optional(),
  retry: z.union([z.int(), z.strictObject({ attempts: z.int(), delay: z.int().optional() })]).optional(),
  items: z
    .array(z.strictObject({ url: z.string() }))
    .max(2)
    .optional(),
});

const issuesOf = (input: unknown) => {
  const result = validate(Schema, input);
  return result.ok ? [] : result.error;
};

describe("an issue", () => {
  it.each<[unknown, object]>([
    [{}, { path: "/name", message: "name is missing.", expected: "a text" }],
    [{ name: 5 }, { path: "/name", message: "name is a number.", expected: "a text" }],
    [{ name: null }, { path: "/name", message: "name is null.", expected: "a text" }],
    [{ name: "x" }, { path: "/name", message: "name is too short.", expected: "at least 2 characters" }],
    [{ name: "xxxxxx" }, { path: "/name", message: "name is too long.", expected: "at most 5 characters" }],
    [
      { name: "ok", count: 0 },
      { path: "/count", message: "count is too small.", expected: "at least 1" },
    ],
    [
      { name: "ok", count: 1.5 },
      { path: "/count", message: "count is a fraction.", expected: "a whole number" },
    ],
    [
      { name: "ok", mode: "skp" },
      { path: "/mode", expected: "skip or buffer_one", suggestion: "skip" },
    ],
    [
      { name: "ok", retry: "3" },
      { path: "/retry", message: "retry is a text.", expected: "a number or an object" },
    ],
    [
      { name: "ok", retry: {} },
      { path: "/retry/attempts", message: "attempts is missing." },
    ],
    [
      { name: "ok", retry: { attempts: 1, dealy: 2 } },
      { path: "/retry/dealy", suggestion: "delay" },
    ],
    [
      { name: "ok", items: [{ url: "a" }, { ulr: "b", url: "c" }] },
      { path: "/items/1/ulr", suggestion: "url" },
    ],
    [
      { name: "ok", items: [1] },
      { path: "/items/0", message: "items/0 is a number.", expected: "an object" },
    ],
    [{ name: "ok", "a/b~c": 1 }, { path: "/a~1b~0c" }],
    [[], { path: "", message: "The body is a list.", expected: "an object" }],
    [undefined, { path: "", message: "The body is missing.", expected: "an object" }],
  ])("of %j says where, what and what would be right", (input, issue) => {
    expect(issuesOf(input)).toEqual([expect.objectContaining(issue)]);
  });

  it("is one of the first few, however much is wrong", () => {
    const input = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`unknown_${index}`, 1]));
    const started = performance.now();
    expect(issuesOf({ name: "ok", ...input })).toHaveLength(20);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("the nearest word", () => {
  it.each([
    ["retyr", "retry"],
    ["startsAt", "starts_at"],
    ["TIMEZONE", "timezone"],
    ["time_zone", "timezone"],
    ["shedule", "schedule"],
    ["args", "args"],
    ["colour", undefined],
    ["x", undefined],
    ["s".repeat(1_000), undefined],
  ])("to %s is %s", (word, meant) => {
    expect(nearest(word, ["retry", "starts_at", "timezone", "schedule", "args", "fn"])).toBe(meant);
  });
});
