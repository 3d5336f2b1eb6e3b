/** One-time readings: a wall-clock time put into the zone, and the rule that it must be in the future. Pure. */
import { fail, ok, type Result } from "../result.ts";
import { type Instant, LAST_INSTANT, toIso } from "../time/instant.ts";
import { resolveWallTime, toLocalIso, type WallTime } from "../time/local-time.ts";
import type { ExpressionFormat, Interpretation, ReadingContext, Refusal } from "./interpretation.ts";
import { lengthText } from "./names.ts";
import { refusal } from "./refusal.ts";

/** Reads a wall-clock time in the zone, with a note where the clock change touches it. */
export function instantOf(time: WallTime, timezone: string): { at: Instant; notes: string[] } {
  const reading = resolveWallTime(time, timezone);
  switch (reading.kind) {
    case "unique":
      return { at: reading.instant, notes: [] };
    case "gap": {
      const shown = toLocalIso(reading.instant, timezone);
      return {
        at: reading.instant,
        notes: [`That time is skipped by the clock change in ${timezone}; it runs at ${shown}.`],
      };
    }
    case "fold": {
      const shown = toLocalIso(reading.first, timezone);
      return {
        at: reading.first,
        notes: [`That time comes twice at the clock change in ${timezone}; it runs the first time, at ${shown}.`],
      };
    }
  }
}

/** A one-time interpretation; refused when it is not strictly later than now. */
export function once(
  format: ExpressionFormat,
  at: Instant,
  timezone: string,
  notes: readonly string[],
  text: string,
  context: ReadingContext,
): Result<Interpretation, Refusal> {
  if (at > LAST_INSTANT) return fail(refuseFar(text));
  if (at <= context.now) return fail(refusePast(text, context.now - at, context));
  return ok({ format, recurrence: { kind: "once", at }, timezone, notes });
}

/** The refusal for what is over already; `ago` in milliseconds, when it is known. */
export function refusePast(text: string, ago: number | undefined, context: ReadingContext): Refusal {
  const how = ago === undefined ? "in the past" : ago === 0 ? "now, and not later" : `${lengthText(ago)} ago`;
  return refusal({
    reason: "past",
    message: `That was ${how}: a schedule that runs once must be in the future.`,
    span: { start: 0, end: text.length },
    expected: "an instant later than now",
    suggestions: ["in 10 minutes", nextMorning(context)],
  });
}

const refuseFar = (text: string): Refusal =>
  refusal({
    reason: "out_of_range",
    message: "That is after the year 9999.",
    span: { start: 0, end: text.length },
    expected: "an instant before the year 10000",
    suggestions: ["in 10 minutes"],
  });

const DAY = 86_400_000;

/** An accepted instant: 09:00 UTC the day after tomorrow. */
export const nextMorning = (context: ReadingContext): string =>
  `${toIso(Math.min(context.now + 2 * DAY, LAST_INSTANT)).slice(0, 10)}T09:00:00Z`;
