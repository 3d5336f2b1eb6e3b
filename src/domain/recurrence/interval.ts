/** Recurrences on a grid: elapsed time from an anchor, or every n-th civil day or week. Pure. */
import { type DayNumber, dayNumber, readCivilDate, weekdayOf } from "../time/civil.ts";
import { LAST_INSTANT } from "../time/instant.ts";
import type { WallSecond } from "../time/zone.ts";
import type { CivilInterval, ElapsedInterval } from "./recurrence.ts";
import type { InstantSeries } from "./series.ts";
import { DAY_SECONDS, LAST_RULE_DAY, NEVER, NEVER_BEFORE, type WallRule } from "./wall-rule.ts";

/** anchor + n x every, n >= 1: arithmetic, whatever the distance. */
export function elapsedSeries({ anchor, every }: ElapsedInterval): InstantSeries {
  const stepsUpTo = (instant: number): number => Math.max(Math.floor((instant - anchor) / every), 0);
  const lastStep = stepsUpTo(LAST_INSTANT);
  const at = (step: number): number | null => (step >= 1 && step <= lastStep ? anchor + step * every : null);
  return {
    next: (after) => at(stepsUpTo(after) + 1),
    previous: (before) => at(Math.min(stepsUpTo(before - 1), lastStep)),
    count: (from, to, cap) => {
      const steps = Math.min(stepsUpTo(to), lastStep) - Math.min(stepsUpTo(from), lastStep);
      return Math.max(Math.min(steps, cap), 0);
    },
  };
}

/** Every n-th day or week at fixed times. Throws when the anchor is no date: that is checked when a schedule is saved. */
export function civilGrid(interval: CivilInterval): WallRule {
  const date = readCivilDate(interval.anchor);
  if (!date) throw new Error(`The anchor of an interval is no date: ${interval.anchor}`);
  return new CivilGrid(interval, dayNumber(date));
}

/** Days of a civil grid: periods of `every` days or weeks from the anchor, and in each the days that run. */
class CivilGrid implements WallRule {
  readonly spaced = false;
  private readonly anchor: DayNumber;
  private readonly period: number;
  /** Days that run, counted from the first day of a period; sorted. */
  private readonly days: readonly number[];
  private readonly times: readonly number[];

  constructor(interval: CivilInterval, anchor: DayNumber) {
    this.anchor = anchor;
    this.period = interval.every * (interval.unit === "week" ? 7 : 1);
    const first = weekdayOf(anchor);
    const days = interval.weekdays.map((weekday) => (weekday - first + 7) % 7);
    this.days = interval.unit === "week" ? days.sort((one, other) => one - other) : [0];
    this.times = interval.times;
  }

  after(wall: WallSecond): WallSecond {
    const day = Math.floor(wall / DAY_SECONDS);
    const today = this.dayFrom(day);
    if (today === NEVER) return NEVER;
    const time = today === day ? this.times.find((each) => day * DAY_SECONDS + each > wall) : this.times[0];
    if (time !== undefined) return today * DAY_SECONDS + time;
    const later = this.dayFrom(day + 1);
    return later * DAY_SECONDS + (this.times[0] ?? 0);
  }

  upTo(wall: WallSecond): WallSecond {
    const day = Math.floor(wall / DAY_SECONDS);
    const today = this.dayUpTo(day);
    if (today === NEVER_BEFORE) return NEVER_BEFORE;
    const time = today === day ? this.times.findLast((each) => day * DAY_SECONDS + each <= wall) : this.times.at(-1);
    if (time !== undefined) return today * DAY_SECONDS + time;
    const earlier = this.dayUpTo(day - 1);
    return earlier * DAY_SECONDS + (this.times.at(-1) ?? 0);
  }

  /** The first day of the grid at or after a day. */
  private dayFrom(day: DayNumber): DayNumber {
    const period = Math.max(Math.floor((day - this.anchor) / this.period), 0);
    const start = this.anchor + period * this.period;
    const inPeriod = this.days.find((each) => start + each >= day);
    const found = inPeriod === undefined ? start + this.period + (this.days[0] ?? 0) : start + inPeriod;
    return found > LAST_RULE_DAY ? NEVER : found;
  }

  /** The last day of the grid at or before a day. */
  private dayUpTo(day: DayNumber): DayNumber {
    const period = Math.floor((day - this.anchor) / this.period);
    if (period < 0) return NEVER_BEFORE;
    const start = this.anchor + period * this.period;
    const inPeriod = this.days.findLast((each) => start + each <= day);
    if (inPeriod !== undefined) return start + inPeriod;
    return period === 0 ? NEVER_BEFORE : start - this.period + (this.days.at(-1) ?? 0);
  }
}
