/** What starts when over the days to come, as JSON. */
import { z } from "@hono/zod-openapi";
import { describe } from "../domain/language/describe.ts";
import {
  CROWD_NAMED_MAX,
  CROWD_SCHEDULES,
  CROWD_SHARE,
  CROWDED_MAX,
  type CrowdedMinute,
  LISTED_PER_SCHEDULE,
  type Load,
  type LoadWindow,
  type ScheduleLoad,
  WALKED_MAX,
  WALKED_PER_SCHEDULE,
} from "../domain/load.ts";
import { toIso } from "../domain/time/instant.ts";
import { toLocalIso } from "../domain/time/local-time.ts";
import type { ComingSchedule } from "../domain/upcoming.ts";
import { Id, InstantText } from "./fields.ts";

const LocalText = z
  .string()
  .openapi({ description: "The same in the project's zone, with its offset.", example: "2027-01-15T11:30:00+01:00" });
const SCHEDULE = {
  id: Id,
  fn: z.string().nullable().openapi({ description: "Null: the whole project." }),
  description: z.string().openapi({ description: "How often it runs, in English.", example: "every day at 9:00 am" }),
};

const HourJson = z.strictObject({ at: InstantText, local: LocalText, count: z.int() }).openapi("LoadHour");

const CrowdedMinuteJson = z
  .strictObject({
    minute: z.int().openapi({ description: "0 to 59." }),
    count: z.int().openapi({ description: "Starts in it over the coming 24 hours." }),
    schedules: z
      .array(z.strictObject({ ...SCHEDULE, spread: z.int().openapi({ description: "Milliseconds; 0: none." }) }))
      .openapi({ description: `Those that start in it, the most frequent first, at most ${CROWD_NAMED_MAX}.` }),
  })
  .openapi("CrowdedMinute");

const ScheduleLoadJson = z
  .strictObject({
    ...SCHEDULE,
    occurrences: z
      .array(z.strictObject({ scheduled_for: InstantText, effective_at: InstantText.optional(), local: LocalText }))
      .openapi({
        description: `The first ones: at most ${LISTED_PER_SCHEDULE}, fewer where there are more than a hundred schedules. \`effective_at\` is there where spread may move the start; \`local\` is of \`scheduled_for\`.`,
      }),
    count: z.int().nullable().openapi({
      description: "How many start until then. Null: too many to count, and they are in no other number of the answer.",
    }),
    dense: z.boolean().openapi({
      description: `It runs too often to be looked through: more than ${WALKED_PER_SCHEDULE} times until then, or than was left of the ${WALKED_MAX} that are looked through in all, the rarest schedules first. Its description says how often.`,
    }),
  })
  .openapi("ScheduleLoad");

export const LoadJson = z
  .strictObject({
    from: InstantText,
    until: InstantText,
    timezone: z.string().openapi({ description: "The project's, by which hours and minutes are." }),
    hours: z.array(HourJson).openapi({
      description: "Full hours of the wall clock in which something starts, spread included, and how much.",
    }),
    minutes: z.array(z.int()).openapi({
      description: "60 numbers: what starts in each minute of the hour over the coming 24 hours, spread included.",
    }),
    crowded: z.array(CrowdedMinuteJson).openapi({
      description: `The minutes that stand out: at least ${CROWD_SCHEDULES} schedules start in one, and at least ${CROWD_SHARE} times its even share (a sixtieth) of all starts in \`minutes\`. The most crowded first, at most ${CROWDED_MAX}.`,
    }),
    schedules: z.array(ScheduleLoadJson).openapi({ description: "Those that run until then, the soonest first." }),
    left_out: z.int().openapi({
      description:
        "How many of them run too often to be counted and are in no hour and no minute: those whose count is null.",
    }),
    truncated: z.boolean().openapi({
      description: "Whether more schedules are due until then than the thousand soonest, which are looked at.",
    }),
  })
  .openapi("ProjectUpcoming");

/** The load of a window. */
export function loadJson(
  { hours, minutes, crowded, schedules }: Load<ComingSchedule>,
  { from, until, timezone }: LoadWindow,
  truncated: boolean,
): z.output<typeof LoadJson> {
  return {
    from: toIso(from),
    until: toIso(until),
    timezone,
    hours: hours.map(({ at, count }) => ({ at: toIso(at), local: toLocalIso(at, timezone), count })),
    minutes: [...minutes],
    crowded: crowded.map(crowdedJson),
    schedules: schedules.map((one) => scheduleLoadJson(one, timezone)),
    left_out: schedules.filter(({ count }) => count === null).length,
    truncated,
  };
}

const crowdedJson = ({
  minute,
  count,
  schedules,
}: CrowdedMinute<ComingSchedule>): z.output<typeof CrowdedMinuteJson> => ({
  minute,
  count,
  schedules: schedules.map((one) => ({ ...named(one), spread: one.spec.spread })),
});

const scheduleLoadJson = (
  { schedule, first, count, isDense }: ScheduleLoad<ComingSchedule>,
  timezone: string,
): z.output<typeof ScheduleLoadJson> => ({
  ...named(schedule),
  occurrences: first.map(({ at, startsAt }) => ({
    scheduled_for: toIso(at),
    ...(schedule.spec.spread === 0 ? {} : { effective_at: toIso(startsAt) }),
    local: toLocalIso(at, timezone),
  })),
  count,
  dense: isDense,
});

const named = ({ id, spec }: ComingSchedule): { id: string; fn: string | null; description: string } => ({
  id,
  fn: spec.fn,
  description: describe(spec.recurrence, spec.timezone),
});
