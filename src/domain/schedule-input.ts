/**
 * Reads a schedule's input into what it means. Pure. Every field is read, so the answer names everything that is wrong
 * at once; nothing is guessed, and what was lowered or assumed is said in the notes.
 */
import type { InputIssue } from "./errors.ts";
import type { Json } from "./json.ts";
import { readDuration } from "./language/duration.ts";
import type { Interpretation, Refusal } from "./language/interpretation.ts";
import { readExpression } from "./language/read.ts";
import { issuesOfNotifications, readNotification } from "./notification.ts";
import { DEFAULT_CATCH_UP, DEFAULT_CATCH_UP_WINDOW_MS } from "./policy/catch-up.ts";
import { DEFAULT_OVERLAP } from "./policy/overlap.ts";
import { type RetryLimits, readRetry } from "./policy/retry.ts";
import { DEFAULT_DST, type DstPolicy, type Recurrence } from "./recurrence/recurrence.ts";
import { fail, ok, type Result } from "./result.ts";
import { occurrencesOf, type ScheduleInput, type ScheduleSpec } from "./schedule.ts";
import { DAY_MS, type Instant, MINUTE_MS, type Milliseconds, SECOND_MS } from "./time/instant.ts";
import { readZone } from "./time/zone.ts";

export const DEFAULT_TIMEOUT_MS = 5 * MINUTE_MS;
/** A run whose function answers 202 may take this long; one that is waited for ends at `SYNCHRONOUS_TIMEOUT_MS`. */
export const MAX_TIMEOUT_MS = DAY_MS;
/** A queue consumer lives for 15 minutes; the last one is kept to report (Cloudflare, queues/platform/limits). */
export const SYNCHRONOUS_TIMEOUT_MS = 14 * MINUTE_MS;
export const MIN_TIMEOUT_MS = SECOND_MS;
export const MAX_SPREAD_MS = DAY_MS;
export const MIN_CATCH_UP_WINDOW_MS = 10 * SECOND_MS;
export const MAX_CATCH_UP_WINDOW_MS = 365 * DAY_MS;

export interface SpecContext {
  readonly now: Instant;
  /** The project's zone, for a schedule that names none. */
  readonly timezone: string;
  readonly retryLimits: RetryLimits;
  /** What the schedule meant before a change that leaves its times alone: then they are kept, not read anew. */
  readonly standing?: ScheduleSpec | undefined;
}

/** What an input means, or every issue it has. */
export function specify(input: ScheduleInput, context: SpecContext): Result<ScheduleSpec, readonly InputIssue[]> {
  const issues: InputIssue[] = [];
  const zone = readZone(input.timezone ?? context.timezone);
  if (!zone.ok) issues.push({ path: "/timezone", ...issueOf(zone.error) });
  if (input.args !== undefined) issues.push(...issuesOfArgs(input.args));
  issues.push(...issuesOfNotifications(input.notifications ?? []));
  const bounds = readBounds(input, zone.ok ? zone.value : "UTC", context.now, issues);
  const lengths = readLengths(input, context.now, issues);
  const reading = readTimes(input, context, zone.ok ? zone.value : "UTC", bounds.startsAt);
  if (!reading.ok) issues.push({ path: "/schedule", ...issueOf(reading.error) });
  if (!reading.ok || issues.length > 0) return fail(issues);

  const retry = readRetry(input.retry, context.retryLimits);
  const spec: ScheduleSpec = {
    expression: input.schedule,
    format: reading.value.format,
    recurrence: reading.value.recurrence,
    timezone: reading.value.timezone,
    dst: readDst(input.dst),
    fn: input.fn ?? null,
    retry: retry.policy,
    overlap: input.overlap ?? DEFAULT_OVERLAP,
    catchUp: {
      mode: input.catchup ?? DEFAULT_CATCH_UP,
      window: catchUpWindow(reading.value.recurrence, lengths.window),
    },
    spread: lengths.spread,
    ...bounds,
    maxRuns: input.max_runs ?? null,
    timeout: lengths.timeout,
    notifications: (input.notifications ?? []).map(readNotification),
    notes: reading.value.notes,
    clamped: retry.clamped,
  };
  const isOver = context.standing === undefined && occurrencesOf(spec).next(context.now) === null;
  return isOver ? fail([outOfBounds(spec)]) : ok(spec);
}

function readTimes(
  input: ScheduleInput,
  context: SpecContext,
  timezone: string,
  startsAt: Instant | null,
): Result<Interpretation, Refusal> {
  const { standing, now } = context;
  if (standing !== undefined) return ok(standing);
  const reading = readExpression(input.schedule, {
    now,
    timezone,
    timezoneIsExplicit: input.timezone !== undefined,
    ...(startsAt === null ? {} : { anchor: startsAt }),
  });
  return reading.ok ? ok({ ...reading.value, recurrence: fromStart(reading.value.recurrence, startsAt) }) : reading;
}

/** The arguments of a run travel to its function and lie in its row: at most so many characters of JSON. */
export const ARGS_MAX_LENGTH = 65_536;

/** What is wrong with arguments, if anything is. */
export function issuesOfArgs(args: Json): readonly InputIssue[] {
  const { length } = JSON.stringify(args);
  if (length <= ARGS_MAX_LENGTH) return [];
  return [
    {
      path: "/args",
      message: `args take ${length} characters as JSON.`,
      expected: `at most ${ARGS_MAX_LENGTH}; pass a reference to larger data`,
    },
  ];
}

/** A one-time schedule runs however late, unless a window was asked for; a recurring one has its next occurrence. */
const catchUpWindow = (recurrence: Recurrence, asked: Milliseconds | undefined): Milliseconds =>
  asked ?? (recurrence.kind === "once" ? MAX_CATCH_UP_WINDOW_MS : DEFAULT_CATCH_UP_WINDOW_MS);

/** An elapsed grid that has a start begins right there, not one step later. */
function fromStart(recurrence: Recurrence, startsAt: Instant | null): Recurrence {
  if (startsAt === null || recurrence.kind !== "interval" || recurrence.grid !== "elapsed") return recurrence;
  return { ...recurrence, anchor: startsAt - recurrence.every };
}

const readDst = (dst: ScheduleInput["dst"]): DstPolicy => ({
  gap: dst?.gap ?? DEFAULT_DST.gap,
  fold: dst?.fold ?? DEFAULT_DST.fold,
});

function readBounds(
  input: ScheduleInput,
  timezone: string,
  now: Instant,
  issues: InputIssue[],
): Pick<ScheduleSpec, "startsAt" | "endsAt"> {
  const startsAt = readInstant("/starts_at", input.starts_at, timezone, issues);
  const endsAt = readInstant("/ends_at", input.ends_at, timezone, issues);
  if (endsAt !== null && endsAt <= Math.max(now, startsAt ?? now)) {
    const after = startsAt !== null && startsAt > now ? "starts_at" : "now";
    issues.push({
      path: "/ends_at",
      message: `ends_at must be later than ${after}.`,
      expected: `an instant after ${after}`,
    });
  }
  return { startsAt, endsAt };
}

/** Reads an instant or local datetime. Read as of 1970, because unlike an expression's a bound may lie in the past. */
function readInstant(path: string, text: string | undefined, timezone: string, issues: InputIssue[]): Instant | null {
  if (text === undefined) return null;
  const reading = readExpression(text, { now: 0, timezone, timezoneIsExplicit: false });
  if (reading.ok && reading.value.format === "iso" && reading.value.recurrence.kind === "once") {
    return reading.value.recurrence.at;
  }
  issues.push({
    path,
    message: `${path.slice(1)} is not an ISO 8601 instant or local datetime.`,
    expected: "an ISO 8601 instant or local datetime",
    suggestion: "2027-01-15T10:30:00Z",
  });
  return null;
}

interface Lengths {
  readonly timeout: Milliseconds;
  readonly spread: Milliseconds;
  readonly window: Milliseconds | undefined;
}

function readLengths(input: ScheduleInput, now: Instant, issues: InputIssue[]): Lengths {
  const read = (path: string, given: number | string | undefined, least: Milliseconds, most: Milliseconds) =>
    given === undefined ? undefined : readLength(path, given, { least, most, now }, issues);
  return {
    timeout: read("/timeout", input.timeout, MIN_TIMEOUT_MS, MAX_TIMEOUT_MS) ?? DEFAULT_TIMEOUT_MS,
    spread: read("/spread", input.spread, 0, MAX_SPREAD_MS) ?? 0,
    window: read("/catchup_window", input.catchup_window, MIN_CATCH_UP_WINDOW_MS, MAX_CATCH_UP_WINDOW_MS),
  };
}

/** The timeout of a run that no schedule governs: the function's own, checked when its version was added. */
export function readTimeout(given: number | string | undefined, now: Instant): Milliseconds {
  return readLengths({ schedule: "", timeout: given }, now, []).timeout;
}

function readLength(
  path: string,
  given: number | string,
  range: { least: Milliseconds; most: Milliseconds; now: Instant },
  issues: InputIssue[],
): Milliseconds | undefined {
  const expected = `${range.least} to ${range.most} milliseconds, or a duration such as "10 minutes"`;
  if (typeof given === "string") {
    const reading = readDuration(given, { now: range.now, timezone: "UTC" });
    if (!reading.ok) {
      issues.push({ path, ...issueOf(reading.error), expected });
      return undefined;
    }
    return inRange(path, reading.value - range.now, range, issues, expected);
  }
  return inRange(path, given, range, issues, expected);
}

function inRange(
  path: string,
  length: Milliseconds,
  range: { least: Milliseconds; most: Milliseconds },
  issues: InputIssue[],
  expected: string,
): Milliseconds | undefined {
  if (length >= range.least && length <= range.most) return length;
  issues.push({ path, message: `${path.slice(1)} of ${length} ms is out of range.`, expected });
  return undefined;
}

const issueOf = (refusal: Refusal): Omit<InputIssue, "path"> => ({
  message: refusal.message,
  position: refusal.position,
  expected: refusal.expected,
  ...(refusal.suggestions[0] === undefined ? {} : { suggestion: refusal.suggestions[0] }),
});

const outOfBounds = (spec: ScheduleSpec): InputIssue => ({
  path: spec.endsAt === null ? "/schedule" : "/ends_at",
  message: "The schedule has no occurrence between now and its end.",
  expected: "at least one occurrence inside the bounds",
});
