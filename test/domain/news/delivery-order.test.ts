/** Which deliveries may be under way in great number: those that carry no picture, to whoever does not count calls. */
import { describe, expect, it } from "vitest";
import { isLight } from "../../../src/domain/news/delivery-order.ts";

describe("a delivery", () => {
  it.each([
    ["webhook", null, true],
    // A call names the picture's address, and carries none.
    ["webhook", "pdf", true],
    ["email", null, true],
    ["email", "png", false],
    ["slack", null, false],
    ["slack", "png", false],
  ] as const)("by %s that wants the picture %s is light: %s", (channel, wants, expected) => {
    expect(isLight({ channel, wants })).toBe(expected);
  });
});
