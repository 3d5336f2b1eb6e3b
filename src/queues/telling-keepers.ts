/**
 * Tells of deliveries that failed: the endpoints that asked for it each time, and whoever looks after the project once in a
 * while for the same trouble; what all projects share is told to the admins. News about such news is told to nobody.
 */
import type { ProjectScope } from "../domain/access.ts";
import { type NewsId, uuidInstant } from "../domain/ids.ts";
import type { Delivery } from "../domain/news/delivery.ts";
import type { DeliveryFailure } from "../domain/news/delivery-failure.ts";
import type { AnnounceOrder } from "../domain/news/delivery-order.ts";
import { deriveNewsId, type News, newsOf, type Unreached } from "../domain/news/news.ts";
import { HOUR_MS, type Instant, type Milliseconds } from "../domain/time/instant.ts";
import type { Env } from "../env.ts";
import { now } from "../system.ts";
import { sendOrders } from "./delivery-messages.ts";

/** The same trouble of the same schedule is told once in so long, and who is not told anything on purpose, once in so long. */
const TOLD_EVERY_MS: Milliseconds = 6 * HOUR_MS;
const SUPPRESSED_TOLD_EVERY_MS: Milliseconds = 24 * HOUR_MS;

/** One message names so many; the ledger has them all. */
const NAMED_AT_MOST = 50;

type Failed = Pick<Delivery, "news" | "id" | "channel" | "recipient">;

/** Whether its failing is told at all. */
const isTold = ({ isTest, event }: News): boolean =>
  !isTest && event !== "delivery.failed" && event !== "delivery.at_risk";

/**
 * Sends the orders that tell of a delivery that failed; `attempt` tells one failing of it from the next. Can be repeated.
 * Throws when the queue does not take them.
 */
export async function tellKeepers(
  env: Pick<Env, "DELIVERIES">,
  { workspaceId: workspace, projectId: project }: ProjectScope,
  news: News,
  { news: about, id, channel, recipient }: Failed,
  { failure, attempt }: { readonly failure: DeliveryFailure; readonly attempt: number },
): Promise<void> {
  if (!isTold(news)) return;
  const unreached: Unreached = { channel, recipient, failure, delivery: { news: about, id } };
  const at = now();
  const facts = { at, run: news.run, schedule: news.schedule, unreached: [unreached] };
  const order = (one: News): AnnounceOrder => ({ kind: "announce", workspace, project, news: one });
  const each = deriveNewsId("delivery.failed", uuidInstant(about), about, id, attempt);
  // A hundred people whom one mail service refuses are one trouble; two channels are two.
  const whom = recipient.kind === "user" ? "user" : recipient.id;
  const once = onceIn(TOLD_EVERY_MS, at, [news.schedule?.id ?? project, channel, whom, failure.reason]);
  await sendOrders(env, [
    order(newsOf("delivery.failed", { ...facts, id: each, audience: "endpoints" })),
    order(newsOf("delivery.failed", { ...facts, id: once, audience: "owners" })),
  ]);
}

/** Within one period it is the same news, and telling it again inserts nothing. */
function onceIn(period: Milliseconds, at: Instant, trouble: readonly string[]): NewsId {
  return deriveNewsId("delivery.failed", Math.floor(at / period) * period, ...trouble);
}

/** Sends the order that tells the owners of recipients to whom nothing is sent as things are. Can be repeated. */
export async function tellOfSuppressed(
  env: Pick<Env, "DELIVERIES">,
  { workspaceId: workspace, projectId: project }: ProjectScope,
  news: News,
  unreached: readonly Unreached[],
): Promise<void> {
  if (!isTold(news) || unreached.length === 0) return;
  const at = now();
  // By the reasons alone: whoever mends a part of it is not told of the rest at once.
  const reasons = new Set(unreached.map(({ failure }) => failure.reason));
  const about = [news.schedule?.id ?? project, "suppressed", ...[...reasons].toSorted()];
  const told = newsOf("delivery.failed", {
    id: onceIn(SUPPRESSED_TOLD_EVERY_MS, at, about),
    ...{ at, run: news.run, schedule: news.schedule, audience: "owners" },
    unreached: unreached.slice(0, NAMED_AT_MOST),
  });
  await sendOrders(env, [{ kind: "announce", workspace, project, news: told }]);
}

/** Sends the order that tells the admins of what has broken for all projects, at `since`. Can be repeated. */
export async function tellAdmins(
  env: Pick<Env, "DELIVERIES">,
  { workspaceId: workspace, projectId: project }: ProjectScope,
  unreached: Unreached,
  since: Instant,
): Promise<void> {
  const { channel, recipient, failure } = unreached;
  const id = deriveNewsId("delivery.failed", since, workspace, channel, recipient.id, failure.reason);
  const news = newsOf("delivery.failed", { id, at: now(), audience: "admins", unreached: [unreached] });
  await sendOrders(env, [{ kind: "announce", workspace, project, news }]);
}
