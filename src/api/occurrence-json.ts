/** Occurrences to come, as JSON: nominal in UTC and on the wall clock, and the start when spread moves it. */
import { z } from "@hono/zod-openapi";
import type { CompiledRecurrence } from "../domain/recurrence/compile.ts";
import { occurrencesOf, type Schedule } from "../domain/schedule.ts";
import { type Instant, toIso } from "../domain/time/instant.ts";
import { toLocalIso } from "../domain/time/local-time.ts";
import { upcomingOf } from "../domain/upcoming.ts";
import { InstantText } from "./fields.ts";

/** How many occurrences an answer shows that was not asked for a number. */
export const UPCOMING_SHOWN = 5;

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

/** The next occurrences that will run, as they are shown. */
export function upcomingJson(schedule: Schedule, now: Instant, count: number): Shown[] {
  const { timezone, spread } = schedule.spec;
  const compiled = occurrencesOf(schedule.spec);
  return upcomingOf(schedule, now, count).map(({ at, startsAt }) => ({
    ...occurrenceJson(compiled, at, timezone),
    ...(spread === 0 ? {} : { effective_at: toIso(startsAt) }),
  }));
}
