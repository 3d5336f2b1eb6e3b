/**
 * What starts when over the days to come, over many schedules: by hour, by minute of the hour, and where too much starts at
 * once. Pure.
 *
 * The work is bounded whatever the schedules are. Occurrences are walked one by one, of the rarest schedules first; what
 * comes too often for that is counted by arithmetic where that is exact, and where it is not, is left out and said to be.
 */
import { evenStarts } from "./even-starts.ts";
import type { ScheduleId } from "./ids.ts";
import { occurrencesOf } from "./schedule.ts";
import { hourOf } from "./time/civil-days.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, type Milliseconds } from "./time/instant.ts";
import { zoneOf } from "./time/zone.ts";
import { type ComingSchedule, comingUp, type Upcoming } from "./upcoming.ts";

/** Occurrences of one schedule that are walked: every five minutes for a week fits. */
export const WALKED_PER_SCHEDULE = 2_500;
/** The same of all schedules together ... */
export const WALKED_MAX = 25_000;
/** ... beyond which so many of each are: an hour of every minute, from which the rest can be counted. */
const WALKED_AT_LEAST = 75;
/** Occurrences that are listed: of one schedule, of all together, and of one however many schedules there are. */
export const LISTED_PER_SCHEDULE = 50;
const LISTED_MAX = 5_000;
const LISTED_AT_LEAST = 5;

/** A minute of the hour is crowded where so many schedules start in it ... */
export const CROWD_SCHEDULES = 5;
/** ... and so many times its even share of all starts. */
export const CROWD_SHARE = 3;
/** The most crowded minutes that are named, and the schedules named of each. */
export const CROWDED_MAX = 3;
export const CROWD_NAMED_MAX = 50;

const MINUTES = 60;
/** Clocks are set by whole quarters of an hour, so that a quarter lies in one hour of the wall clock. */
const QUARTER_MS = HOUR_MS / 4;
/** Occurrences that tell how often a schedule comes. */
const SAMPLED = 9;

/** From when to when is looked, by the clock of which zone. */
export interface LoadWindow {
  readonly from: Instant;
  readonly until: Instant;
  readonly timezone: string;
}

export interface ScheduleLoad<Known extends ComingSchedule> {
  readonly schedule: Known;
  /** The first that start in the window. */
  readonly first: readonly Upcoming[];
  /** How many start in the window; null: too many to be counted, and left out of the picture. */
  readonly count: number | null;
  /** Comes too often to be walked to the end of the window. */
  readonly isDense: boolean;
}

export interface CrowdedMinute<Known extends ComingSchedule> {
  readonly minute: number;
  readonly count: number;
  /** Those that start in it, the most frequent first. */
  readonly schedules: readonly Known[];
}

export interface Load<Known extends ComingSchedule> {
  /** Starts by full hour of the wall clock, only hours with some; in order. */
  readonly hours: readonly { readonly at: Instant; readonly count: number }[];
  /** Starts by minute of the hour, over the first 24 hours. */
  readonly minutes: readonly number[];
  readonly crowded: readonly CrowdedMinute<Known>[];
  /** Those with something in the window, the soonest first. */
  readonly schedules: readonly ScheduleLoad<Known>[];
}

/** What the schedules come to. */
export function loadOf<Known extends ComingSchedule>(schedules: readonly Known[], window: LoadWindow): Load<Known> {
  const listed = Math.min(
    LISTED_PER_SCHEDULE,
    Math.max(LISTED_AT_LEAST, Math.floor(LISTED_MAX / Math.max(schedules.length, 1))),
  );
  const picture = new Picture<Known>(window);
  const loads: ScheduleLoad<Known>[] = [];
  let left = WALKED_MAX;
  for (const schedule of rarestFirst(schedules, window.from)) {
    const { found, isWhole } = walk(schedule, window, Math.max(WALKED_AT_LEAST, Math.min(WALKED_PER_SCHEDULE, left)));
    left = Math.max(0, left - found.length);
    if (found.length === 0) continue;
    const count = isWhole ? picture.add(schedule, found) : picture.addEven(schedule, found);
    loads.push({ schedule, first: found.slice(0, listed), count, isDense: !isWhole });
  }
  const soonestFirst = loads.sort((one, other) => (one.first[0]?.startsAt ?? 0) - (other.first[0]?.startsAt ?? 0));
  return { hours: picture.hours(), minutes: picture.minutes, crowded: picture.crowded(), schedules: soonestFirst };
}

/** What comes often is walked last, so that it uses up nobody else's share. */
function rarestFirst<Known extends ComingSchedule>(schedules: readonly Known[], from: Instant): readonly Known[] {
  const spaced = schedules.map((schedule) => ({ schedule, spacing: spacingOf(schedule, from) }));
  return spaced.sort((one, other) => other.spacing - one.spacing).map(({ schedule }) => schedule);
}

/** The time that a few occurrences take; the largest number where there are fewer. */
function spacingOf({ spec }: ComingSchedule, from: Instant): Milliseconds {
  const few = occurrencesOf(spec).upcoming(from, SAMPLED);
  return few.length < SAMPLED ? Number.MAX_VALUE : (few.at(-1) ?? 0) - (few[0] ?? 0);
}

function walk(
  schedule: ComingSchedule,
  { from, until }: LoadWindow,
  most: number,
): { readonly found: readonly Upcoming[]; readonly isWhole: boolean } {
  const found: Upcoming[] = [];
  for (const coming of comingUp(schedule, from)) {
    if (coming.startsAt >= until) break;
    if (found.length === most) return { found, isWhole: false };
    found.push(coming);
  }
  return { found, isWhole: true };
}

/** Counts starts where they fall. */
class Picture<Known extends ComingSchedule> {
  readonly minutes: number[] = Array.from({ length: MINUTES }, () => 0);
  readonly #window: LoadWindow;
  /** Until when starts count in `minutes`. */
  readonly #dayEnd: Instant;
  readonly #hours = new Map<Instant, number>();
  /** The window in pieces that lie in one hour or minute each; made when first needed. */
  #hourSteps: readonly Step[] | undefined;
  #minuteSteps: readonly Step[] | undefined;
  readonly #starting: readonly Map<ScheduleId, { readonly schedule: Known; count: number }>[];

  constructor(window: LoadWindow) {
    this.#window = window;
    this.#dayEnd = Math.min(window.until, window.from + DAY_MS);
    this.#starting = this.minutes.map(() => new Map());
  }

  /** Counts what was walked. */
  add(schedule: Known, found: readonly Upcoming[]): number {
    for (const { startsAt } of found) {
      this.#addToHour(hourOf(startsAt, this.#window.timezone), 1);
      if (startsAt < this.#dayEnd) this.#addToMinute(schedule, minuteOf(startsAt, this.#window.timezone), 1);
    }
    return found.length;
  }

  /** Counts what was not walked to its end; null, and nothing counted, where that cannot be done exactly. */
  addEven(schedule: Known, found: readonly Upcoming[]): number | null {
    const { from, until, timezone } = this.#window;
    const count = evenStarts(schedule, found, until);
    if (count === null) return null;
    this.#hourSteps ??= stepsOf(from, until, QUARTER_MS, (start) => hourOf(start, timezone));
    this.#minuteSteps ??= stepsOf(from, this.#dayEnd, MINUTE_MS, (start) => minuteOf(start, timezone));
    for (const { start, end, of } of this.#hourSteps) this.#addToHour(of, count(start, end));
    const ofMinutes = this.minutes.map(() => 0);
    for (const { start, end, of } of this.#minuteSteps) ofMinutes[of] = (ofMinutes[of] ?? 0) + count(start, end);
    for (const [minute, starts] of ofMinutes.entries()) this.#addToMinute(schedule, minute, starts);
    return count(from, until);
  }

  hours(): readonly { readonly at: Instant; readonly count: number }[] {
    return [...this.#hours].map(([at, count]) => ({ at, count })).sort((one, other) => one.at - other.at);
  }

  crowded(): readonly CrowdedMinute<Known>[] {
    const share = this.minutes.reduce((sum, count) => sum + count, 0) / MINUTES;
    return this.minutes
      .map((count, minute) => ({ minute, count, starting: this.#starting[minute] ?? new Map() }))
      .filter(({ count, starting }) => starting.size >= CROWD_SCHEDULES && count >= CROWD_SHARE * share)
      .sort((one, other) => other.count - one.count || one.minute - other.minute)
      .slice(0, CROWDED_MAX)
      .map(({ minute, count, starting }) => ({ minute, count, schedules: mostFirst([...starting.values()]) }));
  }

  #addToHour(hour: Instant, count: number): void {
    if (count > 0) this.#hours.set(hour, (this.#hours.get(hour) ?? 0) + count);
  }

  #addToMinute(schedule: Known, minute: number, count: number): void {
    if (count === 0) return;
    this.minutes[minute] = (this.minutes[minute] ?? 0) + count;
    const starting = this.#starting[minute];
    const known = starting?.get(schedule.id);
    if (known === undefined) starting?.set(schedule.id, { schedule, count });
    else known.count += count;
  }
}

const mostFirst = <Known>(starting: { readonly schedule: Known; readonly count: number }[]): readonly Known[] =>
  starting
    .sort((one, other) => other.count - one.count)
    .slice(0, CROWD_NAMED_MAX)
    .map(({ schedule }) => schedule);

/** The minute of the hour that the wall clock shows. */
const minuteOf = (instant: Instant, timezone: string): number =>
  Math.floor((instant + zoneOf(timezone).offsetAt(instant)) / MINUTE_MS) % MINUTES;

/** A piece of the window, and the hour or the minute that it is a piece of. */
interface Step {
  readonly start: Instant;
  readonly end: Instant;
  readonly of: number;
}

/** The window cut at multiples of `size`. */
function stepsOf(from: Instant, until: Instant, size: Milliseconds, of: (start: Instant) => number): readonly Step[] {
  const found: Step[] = [];
  for (let start = from; start < until; start = found.at(-1)?.end ?? until) {
    found.push({ start, end: Math.min(until, (Math.floor(start / size) + 1) * size), of: of(start) });
  }
  return found;
}
