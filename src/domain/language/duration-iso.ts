/** ISO 8601 durations, PnYnMnWnDTnHnMnS, fractions in the last part only. Pure. */
import { fail, ok, type Result } from "../result.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, type Milliseconds, SECOND_MS, WEEK_MS } from "../time/instant.ts";
import type { Refusal } from "./interpretation.ts";
import { quote, refusal } from "./refusal.ts";

/** A length in two currencies: calendar months and elapsed time. */
export interface DurationAmount {
  readonly months: number;
  readonly elapsed: Milliseconds;
}

const PART = "(\\d+(?:[.,]\\d+)?)";
const ISO_DURATION = new RegExp(
  `^P(?=.)(?:${PART}Y)?(?:${PART}M)?(?:${PART}W)?(?:${PART}D)?(?:T(?=.)(?:${PART}H)?(?:${PART}M)?(?:${PART}S)?)?$`,
  "i",
);
const LOOKS_ISO = /^[-+]?P(?=[\dT])[\dT]/i;
const ELAPSED_MS = [WEEK_MS, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS];

/** Reads an ISO 8601 duration; undefined when the text does not begin like one. */
export function readIsoDuration(text: string): Result<DurationAmount, Refusal> | undefined {
  if (!LOOKS_ISO.test(text)) return undefined;
  const parts = ISO_DURATION.exec(text)?.slice(1);
  if (parts === undefined || !hasFractionLast(parts)) return fail(refuseShape(text));
  const [years = 0, months = 0, ...elapsed] = parts.map((part) => Number((part ?? "0").replace(",", ".")));
  if (!Number.isInteger(years) || !Number.isInteger(months)) return fail(refuseShape(text));
  return ok({
    months: years * 12 + months,
    elapsed: elapsed.reduce((sum, count, index) => sum + count * (ELAPSED_MS[index] ?? 0), 0),
  });
}

function hasFractionLast(parts: readonly (string | undefined)[]): boolean {
  const given = parts.filter((part) => part !== undefined);
  return given.slice(0, -1).every((part) => /^\d+$/.test(part));
}

const refuseShape = (text: string): Refusal =>
  refusal({
    reason: "not_understood",
    message: `${quote(text)} looks like an ISO 8601 duration, but is not written as one.`,
    span: { start: 0, end: text.length },
    expected: "PnYnMnWnDTnHnMnS, with a fraction in the last part only and none in years and months",
    suggestions: ["PT10M", "P1DT3H"],
  });
