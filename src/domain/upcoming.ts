/** The next occurrences of a schedule that will run. Pure. */
import { effectiveAt, startedUpTo } from "./policy/spread.ts";
import type { CompiledRecurrence } from "./recurrence/compile.ts";
import { occurrencesOf, type Schedule } from "./schedule.ts";
import type { Instant } from "./time/instant.ts";

/** How many occurrences asked to be skipped are stepped over before the list is cut. */
const SKIPS_MAX = 100;

/** One occurrence to come: its nominal instant, and when it starts, which spread may move. */
export interface Upcoming {
  readonly at: Instant;
  readonly startsAt: Instant;
}

/** At most so many: none unless the schedule is active, none past its maximum, no skipped one. */
export function upcomingOf(schedule: Schedule, now: Instant, count: number): readonly Upcoming[] {
  if (schedule.state !== "active") return [];
  const { id, spec } = schedule;
  const compiled = occurrencesOf(spec);
  const wanted = spec.maxRuns === null ? count : Math.min(count, Math.max(0, spec.maxRuns - schedule.runs));
  const found: Upcoming[] = [];
  let at = compiled.next(lastStarted(schedule, compiled, now));
  for (let steps = wanted + SKIPS_MAX; at !== null && found.length < wanted && steps > 0; steps--) {
    const following = compiled.next(at);
    if (!schedule.skips.includes(at)) found.push({ at, startsAt: effectiveAt(id, spec.spread, at, following) });
    at = following;
  }
  return found;
}

/** Now, or just before the occurrence whose nominal time has passed but whose start, moved by spread, has not. */
function lastStarted({ id, spec, updatedAt }: Schedule, compiled: CompiledRecurrence, now: Instant): Instant {
  const started = startedUpTo(id, spec.spread, compiled, now);
  return started < updatedAt ? now : started;
}
