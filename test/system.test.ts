import { describe, expect, it } from "vitest";
import { isUuid } from "../src/domain/ids.ts";
import { newId } from "../src/system.ts";

describe("a new id", () => {
  it("sorts behind those that were made before it, in the same millisecond too", () => {
    const ids = Array.from({ length: 1_000 }, newId);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(isUuid)).toBe(true);
  });
});
