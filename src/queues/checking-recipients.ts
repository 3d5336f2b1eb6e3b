/** Looks, before the hour, whether the recipients of what is due soon can be reached, and warns whoever looks after it. */
import { reachProject } from "../actor/reach.ts";
import { type Foreseeing, lookAhead } from "../delivery/recipients.ts";
import { slackKeys } from "../delivery/slack/connection.ts";
import { findProject } from "../directory/projects.ts";
import { mintProjectScope, type ProjectScope, workspaceOf } from "../domain/access.ts";
import type { Channel, RecipientKind } from "../domain/news/delivery.ts";
import { type DeliveryFailure, faultOf } from "../domain/news/delivery-failure.ts";
import type { CheckRecipientsOrder } from "../domain/news/delivery-order.ts";
import type { Unreachable } from "../domain/news/foresight.ts";
import { deriveNewsId, type NewsSchedule, newsOf, type Unreached } from "../domain/news/news.ts";
import { HOUR_MS, type Milliseconds } from "../domain/time/instant.ts";
import { type Env, readConfig } from "../env.ts";
import { newId, now } from "../system.ts";
import { sendOrders } from "./delivery-messages.ts";

/** Whose time comes within so long is looked at: long enough to mend something. */
const CHECKED_AHEAD_MS: Milliseconds = 3 * HOUR_MS;
/** Recipients that one warning names; of the others the next one tells, when these are mended. News travels in a message of 128 kB. */
const NAMED_AT_MOST = 50;
/** The same trouble of the same schedule is told once in so long. */
const WARNED_EVERY_MS: Milliseconds = 24 * HOUR_MS;

/** Has the recipients of a project looked at, if anybody is to hear of what is due soon. Never throws: an hour later is soon enough. */
export async function orderCheck(env: Env, scope: ProjectScope): Promise<void> {
  const { workspaceId: workspace, projectId: project } = scope;
  try {
    const due = await reachProject(env, scope).notificationsDue(now() + CHECKED_AHEAD_MS);
    if (due.ok && due.value.length > 0) await sendOrders(env, [{ kind: "check_recipients", workspace, project }]);
  } catch (cause) {
    console.error({ event: "recipients_not_checked", project, cause: String(cause) });
  }
}

/**
 * Checks the recipients of one project, which are looked up together. Throws when a room of the house cannot be reached; of
 * the others whoever is to be warned is warned all the same.
 */
export async function checkRecipients(env: Env, { workspace, project: id }: CheckRecipientsOrder): Promise<void> {
  const scope = mintProjectScope(workspace, id);
  if ((await findProject(env.DIRECTORY, workspaceOf(scope), id, now())) === null) return;
  const due = await reachProject(env, scope).notificationsDue(now() + CHECKED_AHEAD_MS);
  if (!due.ok) return;
  const keys = slackKeys(env, readConfig(env), { now: now(), newId });
  const all = due.value.flatMap(({ notifications }) => notifications);
  const foresee = await lookAhead(keys, scope, all);
  const warned = await Promise.allSettled(
    due.value.map(async ({ schedule, notifications }) => {
      const atRisk = atRiskOf(foresee(notifications));
      if (atRisk.length > 0) await warn(env, scope, schedule, atRisk);
    }),
  );
  const failed = warned.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw new Error("A warning could not be sent.", { cause: failed.reason });
}

function atRiskOf(ahead: ReturnType<Foreseeing>): readonly Unreached[] {
  // The plan has no Slack any more: whoever changed it was told what that means.
  if (!ahead.ok) return [];
  const { refused, grants, unreachable } = ahead.value;
  // Saving would give them access; a run does not.
  const locked = grants.map((recipient): Unreachable => ({ recipient, failure: NO_ACCESS }));
  return [...refused, ...locked, ...unreachable].filter(({ failure }) => isToMend(failure)).map(toUnreached);
}

const NO_ACCESS: DeliveryFailure = {
  reason: "no_access",
  message: "The member has no access to the project any more.",
};

/** What somebody chose is no trouble, and what is out of order elsewhere may be well by then. */
const isToMend = ({ reason }: DeliveryFailure): boolean => ["recipient", "connection"].includes(faultOf(reason));

function toUnreached({ recipient, failure }: Unreachable): Unreached {
  return { channel: CHANNEL_OF[recipient.kind], recipient, failure, delivery: null };
}

/** By what they would hear. */
const CHANNEL_OF: Readonly<Record<RecipientKind, Channel>> = {
  user: "email",
  group: "email",
  slack_channel: "slack",
  webhook: "webhook",
};

async function warn(
  env: Env,
  { workspaceId: workspace, projectId: project }: ProjectScope,
  schedule: NewsSchedule,
  unreached: readonly Unreached[],
): Promise<void> {
  const at = now();
  const period = Math.floor(at / WARNED_EVERY_MS) * WARNED_EVERY_MS;
  const trouble = unreached.map(({ recipient, failure }) => `${recipient.kind}/${recipient.id}/${failure.reason}`);
  const id = deriveNewsId("delivery.at_risk", period, schedule.id, ...trouble.toSorted());
  const news = newsOf("delivery.at_risk", {
    id,
    at,
    audience: "owners",
    schedule,
    unreached: unreached.slice(0, NAMED_AT_MOST),
  });
  await sendOrders(env, [{ kind: "announce", workspace, project, news }]);
}
