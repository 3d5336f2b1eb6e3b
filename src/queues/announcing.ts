/**
 * Announces news: looks its recipients up as they are now, writes a delivery for each, and sends one message for each that
 * need not wait. Written first and sent afterwards, and both can be repeated: a crash in between sends a message twice, and
 * the ledger keeps what it has.
 */
import { findAddresses } from "../directory/address-book.ts";
import { findProject, type Project } from "../directory/projects.ts";
import { findListeners } from "../directory/webhooks.ts";
import { mintProjectScope, type ProjectScope, workspaceOf } from "../domain/access.ts";
import type { Capture } from "../domain/captures/capture.ts";
import { newsWait } from "../domain/captures/news-wait.ts";
import type { NewsId } from "../domain/ids.ts";
import { CHANNELS, type Delivery } from "../domain/news/delivery.ts";
import { faultOf } from "../domain/news/delivery-failure.ts";
import { type AnnounceOrder, type DeliverOrder, isLight, type ReleaseOrder } from "../domain/news/delivery-order.ts";
import { expand, type PlannedDelivery } from "../domain/news/expansion.ts";
import type { News, Unreached } from "../domain/news/news.ts";
import type { Env } from "../env.ts";
import { listCaptures } from "../runlog/captures.ts";
import { listUnbegun, noteTold, planDeliveries } from "../runlog/deliveries.ts";
import { findNews } from "../runlog/news.ts";
import { now } from "../system.ts";
import { sendOrders } from "./delivery-messages.ts";
import { tellOfSuppressed } from "./telling-keepers.ts";

/** Expands news into deliveries. Nothing of a project that is deleted. */
export async function announce(env: Env, { workspace, project: id, news }: AnnounceOrder): Promise<void> {
  const project = await projectOf(env, { workspace, project: id });
  if (project === null) return;
  const planned = await plan(env, project, news);
  if (planned.length === 0) return;
  await planDeliveries(env.RUNLOG, project.scope, news, planned, now());
  await sendReady(env, project, news);
  await tellOfSuppressed(env, project.scope, news, unreachedOf(news, planned));
  if (news.audience !== "endpoints") await noteWhoIsTold(env, project.scope, news.id, planned);
}

/** Sends what waited: its captures are there, or nobody waits for them any longer. */
export async function release(env: Env, { workspace, project: id, news: newsId }: ReleaseOrder): Promise<void> {
  const project = await projectOf(env, { workspace, project: id });
  if (project === null) return;
  const news = await findNews(env.RUNLOG, project.scope, newsId);
  if (news !== null) await sendReady(env, project, news);
}

const projectOf = (env: Env, { workspace, project }: Pick<AnnounceOrder, "workspace" | "project">) =>
  findProject(env.DIRECTORY, workspaceOf(mintProjectScope(workspace, project)), project, now());

async function plan(env: Env, { id, scope }: Project, news: News): Promise<readonly PlannedDelivery[]> {
  const named = news.notifications.filter((one) => one !== null);
  const webhooks = [...new Set(named.flatMap((one) => one.webhooks))];
  const [book, listeners] = await Promise.all([
    findAddresses(env.DIRECTORY, scope, {
      users: named.flatMap(({ users }) => users),
      groups: named.flatMap(({ groups }) => groups),
      slackChannels: named.flatMap(({ slackChannels }) => slackChannels),
      schedule: news.schedule?.id ?? null,
      audience: news.audience,
    }),
    findListeners(env.DIRECTORY, workspaceOf(scope), { project: id, event: news.event, named: webhooks }),
  ]);
  return expand(news, { ...book, listeners });
}

/** One message for each delivery that nobody has begun and that need not wait; one more, later, for those that do. */
async function sendReady(env: Env, { scope }: Project, news: News): Promise<void> {
  const unbegun = await listUnbegun(env.RUNLOG, scope, news.id);
  const waits = unbegun.some(({ wants }) => wants !== null);
  const captures = waits && news.run !== null ? await listCaptures(env.RUNLOG, scope, news.run.id) : [];
  const ready = unbegun.filter((one) => !isWaiting(one, news, captures));
  const { workspaceId: workspace, projectId: project } = scope;
  const orders = ready.map(
    (one): DeliverOrder => ({
      ...{ kind: "deliver", workspace, project, news: news.id },
      ...{ delivery: one.id, isLight: isLight(one) },
    }),
  );
  await sendOrders(env, orders);
  if (ready.length < unbegun.length && news.waitsUntil !== null)
    await sendOrders(env, [{ kind: "release", workspace, project, news: news.id }], news.waitsUntil - now());
}

/** Whether a delivery still waits for its capture. */
export const isWaiting = (
  { wants }: Pick<Delivery, "wants">,
  { waitsUntil }: Pick<News, "waitsUntil">,
  captures: readonly Capture[],
): boolean =>
  wants !== null &&
  waitsUntil !== null &&
  newsWait({ formats: [wants], until: waitsUntil }, captures, now()).kind === "wait";

/** Recipients to whom nothing is sent, through no choice of theirs: somebody has to mend it. */
const unreachedOf = (news: News, planned: readonly PlannedDelivery[]): readonly Unreached[] =>
  planned.flatMap(({ id, channel, recipient, suppressed: failure }) =>
    failure === null || faultOf(failure.reason) === "choice"
      ? []
      : [{ channel, recipient, failure, delivery: { news: news.id, id } }],
  );

/** On the deliveries that failed: by what way their owner was told. The news that is kept says which: the first telling counts. */
async function noteWhoIsTold(
  env: Env,
  scope: ProjectScope,
  id: NewsId,
  planned: readonly PlannedDelivery[],
): Promise<void> {
  const reached = planned.filter(({ suppressed }) => suppressed === null);
  const kept = await findNews(env.RUNLOG, scope, id);
  if (kept === null || reached.length === 0) return;
  const told = CHANNELS.map((channel) => ({
    channel,
    to: reached.filter((one) => one.channel === channel).map(({ recipient }) => recipient.name),
  })).filter(({ to }) => to.length > 0);
  for (const { delivery } of kept.unreached) if (delivery !== null) await noteTold(env.RUNLOG, scope, delivery, told);
}
