/** News in the ledger, with deliveries that nobody has begun; each test spoils one part. */
import { env } from "cloudflare:workers";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { type NewsId, readNewsId, readProjectId, readWorkspaceId, uuidv7 } from "../../src/domain/ids.ts";
import { type Delivery, deriveDeliveryId } from "../../src/domain/news/delivery.ts";
import type { PlannedDelivery } from "../../src/domain/news/expansion.ts";
import { type News, newsOf } from "../../src/domain/news/news.ts";
import { listDeliveries, planDeliveries } from "../../src/runlog/deliveries.ts";
import { newId, randomBytes } from "../../src/system.ts";

export const LEDGER_NINE = Date.parse("2027-01-15T09:00:00.000Z");

export const newScope = (workspace = newId()): ProjectScope =>
  mintProjectScope(readWorkspaceId(workspace), readProjectId(newId()));

/** News of this instant. */
export const newsAt = (at = LEDGER_NINE, more: Partial<News> = {}): News =>
  newsOf(more.event ?? "run.succeeded", { id: readNewsId(uuidv7(at, randomBytes(10))), at, ...more });

/** A mail to somebody, or what the test makes of it. */
export function plannedFor(news: NewsId, more: Partial<PlannedDelivery> = {}): PlannedDelivery {
  const recipient = more.recipient ?? ({ kind: "user", id: newId(), name: "ada@acme.test" } as const);
  const { channel = "email", notification = 0 } = more;
  return {
    id: deriveDeliveryId({ news, notification, channel, recipient }),
    ...{ channel, recipient, notification, address: "ada@acme.test", timezone: null, wants: null, suppressed: null },
    ...more,
  };
}

/** Plans one delivery of its own news, and answers it. */
export async function makeDelivery(
  scope: ProjectScope,
  more: Partial<PlannedDelivery> = {},
  at = LEDGER_NINE,
): Promise<Delivery> {
  const news = newsAt(at);
  await planDeliveries(env.RUNLOG, scope, news, [plannedFor(news.id, more)], at);
  const [delivery] = await listDeliveries(env.RUNLOG, scope, news.id, 1);
  if (delivery === undefined) throw new Error("Nothing was planned");
  return delivery;
}
