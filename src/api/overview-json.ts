/** A project at a glance, as JSON. */
import { z } from "@hono/zod-openapi";
import type { NextOccurrence, ProjectOverview } from "../domain/overview.ts";
import type { Run } from "../domain/run.ts";
import type { DayCounts, ENDINGS } from "../domain/run-counts.ts";
import { toIso } from "../domain/time/instant.ts";
import { toLocalIso } from "../domain/time/local-time.ts";
import { COUNTED_MAX } from "../runlog/run-counts.ts";
import { Id, InstantText } from "./fields.ts";
import { RunJson, runJson } from "./run-json.ts";

const DateText = z.string().openapi({ format: "date", example: "2026-11-22" });

const NextOccurrenceJson = z
  .strictObject({
    schedule_id: Id,
    fn: z.string().nullable().openapi({ description: "Null: the whole project." }),
    scheduled_for: InstantText,
    effective_at: InstantText.openapi({ description: "When it starts: another instant where spread moves it." }),
    local: z.string().openapi({
      description: "`scheduled_for` in the schedule's zone, with its offset.",
      example: "2027-01-15T11:30:00+01:00",
    }),
    timezone: z.string().openapi({ description: "The schedule's." }),
  })
  .openapi("NextOccurrence");

const DayCountsJson = z
  .strictObject({
    date: DateText,
    ...{ succeeded: z.int(), failed: z.int(), timed_out: z.int(), cancelled: z.int() },
    ...{ skipped: z.int(), missed: z.int() },
  } satisfies Record<"date" | (typeof ENDINGS)[number], z.ZodType>)
  .openapi("DayCounts");

export const OverviewJson = z
  .strictObject({
    timezone: z.string().openapi({ description: "The project's, by which the days are." }),
    schedules: z
      .strictObject({ active: z.int(), paused: z.int(), quarantined: z.int() })
      .openapi({ description: "How many there are; those that have ended are not counted." }),
    next: NextOccurrenceJson.nullable().openapi({ description: "The first occurrence to come; null: there is none." }),
    last: RunJson.nullable().openapi({
      description: "The run, or the occurrence that did not run, of the latest time.",
    }),
    days: z.array(DayCountsJson).openapi({
      description:
        "Oldest first, today last, each day by the time its runs were scheduled for. What is counted is the end of each chain: a failed attempt that another followed is not, nor is a run that has not ended. Skipped and missed count occurrences, at the day of the row that stands for them.",
    }),
    counted_from: DateText.nullable().openapi({
      description: `Null: all days are counted whole. Otherwise more than ${COUNTED_MAX} runs are in the log, the days from this one on are counted whole, and those before it hold less than there was; it is tomorrow where that is so of today.`,
    }),
  })
  .openapi("Overview");

/** What is counted of the days beside what the actor says. */
export interface OverviewParts extends Pick<ProjectOverview, "timezone" | "schedules" | "next"> {
  readonly last: Run | null;
  readonly days: readonly DayCounts[];
  readonly countedFrom: string | null;
}

export const overviewJson = (parts: OverviewParts): z.output<typeof OverviewJson> => ({
  timezone: parts.timezone,
  schedules: { ...parts.schedules },
  next: parts.next && nextJson(parts.next),
  last: parts.last && runJson(parts.last),
  days: parts.days.map((day) => ({ ...day })),
  counted_from: parts.countedFrom,
});

const nextJson = ({ schedule, fn, timezone, at, startsAt }: NextOccurrence): z.output<typeof NextOccurrenceJson> => ({
  schedule_id: schedule,
  fn,
  scheduled_for: toIso(at),
  effective_at: toIso(startsAt),
  local: toLocalIso(at, timezone),
  timezone,
});
