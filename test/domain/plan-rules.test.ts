import { describe, expect, it } from "vitest";
import { readExpression } from "../../src/domain/language/read.ts";
import { refuseRecurrence } from "../../src/domain/plan-rules.ts";
import type { Recurrence } from "../../src/domain/recurrence/recurrence.ts";

function read(text: string): Recurrence {
  const reading = readExpression(text, { now: 0, timezone: "UTC", timezoneIsExplicit: false });
  if (!reading.ok) throw new Error(reading.error.message);
  return reading.value.recurrence;
}

describe("what a plan lets a schedule be", () => {
  it.each(["@hourly", "every day at 9am", "every Monday at 9am", "0 9 1 * *"])("is %s under every plan", (text) => {
    expect(refuseRecurrence("professional", read(text))).toBeNull();
  });

  it("is no custom one under the cheapest plan, and none more often than the plan's shortest interval", () => {
    expect(refuseRecurrence("professional", read("every weekday at 9am"))).toMatchObject({
      limit: "custom_schedules",
      plan: "team",
    });
    expect(refuseRecurrence("team", read("every 15 seconds"))).toMatchObject({
      limit: "shortest_interval",
      used: 15_000,
      plan: "enterprise",
    });
    expect(refuseRecurrence("enterprise", read("every 15 seconds"))).toBeNull();
  });
});
