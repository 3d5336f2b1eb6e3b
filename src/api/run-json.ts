/** A run as JSON. */
import { z } from "@hono/zod-openapi";
import { CAPTURE_FORMATS, type Capture } from "../domain/captures/capture.ts";
import type { NewsWait } from "../domain/captures/news-wait.ts";
import type { Delivery } from "../domain/news/delivery.ts";
import {
  FAILURE_REASONS,
  RUN_CAUSES,
  RUN_CONTEXTS,
  RUN_STATUSES,
  type Run,
  type RunError,
  UNRUN_REASONS,
} from "../domain/run.ts";
import { LOG_LEVELS, type RunOutput } from "../domain/run-output.ts";
import { type Instant, type Milliseconds, toIso } from "../domain/time/instant.ts";
import { SHOWN_WITHIN_RUN } from "../runlog/deliveries.ts";
import { CaptureJson, captureJson } from "./capture-json.ts";
import { DeliveryJson, deliveryJson } from "./delivery-json.ts";
import { Id, InstantText, isoOrNull } from "./fields.ts";

const RunErrorJson = z.strictObject({
  reason: z.enum(FAILURE_REASONS),
  message: z.string(),
  status: z.int().optional().openapi({ description: "What the function's endpoint answered." }),
  excerpt: z.string().optional().openapi({ description: "The beginning of what it answered." }),
  fn: z.string().optional().openapi({ description: "In a run of the whole project: the function that failed." }),
});

/** A stack is long: only who looks at one run is shown it. */
const WholeRunErrorJson = RunErrorJson.extend({
  stack: z.string().optional().openapi({ description: "Where code threw, in its own modules and lines." }),
});

/** One run, without its chain. */
export const RunJson = z
  .strictObject({
    id: Id,
    schedule_id: Id.nullable(),
    fn: z.string().nullable().openapi({ description: "Null: the whole project." }),
    version: z.int().nullable(),
    context: z.enum(RUN_CONTEXTS),
    scheduled: z.boolean(),
    cause: z.enum(RUN_CAUSES),
    status: z.enum(RUN_STATUSES),
    attempt: z.int().openapi({ description: "0 is the first try." }),
    badge: z.string().optional().openapi({ description: "Marks a retry: `↻1` is the first one." }),
    origin_run_id: Id.nullable().openapi({ description: "On a retry: the run it retries, the first of its chain." }),
    scheduled_for: InstantText,
    effective_at: InstantText,
    queued_at: InstantText,
    started_at: InstantText.nullable(),
    finished_at: InstantText.nullable(),
    retry_at: InstantText.nullable().openapi({ description: "When the next attempt is due." }),
    lateness_ms: z.int().nullable().openapi({ description: "From when it was to start to when it did." }),
    duration_ms: z.int().nullable(),
    reason: z
      .enum(UNRUN_REASONS)
      .nullable()
      .openapi({ description: "Why a skipped or missed occurrence did not run." }),
    count: z.int().openapi({ description: "How many occurrences a skipped or missed row stands for." }),
    error: RunErrorJson.nullable(),
  })
  .openapi("Run");

const RunLogJson = z.strictObject({
  lines: z.array(z.strictObject({ at: InstantText, fn: z.string(), level: z.enum(LOG_LEVELS), text: z.string() })),
  truncated: z.boolean().openapi({ description: "Whether more was written than is kept." }),
});

const NewsWaitJson = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("wait"), until: InstantText }),
    z.strictObject({
      kind: z.literal("go"),
      carries: z.array(z.enum(CAPTURE_FORMATS)),
      without: z.array(z.strictObject({ format: z.enum(CAPTURE_FORMATS), why: z.enum(["failed", "late"]) })),
    }),
  ])
  .openapi("NewsWait");

/** With every attempt, the first one first, and what the run wrote. */
export const RunWithChainJson = RunJson.extend({
  error: WholeRunErrorJson.nullable(),
  chain: z.array(RunJson),
  log: RunLogJson.nullable().openapi({ description: "What code functions wrote; null when there is nothing of it." }),
  captures: z.array(CaptureJson).openapi({ description: "Of the app in the state of this run; the PNG first." }),
  deliveries: z.array(DeliveryJson).openapi({
    description: `Of the run's news: for editors the first ${SHOWN_WITHIN_RUN}, for others their own. All are in the list of its deliveries.`,
  }),
  news: NewsWaitJson.nullable().openapi({
    description:
      "Whether news of the run still waits for its captures, and which it goes with; null: none asks for any.",
  }),
}).openapi("RunWithChain");

/** What is to be said of a run beside the run itself. */
export interface AroundRun {
  readonly chain: readonly Run[];
  readonly log: RunOutput["log"];
  readonly captures: readonly Capture[];
  readonly deliveries: readonly Delivery[];
  readonly news: NewsWait | null;
  readonly isForEditors: boolean;
}

/** The run with all that there is to know of it. */
export const runWithChainJson = (
  run: Run,
  { chain, log, captures, deliveries, news, isForEditors }: AroundRun,
): z.output<typeof RunWithChainJson> => ({
  ...runJson(run),
  error: run.error === null ? null : { ...run.error },
  chain: chain.map(runJson),
  log: log === undefined ? null : { lines: [...log.lines], truncated: log.truncated },
  captures: captures.map((capture) => captureJson(capture, isForEditors)),
  deliveries: deliveries.map(deliveryJson),
  news: news && newsJson(news),
});

const newsJson = (news: NewsWait): z.output<typeof NewsWaitJson> =>
  news.kind === "wait"
    ? { kind: "wait", until: toIso(news.until) }
    : { kind: "go", carries: [...news.carries], without: [...news.without] };

/** The run as a caller sees it. */
export function runJson(run: Run): z.output<typeof RunJson> {
  return {
    id: run.id,
    schedule_id: run.scheduleId,
    fn: run.fn,
    version: run.version,
    context: run.context,
    scheduled: run.context === "scheduled",
    cause: run.cause,
    status: run.status,
    attempt: run.attempt,
    ...(run.attempt > 0 ? { badge: `↻${run.attempt}` } : {}),
    origin_run_id: run.originRunId,
    scheduled_for: toIso(run.scheduledFor),
    effective_at: toIso(run.effectiveAt),
    queued_at: toIso(run.queuedAt),
    started_at: isoOrNull(run.startedAt),
    finished_at: isoOrNull(run.finishedAt),
    retry_at: isoOrNull(run.retryAt),
    lateness_ms: between(run.effectiveAt, run.startedAt),
    duration_ms: between(run.startedAt, run.finishedAt),
    reason: run.unrun,
    count: run.count,
    error: run.error === null ? null : withoutStack(run.error),
  };
}

const withoutStack = ({ stack, ...error }: RunError): z.output<typeof RunErrorJson> => error;

/** Never below zero: two machines' clocks may disagree by a millisecond. */
const between = (from: Instant | null, to: Instant | null): Milliseconds | null =>
  from === null || to === null ? null : Math.max(0, to - from);
