/** A cron line as a rule about the wall clock. Pure. */
import type { WallSecond } from "../time/zone.ts";
import { ClockTimes, NO_TIME } from "./clock-times.ts";
import type { CronLine } from "./cron.ts";
import { MonthDays } from "./month-days.ts";
import { DAY_SECONDS, NEVER, NEVER_BEFORE, type WallRule } from "./wall-rule.ts";

/** The days of a cron line, and on each of them its times. */
export class CalendarRule implements WallRule {
  readonly spaced: boolean;
  private readonly days: MonthDays;
  private readonly times: ClockTimes;

  constructor(line: CronLine) {
    this.spaced = line.spaced;
    this.days = new MonthDays(line.days);
    this.times = new ClockTimes(line.hours, line.minutes, line.seconds);
  }

  after(wall: WallSecond): WallSecond {
    const from = wall + 1;
    const day = Math.floor(from / DAY_SECONDS);
    const time = this.times.from(from - day * DAY_SECONDS);
    if (time !== NO_TIME && this.days.has(day)) return day * DAY_SECONDS + time;
    const later = this.days.after(day);
    return later === NEVER ? NEVER : later * DAY_SECONDS + this.times.first;
  }

  upTo(wall: WallSecond): WallSecond {
    const day = Math.floor(wall / DAY_SECONDS);
    const time = this.times.upTo(wall - day * DAY_SECONDS);
    if (time !== NO_TIME && this.days.has(day)) return day * DAY_SECONDS + time;
    const earlier = this.days.before(day);
    return earlier === NEVER_BEFORE ? NEVER_BEFORE : earlier * DAY_SECONDS + this.times.last;
  }
}
