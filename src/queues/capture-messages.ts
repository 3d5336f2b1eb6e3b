/** Messages of the queue `captures`: which of them are orders, and how they are sent away. */
import { CAPTURE_CAUSES, CAPTURE_FORMATS, type CaptureOrder } from "../domain/captures/capture.ts";
import { isUuid } from "../domain/ids.ts";
import { PLAN_NAMES } from "../domain/plan.ts";
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";

/** The longest delay that a queue takes (queues/platform/limits). */
const LONGEST_DELAY_S = 12 * 60 * 60;

export type CaptureMessage = Message<CaptureOrder>;

/** The orders of each workspace. What is no order of ours will not become one: it is told and done with. */
export function byWorkspace(batch: MessageBatch<CaptureOrder>): readonly (readonly CaptureMessage[])[] {
  for (const message of batch.messages.filter(({ body }) => !isOrder(body))) {
    console.error({ event: "message_not_understood", queue: batch.queue, message: message.id });
    message.ack();
  }
  const ours = batch.messages.filter(({ body }) => isOrder(body));
  return [...Map.groupBy(ours, ({ body }) => body.workspace).values()];
}

/** Has a message come again after so long. */
export const comeAgain = (message: CaptureMessage, wait: Milliseconds): void =>
  message.retry({ delaySeconds: Math.min(Math.ceil(wait / SECOND_MS), LONGEST_DELAY_S) });

/** The queue may hold what an older or a stranger's hand put there. */
function isOrder(body: unknown): body is CaptureOrder {
  if (typeof body !== "object" || body === null) return false;
  const { workspace, project, run, formats, cause, orderedAt, newsBy, plan } = body as {
    [field in keyof CaptureOrder]?: unknown;
  };
  return (
    [workspace, project, run].every((id) => typeof id === "string" && isUuid(id)) &&
    Array.isArray(formats) &&
    formats.length > 0 &&
    formats.every((format) => CAPTURE_FORMATS.some((one) => one === format)) &&
    CAPTURE_CAUSES.some((one) => one === cause) &&
    Number.isSafeInteger(orderedAt) &&
    (newsBy === null || Number.isSafeInteger(newsBy)) &&
    PLAN_NAMES.some((one) => one === plan)
  );
}
