/** Which zone an expression is read in: the schedule's, or the one its text names. Pure. */
import { fail, ok, type Result } from "../result.ts";
import { readZone, sameZone } from "../time/zone.ts";
import type { ReadingContext, Refusal } from "./interpretation.ts";
import { cover, quote, refusal, type Span } from "./refusal.ts";

/** A zone as the text names it. */
export interface NamedZone extends Span {
  readonly name: string;
}

/**
 * The zone to read in. A zone in the text becomes the schedule's when none was asked for; it must agree with one that
 * was (DESIGN.md 4.9), and two in one text must be the same.
 */
export function settleZone(zones: readonly NamedZone[], context: ReadingContext): Result<string, Refusal> {
  const [first, second] = zones;
  if (first === undefined) return ok(context.timezone);
  const zone = readZone(first.name);
  if (!zone.ok) {
    const suggestions = zone.error.suggestions.map((name) => `every day at 9:00 am in ${name}`);
    return fail({ ...zone.error, position: first.start, length: first.end - first.start, suggestions });
  }
  if (second !== undefined && second.name !== first.name) return fail(refuseTwo(first, second, zone.value));
  if (!context.timezoneIsExplicit) return ok(zone.value);
  return sameZone(zone.value, context.timezone) ? ok(context.timezone) : fail(refuseOther(first, context.timezone));
}

const refuseTwo = (first: NamedZone, second: NamedZone, zone: string): Refusal =>
  refusal({
    reason: "contradiction",
    message: `${quote(first.name.slice(0, 35))} and ${quote(second.name.slice(0, 35))} are two time zones.`,
    span: cover(first, second),
    expected: "one time zone",
    suggestions: [`every day at 9:00 am in ${zone}`],
  });

const refuseOther = (named: NamedZone, timezone: string): Refusal =>
  refusal({
    reason: "contradiction",
    message: `The text names the time zone ${quote(named.name)}, but the schedule's time zone is ${timezone}.`,
    span: named,
    expected: `no time zone in the text, or ${timezone}`,
    suggestions: [`every day at 9:00 am in ${timezone}`],
  });
