/** A schedule as its form holds it: every field as text, and what the API is sent for it. */
import { durationText } from "../../domain/language/duration-text.ts";
import { presetText } from "../../domain/language/preset-text.ts";
import { PRESETS } from "../../domain/recurrence/preset.ts";
import { toLocalIso } from "../../domain/time/local-time.ts";
import type { ScheduleAnswer } from "../answers/schedule.ts";
import { type Filled, numberOr } from "../filled.ts";
import { beforeIn, changedFields as changedOf } from "../pieces/before.tsx";

/** The fields that say something of the schedule, with their names. */
export const FIELD_NAMES = {
  schedule: "Expression",
  timezone: "Time zone",
  fn: "Function",
  args: "Args",
  retry_attempts: "Retries",
  retry_delay: "Wait before a retry",
  retry_backoff: "The wait",
  timeout: "Timeout",
  overlap: "While an earlier run lives",
  catchup: "What could not run in its time",
  catchup_window: "If no older than",
  dst_gap: "A time that the clock leaves out",
  dst_fold: "A time that the clock shows twice",
  spread: "Spread",
  starts_at: "Starts",
  ends_at: "Ends",
  max_runs: "At most",
  key: "Key",
} as const;

export type FieldName = keyof typeof FIELD_NAMES;
const toFieldNames = (names: readonly string[]) => names as readonly FieldName[];
export const FIELDS = toFieldNames(Object.keys(FIELD_NAMES));

/** How the expression of a preset is chosen; it becomes the field `schedule`. */
export interface Chosen {
  /** `custom`, or the name of a preset. */
  readonly preset: string;
  readonly at: string;
  readonly weekday: string;
  readonly monthday: string;
}

export type Typed = Readonly<Record<FieldName, string>> & Chosen;

const NOT_CHOSEN: Chosen = { preset: "custom", at: "09:00", weekday: "1", monthday: "1" };

/** A new one, before anything is typed: what is left alone is the API's own default. */
export const newTyped = (timezone: string, facts: Partial<Typed> = {}): Typed => ({
  ...NOT_CHOSEN,
  ...emptyFields(),
  timezone,
  overlap: "skip",
  catchup: "latest",
  retry_backoff: "fixed",
  dst_gap: "run_after",
  dst_fold: "first",
  ...facts,
});

const emptyFields = () => readFields(() => "");

const readFields = (of: (field: FieldName) => string): Readonly<Record<FieldName, string>> =>
  Object.fromEntries(FIELDS.map((field) => [field, of(field)])) as Record<FieldName, string>;

/** One that exists. */
export const asTyped = (schedule: ScheduleAnswer): Typed => ({
  ...NOT_CHOSEN,
  schedule: schedule.schedule,
  timezone: schedule.timezone,
  fn: schedule.fn ?? "",
  args: schedule.args === null ? "" : JSON.stringify(schedule.args, null, 2),
  retry_attempts: String(schedule.retry.attempts),
  retry_delay: String(schedule.retry.delay),
  retry_backoff: schedule.retry.backoff,
  timeout: durationText(schedule.timeout),
  overlap: schedule.overlap,
  catchup: schedule.catchup,
  catchup_window: durationText(schedule.catchup_window),
  dst_gap: schedule.dst.gap,
  dst_fold: schedule.dst.fold,
  spread: durationText(schedule.spread),
  starts_at: schedule.starts_at === null ? "" : toLocalIso(schedule.starts_at, schedule.timezone),
  ends_at: schedule.ends_at === null ? "" : toLocalIso(schedule.ends_at, schedule.timezone),
  max_runs: schedule.max_runs === null ? "" : String(schedule.max_runs),
  key: schedule.key ?? "",
});

/** What the form says: the expression of the preset where one is chosen, or the one that was suggested and taken. */
export function typedIn(filled: Filled): Typed {
  const chosen: Chosen = {
    preset: filled.text("preset") || "custom",
    at: filled.text("at"),
    weekday: filled.text("weekday"),
    monthday: filled.text("monthday"),
  };
  const taken = filled.text("use");
  const typed = { ...readFields((field) => filled.text(field)), ...chosen };
  if (taken !== "") return { ...typed, schedule: taken, preset: "custom" };
  return { ...typed, schedule: expressionOf(chosen) ?? typed.schedule };
}

function expressionOf({ preset, at, weekday, monthday }: Chosen): string | null {
  const known = PRESETS.find((name) => name === preset);
  if (known === undefined) return null;
  return presetText({
    preset: known,
    at,
    weekday: Number(weekday),
    monthday: monthday === "L" ? "L" : Number(monthday),
  });
}

/** The schedule's fields as they were when the form was opened. */
export const typedBefore = (filled: Filled): Readonly<Record<FieldName, string>> => {
  const before = beforeIn(filled, FIELDS);
  return readFields((field) => String(before[field] ?? ""));
};

/** The fields that say something else than before. A key is given once, and never changed. */
export const changedFields = (
  before: Readonly<Record<FieldName, string>>,
  typed: Readonly<Record<FieldName, string>>,
): readonly FieldName[] => changedOf(FIELDS, before, typed).filter((field) => field !== "key");

/** What is sent to make a schedule: of what was left empty, nothing. Throws a `SyntaxError` for args that are no JSON. */
export const bodyOfNew = (typed: Typed): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(bodyOf(typed, FIELDS, typed.retry_attempts !== "" || typed.retry_delay !== "")).filter(
      ([, value]) => value !== null,
    ),
  );

/** What is sent to change these fields; null takes one back to its default. Throws a `SyntaxError` for args that are no JSON. */
export function bodyOf(
  typed: Typed,
  fields: readonly FieldName[],
  withRetry = fields.some((field) => field.startsWith("retry_")),
): Readonly<Record<string, unknown>> {
  const simple = fields.filter((field) => !field.startsWith("retry_") && !field.startsWith("dst_"));
  return {
    ...Object.fromEntries(simple.map((field) => [field, bodyValue(field, typed[field])])),
    ...(withRetry ? { retry: retryOf(typed) } : {}),
    ...(fields.some((field) => field.startsWith("dst_"))
      ? { dst: given({ gap: typed.dst_gap, fold: typed.dst_fold }) }
      : {}),
  };
}

function bodyValue(field: FieldName, text: string): unknown {
  if (field === "schedule") return text;
  if (text === "") return null;
  if (field === "args") return JSON.parse(text);
  return NUMBERS.has(field) ? numberOr(text) : text;
}

/** Numbers, and lengths of time, which may be numbers of milliseconds. */
const NUMBERS: ReadonlySet<FieldName> = new Set(["max_runs", "timeout", "catchup_window", "spread"]);

const retryOf = ({ retry_attempts, retry_delay, retry_backoff }: Typed) => ({
  attempts: retry_attempts === "" ? 0 : numberOr(retry_attempts),
  ...(retry_delay === "" ? {} : { delay: numberOr(retry_delay) }),
  ...given({ backoff: retry_backoff }),
});

const given = (fields: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== ""));

/** The field that an issue is about: `/retry/attempts` and `/dst/gap` have fields of their own. */
export const fieldOfIssue =
  ({ preset }: Pick<Chosen, "preset">) =>
  (path: string): string | null => {
    const [, first = "", second] = path.split("/");
    if (first === "retry") return `retry_${second ?? "attempts"}`;
    if (first === "dst") return `dst_${second ?? "gap"}`;
    // Of a preset there is no expression to be seen: what is wrong with it is the time.
    return first === "schedule" && preset !== "custom" ? "at" : first || null;
  };
