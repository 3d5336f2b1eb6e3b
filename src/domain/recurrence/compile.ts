/**
 * From a recurrence to its occurrences in a time zone. Pure: the current instant is always an argument.
 *
 * Occurrences are a function of the recurrence, the zone, the clock change policy and the instant asked about alone, so
 * the answer is the same after a restart, and from every instant between two of them.
 */
import { type Instant, LAST_INSTANT, SECOND_MS } from "../time/instant.ts";
import { zoneOf } from "../time/zone.ts";
import { CalendarRule } from "./calendar.ts";
import { ZonedRule } from "./clock-change.ts";
import { noteAt } from "./clock-change-note.ts";
import { cronLine } from "./cron.ts";
import { civilGrid, elapsedSeries } from "./interval.ts";
import { onceSeries } from "./once.ts";
import { DEFAULT_DST, type DstPolicy, type Recurrence } from "./recurrence.ts";
import type { InstantSeries } from "./series.ts";
import { NEVER, NEVER_BEFORE, type WallRule } from "./wall-rule.ts";

export interface CompiledRecurrence extends InstantSeries {
  /** The next `count` occurrences strictly later than `after`; fewer when the recurrence ends. */
  upcoming(after: Instant, count: number): Instant[];
  /** A sentence for a person when a clock change touches this occurrence, e.g. that 02:30 does not exist on this day. */
  clockChangeNote(occurrence: Instant): string | undefined;
}

/** Occurrences before 1970 are not looked for. */
const FIRST_SECOND = 0;
const LAST_SECOND = Math.floor(LAST_INSTANT / SECOND_MS);
/** Compiled recurrences that are kept for callers who ask again, oldest dropped. */
const COMPILED_MAX = 1_024;

const compiledBefore = new Map<string, CompiledRecurrence>();

/**
 * Compiles a recurrence for a zone. Both were checked when the schedule was saved (`readCron`, `readZone`): a line or a
 * zone that cannot be read is thrown as an error. Costs microseconds; `next` and `previous` cost a fraction of one.
 */
export function compile(recurrence: Recurrence, timezone: string, dst: DstPolicy = DEFAULT_DST): CompiledRecurrence {
  switch (recurrence.kind) {
    case "once":
      return withoutClock(onceSeries(recurrence));
    case "interval":
      if (recurrence.grid === "elapsed") return withoutClock(elapsedSeries(recurrence));
      return new WallRecurrence([civilGrid(recurrence)], timezone, dst);
    case "calendar":
      return new WallRecurrence(
        recurrence.lines.map((line) => new CalendarRule(cronLine(line))),
        timezone,
        dst,
      );
  }
}

/** `compile`, kept for the next call with equal arguments. */
export function compileCached(
  recurrence: Recurrence,
  timezone: string,
  dst: DstPolicy = DEFAULT_DST,
): CompiledRecurrence {
  const key = `${dst.gap} ${dst.fold} ${timezone} ${JSON.stringify(recurrence)}`;
  const known = compiledBefore.get(key);
  if (known) return known;
  const compiled = compile(recurrence, timezone, dst);
  if (compiledBefore.size >= COMPILED_MAX) {
    for (const oldest of compiledBefore.keys()) if (compiledBefore.delete(oldest)) break;
  }
  compiledBefore.set(key, compiled);
  return compiled;
}

/** Rules about the wall clock, merged as a set: an instant that two of them name is one occurrence. */
class WallRecurrence implements CompiledRecurrence {
  private readonly rules: readonly WallRule[];
  private readonly zoned: readonly ZonedRule[];
  private readonly timezone: string;
  private readonly dst: DstPolicy;

  constructor(rules: readonly WallRule[], timezone: string, dst: DstPolicy) {
    const zone = zoneOf(timezone);
    this.rules = rules;
    this.zoned = rules.map((rule) => new ZonedRule(rule, zone, dst));
    this.timezone = timezone;
    this.dst = dst;
  }

  next(after: Instant): Instant | null {
    // Occurrences are whole seconds: later than the instant means later than the second it is in.
    const second = Math.max(Math.floor(after / SECOND_MS), FIRST_SECOND - 1);
    if (!(second < LAST_SECOND)) return null;
    let earliest = NEVER;
    for (const rule of this.zoned) earliest = Math.min(earliest, rule.next(second));
    return earliest > LAST_SECOND ? null : earliest * SECOND_MS;
  }

  previous(before: Instant): Instant | null {
    const second = Math.min(Math.ceil(before / SECOND_MS), LAST_SECOND + 1);
    if (!(second > FIRST_SECOND)) return null;
    let latest = NEVER_BEFORE;
    for (const rule of this.zoned) latest = Math.max(latest, rule.previous(second));
    return latest < FIRST_SECOND ? null : latest * SECOND_MS;
  }

  upcoming(after: Instant, count: number): Instant[] {
    return upcomingOf(this, after, count);
  }

  count(from: Instant, to: Instant, cap: number): number {
    let counted = 0;
    let at = this.next(from);
    while (counted < cap && at !== null && at <= to) {
      counted++;
      at = this.next(at);
    }
    return counted;
  }

  clockChangeNote(occurrence: Instant): string | undefined {
    return noteAt(occurrence, this.rules, zoneOf(this.timezone), this.dst);
  }
}

/** Completes a series of elapsed time, which never meets a clock change. */
function withoutClock(series: InstantSeries): CompiledRecurrence {
  return {
    ...series,
    upcoming: (after, count) => upcomingOf(series, after, count),
    clockChangeNote: () => undefined,
  };
}

function upcomingOf(series: InstantSeries, after: Instant, count: number): Instant[] {
  const found: Instant[] = [];
  let at: Instant | null = after;
  while (found.length < count) {
    at = series.next(at);
    if (at === null) break;
    found.push(at);
  }
  return found;
}
