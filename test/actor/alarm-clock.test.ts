import { describe, expect, it } from "vitest";
import { AlarmClock } from "../../src/actor/alarm-clock.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
const MINUTE = 60_000;

/** The platform's alarm, counted: one at a time, the last one set holds. */
class Platform {
  alarm: number | null = null;
  readonly set: number[] = [];
  readonly storage = {
    getAlarm: async () => this.alarm,
    setAlarm: async (time: number) => {
      this.alarm = time;
      this.set.push(time);
    },
  } as unknown as DurableObjectStorage;
}

async function loaded(alarm: number | null = null): Promise<{ platform: Platform; clock: AlarmClock }> {
  const platform = new Platform();
  platform.alarm = alarm;
  const clock = new AlarmClock(platform.storage);
  await clock.load();
  return { platform, clock };
}

describe("the alarm", () => {
  it("is set once for the earliest of all wishes", async () => {
    const { platform, clock } = await loaded();
    for (const at of [NINE + 2, null, NINE + 1, NINE + 3]) clock.want(at);
    await clock.armWanted(NINE, () => NINE + 1);
    expect(platform.set).toEqual([NINE + 1]);
  });

  it("is not set again when it rings early enough already", async () => {
    const { platform, clock } = await loaded(NINE + 10);
    clock.want(NINE + 10);
    clock.want(NINE + 20);
    await clock.armWanted(NINE, () => null);
    expect(platform.set).toEqual([]);
  });

  it("forgets a wish that was granted or that came too late to matter", async () => {
    const { platform, clock } = await loaded(NINE + 10);
    clock.want(NINE + 20);
    await clock.armWanted(NINE, () => null);
    clock.rang();
    await clock.armWanted(NINE, () => NINE + 20);
    expect(platform.set).toEqual([]);
  });

  it("is set for the soonest of all, when it was lost, whatever the wish", async () => {
    const { platform, clock } = await loaded();
    clock.want(NINE + 100 * MINUTE);
    await clock.armWanted(NINE, () => NINE + MINUTE);
    expect(platform.set).toEqual([NINE + MINUTE]);
  });

  it("is set for what is overdue, just after now and never at or before it", async () => {
    const { platform, clock } = await loaded();
    clock.want(NINE - MINUTE);
    await clock.armWanted(NINE, () => NINE - MINUTE);
    await clock.arm(NINE, NINE);
    expect(platform.set.every((time) => time > NINE && time <= NINE + 1)).toBe(true);
    expect(platform.set).not.toEqual([]);
  });

  it("may move to a later moment, and stays where it is when asked for that very one", async () => {
    const { platform, clock } = await loaded(NINE + 10);
    await clock.arm(NINE + MINUTE, NINE);
    await clock.arm(NINE + MINUTE, NINE);
    await clock.arm(null, NINE);
    expect(platform.set).toEqual([NINE + MINUTE]);
  });

  it("is set again after it has rung, even for the same moment", async () => {
    const { platform, clock } = await loaded(NINE + 10);
    clock.rang();
    await clock.arm(NINE + 10, NINE);
    expect(platform.set).toEqual([NINE + 10]);
  });
});

describe("the alarm is sound", () => {
  it.each([
    ["when nothing is wanted", null, null, true],
    ["when it rings in time", NINE + 10, NINE + 10, true],
    ["when it rings earlier", NINE + 5, NINE + 10, true],
    ["when it is about to ring for what is overdue", NINE, NINE - MINUTE, true],
    ["not when it is lost", null, NINE + 10, false],
    ["not when it rings too late", NINE + 11, NINE + 10, false],
    ["not when it is overdue for minutes and will not ring by itself", NINE - 3 * MINUTE, NINE - 3 * MINUTE, false],
  ])("%s", async (_, alarm, wanted, expected) => {
    const { clock } = await loaded(alarm);
    expect(await clock.isSound(wanted, NINE)).toBe(expected);
  });

  it("by what the platform says, not by what was remembered", async () => {
    const { platform, clock } = await loaded(NINE + 10);
    platform.alarm = null;
    expect(await clock.isSound(NINE + 10, NINE)).toBe(false);
  });
});
