import { describe, expect, it } from "vitest";
import { eventually, makeWorld, ringAt, setClock } from "../support/world.ts";

describe("a schedule that is due", () => {
  it("calls its function once and the run enters the log", async () => {
    setClock("2027-01-15T08:59:00Z");
    const world = await makeWorld();
    const schedule = await world.schedule({ schedule: "every day at 9:00 am", fn: "work", args: [{ day: 1 }] });
    await ringAt(world, "2027-01-15T09:00:00.005Z");
    const [run] = await eventually(
      () => world.logged(),
      (runs) => runs.length === 1,
    );
    expect(run).toMatchObject({
      scheduleId: schedule.id,
      status: "succeeded",
      context: "scheduled",
      scheduledFor: Date.parse("2027-01-15T09:00:00Z"),
      attempt: 0,
    });
    const calls = await world.calls();
    expect(calls).toHaveLength(1);
    expect(await world.live()).toEqual([]);
  });
});
