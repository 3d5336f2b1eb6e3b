/** News that never happened, for whoever tries an endpoint out: one of each event, marked as a test. Pure. */
import { type DeliveryId, readNewsId, readRunId, readScheduleId } from "../../domain/ids.ts";
import { type NewsRun, type NewsSchedule, newsOf, type Unreached, type WebhookEvent } from "../../domain/news/news.ts";
import type { Webhook } from "../../domain/news/webhook.ts";
import { type Instant, MINUTE_MS, SECOND_MS } from "../../domain/time/instant.ts";
import type { NewsForRecipient } from "../channel.ts";

/** Ids that look like real ones and are nobody's. */
const RUN = readRunId("00000000-0000-7000-8000-000000000001");
const SCHEDULE = readScheduleId("00000000-0000-7000-8000-000000000002");
const PROJECT = "00000000-0000-7000-8000-000000000003";
const MEMBER = "00000000-0000-7000-8000-000000000004";

/** The event as it would be told to the endpoint. */
export function exampleOf(
  event: WebhookEvent,
  { id, name }: Pick<Webhook, "id" | "name">,
  { delivery, now }: { readonly delivery: DeliveryId; readonly now: Instant },
): NewsForRecipient {
  const isPaused = event === "schedule.paused";
  const news = newsOf(event, {
    id: readNewsId(delivery),
    at: now,
    isTest: true,
    run: isPaused ? null : runOf(event, now),
    schedule: EXAMPLE_SCHEDULE,
    reason: isPaused ? "Paused for the holidays." : null,
    unreached: event === "delivery.failed" ? [UNREACHED] : [],
  });
  return {
    delivery,
    round: 0,
    news,
    project: { id: PROJECT, slug: "example", name: "Example" },
    notification: null,
    target: { channel: "webhook", recipient: { kind: "webhook", id, name }, address: null, timezone: null },
    links: { run: null, app: null, capture: null, unsubscribe: null },
    picture: null,
    timezone: EXAMPLE_SCHEDULE.timezone,
  };
}

const EXAMPLE_SCHEDULE: NewsSchedule = {
  id: SCHEDULE,
  expression: "every day at 9am",
  description: "Every day at 9:00 AM",
  timezone: "UTC",
  fn: "daily-report",
};

const UNREACHED: Unreached = {
  channel: "email",
  recipient: { kind: "user", id: MEMBER, name: "ada@example.com" },
  failure: {
    reason: "address_refused",
    message: "The mail service does not write to this address.",
    code: "E_EXAMPLE",
  },
  delivery: null,
};

function runOf(event: WebhookEvent, now: Instant): NewsRun {
  const scheduledFor = now - MINUTE_MS;
  const base: NewsRun = {
    id: RUN,
    scheduleId: SCHEDULE,
    fn: EXAMPLE_SCHEDULE.fn,
    version: 1,
    context: "scheduled",
    cause: "occurrence",
    status: "succeeded",
    attempt: 0,
    originRunId: null,
    scheduledFor,
    startedAt: scheduledFor + SECOND_MS,
    finishedAt: now,
    retryAt: null,
    unrun: null,
    count: 1,
    error: null,
  };
  switch (event) {
    case "run.failed":
      return { ...base, status: "failed", error: { reason: "http_status", message: "The function answered 500." } };
    case "run.missed":
      return { ...base, status: "missed", version: null, startedAt: null, unrun: "catchup_window", count: 3 };
    case "run.skipped":
      return { ...base, status: "skipped", version: null, startedAt: null, unrun: "overlap" };
    default:
      return base;
  }
}
