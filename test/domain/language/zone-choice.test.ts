/** One zone per expression. */
import { describe, expect, it } from "vitest";
import { settleZone } from "../../../src/domain/language/zone-choice.ts";
import { BERLIN, UTC } from "./tables.ts";

const named = (name: string) => ({ name, start: 3, end: 3 + name.length });
const explicit = { ...BERLIN, timezoneIsExplicit: true };

describe("the zone of an expression", () => {
  it("is the schedule's when the text names none", () => {
    expect(settleZone([], BERLIN)).toEqual({ ok: true, value: "Europe/Berlin" });
  });

  it("is the one the text names, in its proper case, when none was asked for", () => {
    expect(settleZone([named("asia/tokyo")], UTC)).toEqual({ ok: true, value: "Asia/Tokyo" });
  });

  it("must agree with the one that was asked for", () => {
    expect(settleZone([named("Europe/Berlin")], explicit)).toEqual({ ok: true, value: "Europe/Berlin" });
    expect(settleZone([named("Asia/Tokyo")], explicit)).toMatchObject({
      error: { reason: "contradiction", position: 3 },
    });
  });

  it("is refused when it is unknown or one of two", () => {
    expect(settleZone([named("Mars/Olympus")], UTC)).toMatchObject({
      error: { reason: "unknown_zone", position: 3, length: 12 },
    });
    expect(settleZone([named("Asia/Tokyo"), named("UTC")], UTC)).toMatchObject({ error: { reason: "contradiction" } });
  });
});
