/** What runs once must be in the future. */
import { describe, expect, it } from "vitest";
import { once } from "../../../src/domain/language/once.ts";
import { NOW, UTC } from "./tables.ts";

describe("an instant", () => {
  it("must be strictly later than now", () => {
    expect(once("iso", NOW, "UTC", [], "x", UTC)).toMatchObject({ ok: false, error: { reason: "past" } });
    expect(once("iso", NOW + 1, "UTC", [], "x", UTC)).toMatchObject({
      ok: true,
      value: { recurrence: { at: NOW + 1 } },
    });
  });

  it("that is over says how long ago, and offers an instant that is not", () => {
    expect(once("iso", NOW - 3 * 86_400_000, "UTC", [], "x", UTC)).toMatchObject({
      error: { message: expect.stringContaining("3 days ago"), suggestions: ["in 10 minutes", "2026-11-23T09:00:00Z"] },
    });
  });

  it("ends with the year 9999", () => {
    expect(once("iso", Date.UTC(10_000, 0, 1), "UTC", [], "x", UTC)).toMatchObject({
      error: { reason: "out_of_range" },
    });
  });
});
