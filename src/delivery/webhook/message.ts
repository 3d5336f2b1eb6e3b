/**
 * What an endpoint is sent: the event, when it happened, and its facts as ids, names, times and addresses. Pure. Never a
 * picture's bytes and never an output, so that a message stays below 20 kB (Standard Webhooks 1.0.0). `docs/webhooks.md` tells
 * it, the schema is `src/api/webhook-message-json.ts`, and a test holds the three together.
 */
import type { NewsEvent, NewsRun, NewsSchedule, Unreached } from "../../domain/news/news.ts";
import { headline } from "../../domain/news/wording.ts";
import { type Instant, toIso } from "../../domain/time/instant.ts";
import type { NewsForRecipient, Picture } from "../channel.ts";

/** The largest body, in bytes of UTF-8. */
export const MESSAGE_MAX_BYTES = 20_000;

/** The longest text in a message, in UTF-16 code units; where many are long, all are cut shorter. */
const TEXT_MAX_LENGTH = 2_000;
const UNREACHED_MAX = 20;

export interface WebhookMessage {
  readonly type: NewsEvent;
  /** When it happened. */
  readonly timestamp: string;
  readonly data: WebhookData;
}

export type WebhookData = Readonly<ReturnType<typeof dataOf>> & {
  /** Where something was cut, as JSON Pointers into the message. */
  readonly truncated: readonly string[];
};

/** The message and the very bytes that are signed and sent. */
export interface WrittenMessage {
  readonly message: WebhookMessage;
  readonly body: string;
}

/** The id that a receiver tells messages apart by: the same over retries, redeliveries and replays. */
export const messageId = (delivery: string): string => `msg_${delivery}`;

/** Writes the message. What is too long is cut, and `truncated` says where. */
export function writeMessage(given: NewsForRecipient): WrittenMessage {
  for (let most = TEXT_MAX_LENGTH; ; most = Math.floor(most / 2)) {
    const message = messageOf(given, most);
    const body = JSON.stringify(message);
    if (most === 0 || new TextEncoder().encode(body).length <= MESSAGE_MAX_BYTES) return { message, body };
  }
}

function messageOf(given: NewsForRecipient, most: number): WebhookMessage {
  const truncated: string[] = [];
  const cut: Cut = (text, path) => {
    const whole = text.toWellFormed();
    if (whole.length <= most) return whole;
    truncated.push(path);
    // Half of a pair at the end is no character.
    return whole.slice(0, most).replace(/[\ud800-\udbff]$/, "");
  };
  const { event: type, at, unreached } = given.news;
  const data = dataOf(given, cut);
  if (unreached.length > UNREACHED_MAX) truncated.push("/data/unreached");
  return { type, timestamp: toIso(at), data: { ...data, truncated } };
}

type Cut = (text: string, path: string) => string;

function dataOf({ delivery, news, project, links, picture }: NewsForRecipient, cut: Cut) {
  const { isTest, schedule, run, reason, unreached } = news;
  return {
    delivery_id: delivery,
    test: isTest,
    summary: cut(headline(news, project), "/data/summary"),
    project: { id: project.id, slug: project.slug, name: cut(project.name, "/data/project/name") },
    schedule: schedule === null ? null : scheduleOf(schedule, cut),
    run: run === null ? null : runOf(run, cut),
    reason: reason === null ? null : cut(reason, "/data/reason"),
    unreached: unreached.slice(0, UNREACHED_MAX).map((one, index) => unreachedOf(one, `/data/unreached/${index}`, cut)),
    capture: picture === null ? null : captureOf(picture, cut),
    links: { run: links.run, app: links.app, capture: links.capture },
  };
}

const scheduleOf = ({ id, fn, expression, description, timezone }: NewsSchedule, cut: Cut) => ({
  id,
  fn,
  schedule: cut(expression, "/data/schedule/schedule"),
  description: cut(description, "/data/schedule/description"),
  timezone,
});

const runOf = (run: NewsRun, cut: Cut) => ({
  id: run.id,
  schedule_id: run.scheduleId,
  fn: run.fn,
  version: run.version,
  context: run.context,
  cause: run.cause,
  status: run.status,
  attempt: run.attempt,
  origin_run_id: run.originRunId,
  scheduled_for: toIso(run.scheduledFor),
  started_at: isoOrNull(run.startedAt),
  finished_at: isoOrNull(run.finishedAt),
  retry_at: isoOrNull(run.retryAt),
  reason: run.unrun,
  count: run.count,
  error:
    run.error === null
      ? null
      : { reason: run.error.reason, message: cut(run.error.message, "/data/run/error/message") },
});

const unreachedOf = ({ channel, recipient, failure, delivery }: Unreached, path: string, cut: Cut) => ({
  channel,
  recipient: { kind: recipient.kind, id: recipient.id, name: cut(recipient.name, `${path}/recipient/name`) },
  delivery_id: delivery?.id ?? null,
  reason: failure.reason,
  message: cut(failure.message, `${path}/message`),
});

/** `late`: it may still come, and is then at its address. */
const captureOf = (picture: Picture, cut: Cut) => ({
  format: picture.format,
  status: picture.kind === "there" ? ("ready" as const) : picture.kind,
  message: picture.kind === "failed" ? cut(picture.failure.message, "/data/capture/message") : null,
});

const isoOrNull = (instant: Instant | null): string | null => (instant === null ? null : toIso(instant));
