/** The next occurrences of a schedule that will run. Pure. */
import { stableFraction } from "./ids.ts";
import { placedAt, startedUpTo } from "./policy/spread.ts";
import type { CompiledRecurrence } from "./recurrence/compile.ts";
import { occurrencesOf, type Schedule } from "./schedule.ts";
import type { Instant } from "./time/instant.ts";

/** One occurrence to come: its nominal instant, and when it starts, which spread may move. */
export interface Upcoming {
  readonly at: Instant;
  readonly startsAt: Instant;
}

/** What must be known of a schedule to say when it runs. */
export type ComingSchedule = Pick<Schedule, "id" | "state" | "spec" | "skips" | "runs" | "updatedAt">;

/** At most so many: none unless the schedule is active, none past its maximum, no skipped one. */
export function upcomingOf(schedule: ComingSchedule, now: Instant, count: number): readonly Upcoming[] {
  const found: Upcoming[] = [];
  if (count === 0) return found;
  for (const coming of comingUp(schedule, now)) {
    found.push(coming);
    if (found.length === count) break;
  }
  return found;
}

/** The same, one after another for as long as they are asked for. */
export function* comingUp(schedule: ComingSchedule, now: Instant): Generator<Upcoming, void, void> {
  if (schedule.state !== "active") return;
  const { id, spec, skips } = schedule;
  const compiled = occurrencesOf(spec);
  const fraction = spec.spread === 0 ? 0 : stableFraction(id);
  let left = spec.maxRuns === null ? Number.POSITIVE_INFINITY : spec.maxRuns - schedule.runs;
  let at = left > 0 ? compiled.next(lastStarted(schedule, compiled, now)) : null;
  while (at !== null && left > 0) {
    const following = compiled.next(at);
    if (!skips.includes(at)) {
      left -= 1;
      yield { at, startsAt: placedAt(fraction, spec.spread, at, following) };
    }
    at = following;
  }
}

/** Now, or just before the occurrence whose nominal time has passed but whose start, moved by spread, has not. */
function lastStarted({ id, spec, updatedAt }: ComingSchedule, compiled: CompiledRecurrence, now: Instant): Instant {
  const started = startedUpTo(id, spec.spread, compiled, now);
  return started < updatedAt ? now : started;
}
