/** Occurrences to come, as JSON: nominal in UTC and on the wall clock, and the start when spread moves it. */
import { z } from "@hono/zod-openapi";
import { effectiveAt, startedUpTo } from "../domain/policy/spread.ts";
import type { CompiledRecurrence } from "../domain/recurrence/compile.ts";
import { occurrencesOf, type Schedule } from "../domain/schedule.ts";
import { type Instant, toIso } from "../domain/time/instant.ts";
import { toLocalIso } from "../domain/time/local-time.ts";
import { InstantText } from "./fields.ts";

/** How many occurrences an answer shows that was not asked for a number. */
export const UPCOMING_SHOWN = 5;
/** How many occurrences asked to be skipped are stepped over before the list is cut. */
const SKIPS_MAX = 100;

/** One occurrence to come. */
export const OccurrenceJson = z
  .strictObject({
    scheduled_for: InstantText.openapi({ description: "The nominal instant: the occurrence's identity." }),
    local: z.string().openapi({
      description: "The same in the schedule's zone, with its offset.",
      example: "2027-01-15T11:30:00+01:00",
    }),
    effective_at: InstantText.optional().openapi({ description: "When it starts, where spread moves it." }),
    note: z.string().optional().openapi({ description: "What a clock change does to it." }),
  })
  .openapi("Occurrence");

type Shown = z.output<typeof OccurrenceJson>;

/** One occurrence of a recurrence in a zone. */
export function occurrenceJson(compiled: CompiledRecurrence, at: Instant, timezone: string): Shown {
  const note = compiled.clockChangeNote(at);
  return {
    scheduled_for: toIso(at),
    local: toLocalIso(at, timezone),
    ...(note === undefined ? {} : { note }),
  };
}

/** The next occurrences that will run: none unless the schedule is active, none past its maximum, no skipped one. */
export function upcomingOf(schedule: Schedule, now: Instant, count: number): Shown[] {
  if (schedule.state !== "active") return [];
  const { spec } = schedule;
  const compiled = occurrencesOf(spec);
  const wanted = spec.maxRuns === null ? count : Math.min(count, Math.max(0, spec.maxRuns - schedule.runs));
  const shown: Shown[] = [];
  let at = compiled.next(lastStarted(schedule, compiled, now));
  for (let steps = wanted + SKIPS_MAX; at !== null && shown.length < wanted && steps > 0; steps--) {
    const following = compiled.next(at);
    if (!schedule.skips.includes(at)) shown.push(plannedJson(schedule, compiled, at, following));
    at = following;
  }
  return shown;
}

/** Now, or just before the occurrence whose nominal time has passed but whose start, moved by spread, has not. */
function lastStarted({ id, spec, updatedAt }: Schedule, compiled: CompiledRecurrence, now: Instant): Instant {
  const started = startedUpTo(id, spec.spread, compiled, now);
  return started < updatedAt ? now : started;
}

function plannedJson(
  { id, spec }: Schedule,
  compiled: CompiledRecurrence,
  at: Instant,
  following: Instant | null,
): Shown {
  const shown = occurrenceJson(compiled, at, spec.timezone);
  if (spec.spread === 0) return shown;
  return { ...shown, effective_at: toIso(effectiveAt(id, spec.spread, at, following)) };
}
