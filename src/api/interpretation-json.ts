/** How an expression was understood, as JSON: the same in a preview, a schedule and the answer to an event. */
import { z } from "@hono/zod-openapi";
import { describe } from "../domain/language/describe.ts";
import type { Interpretation } from "../domain/language/interpretation.ts";
import type { Interval } from "../domain/recurrence/recurrence.ts";
import type { ScheduleSpec } from "../domain/schedule.ts";
import { HOUR_MS, MINUTE_MS, type Milliseconds, SECOND_MS, toIso } from "../domain/time/instant.ts";

/** The fields, to be spread into the schemas that hold them. */
export const INTERPRETATION_FIELDS = {
  kind: z.enum(["once", "interval", "calendar"]),
  format: z
    .enum(["iso", "cron", "english", "duration", "date"])
    .openapi({ description: "Which format the text is in." }),
  cron: z.array(z.string()).openapi({ description: "The cron lines of a calendar; empty for the other kinds." }),
  every: z
    .string()
    .nullable()
    .openapi({ description: "The step of an interval, as an ISO 8601 duration: `PT45M`, `P2W`." }),
  anchor: z.string().nullable().openapi({ description: "What an interval counts from: an instant, or a civil date." }),
  at: z.string().nullable().openapi({ format: "date-time", description: "The instant of a one-time schedule." }),
  description: z.string().openapi({ description: "The meaning in English." }),
  timezone: z.string(),
  notes: z.array(z.string()).openapi({ description: "Choices made in reading it, and values that were lowered." }),
};

/** The fields by themselves. */
export const InterpretationJson = z.strictObject(INTERPRETATION_FIELDS);

/** The interpretation as the fields say it. */
export function interpretationJson(understood: Interpretation): z.output<typeof InterpretationJson> {
  const { recurrence, format, timezone, notes } = understood;
  return {
    kind: recurrence.kind,
    format,
    cron: recurrence.kind === "calendar" ? [...recurrence.lines] : [],
    every: recurrence.kind === "interval" ? stepOf(recurrence) : null,
    anchor: recurrence.kind === "interval" ? anchorOf(recurrence) : null,
    at: recurrence.kind === "once" ? toIso(recurrence.at) : null,
    description: describe(recurrence, timezone),
    timezone,
    notes: [...notes],
  };
}

/** The same of a saved schedule, whose notes also say which of its values were lowered. */
export const specInterpretationJson = (spec: ScheduleSpec): z.output<typeof InterpretationJson> =>
  interpretationJson({ ...spec, notes: [...spec.notes, ...spec.clamped] });

const stepOf = (interval: Interval): string =>
  interval.grid === "elapsed"
    ? isoDuration(interval.every)
    : `P${interval.every}${interval.unit === "day" ? "D" : "W"}`;

const anchorOf = (interval: Interval): string =>
  interval.grid === "elapsed" ? toIso(interval.anchor) : interval.anchor;

/** Never in days: `P1D` is a civil day, which a clock change makes longer or shorter, and this is elapsed time. */
function isoDuration(length: Milliseconds): string {
  const hours = Math.floor(length / HOUR_MS);
  const minutes = Math.floor((length % HOUR_MS) / MINUTE_MS);
  const seconds = Math.floor((length % MINUTE_MS) / SECOND_MS);
  return `PT${hours ? `${hours}H` : ""}${minutes ? `${minutes}M` : ""}${seconds ? `${seconds}S` : ""}`;
}
