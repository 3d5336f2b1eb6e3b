/**
 * What somebody was told of a run themselves, which its news says and the API does not: for whoever may not see runs, all that
 * they are shown; for others, what its schedule was and said when the news went out.
 */

import { newsOfRun, readRunId } from "../../domain/ids.ts";
import type { Delivery } from "../../domain/news/delivery.ts";
import { deliveryFix } from "../../domain/news/delivery-failure.ts";
import type { News } from "../../domain/news/news.ts";
import { listDeliveriesTo } from "../../runlog/deliveries.ts";
import { findNews } from "../../runlog/news.ts";
import type { DeliveryAnswer } from "../answers/delivery.ts";
import type { InProject } from "../in-project.tsx";

/** The news of the run; null: there is none, or none any more. */
export const newsAbout = ({ c, project }: InProject, run: string): Promise<News | null> =>
  findNews(c.env.RUNLOG, project.scope, newsOfRun(readRunId(run)));

/** What of it was sent to the visitor. */
export async function sentTo({ c, project, visitor }: InProject, run: string): Promise<readonly DeliveryAnswer[]> {
  const { memberId } = visitor.membership;
  const sent = await listDeliveriesTo(c.env.RUNLOG, project.scope, newsOfRun(readRunId(run)), memberId);
  return sent.map(asAnswer);
}

/** As the API says it. */
const asAnswer = (delivery: Delivery): DeliveryAnswer => ({
  id: delivery.id,
  news_id: delivery.news,
  event: delivery.event,
  notification: delivery.notification,
  channel: delivery.channel,
  recipient: { ...delivery.recipient },
  state: delivery.state,
  attempts: delivery.attempts,
  next_at: delivery.nextAt,
  picture: delivery.picture,
  failure: delivery.failure && { ...delivery.failure, fix: deliveryFix(delivery.failure.reason) },
  told: delivery.told.map(({ channel, to }) => ({ channel, to: [...to] })),
  created_at: delivery.createdAt,
  settled_at: delivery.settledAt,
});

/** The subjects of the schedule's notifications as the news has them, each at its place; null of one without its own. */
export const subjectsOf = (news: News | null): readonly (string | null)[] =>
  news === null ? [] : news.notifications.map((notification) => notification?.subject ?? null);
