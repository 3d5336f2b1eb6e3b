/** Looks, before the hour, whether the recipients of what is due soon can be reached, and warns whoever looks after it. */
import { reachProject } from "../actor/reach.ts";
import { lookAhead } from "../delivery/recipients.ts";
import { slackKeys } from "../delivery/slack/connection.ts";
import { findProject } from "../directory/projects.ts";
import { mintProjectScope, type ProjectScope, workspaceOf } from "../domain/access.ts";
import { type DeliveryFailure, faultOf } from "../domain/news/delivery-failure.ts";
import type { CheckRecipientsOrder } from "../domain/news/delivery-order.ts";
import type { Unreachable } from "../domain/news/foresight.ts";
import { deriveNewsId, type NewsSchedule, newsOf, type Unreached } from "../domain/news/news.ts";
import type { Notification } from "../domain/notification.ts";
import { HOUR_MS, type Milliseconds } from "../domain/time/instant.ts";
import { type Env, readConfig } from "../env.ts";
import { newId, now } from "../system.ts";
import { sendOrders } from "./delivery-messages.ts";

/** Whose time comes within so long is looked at: long enough to mend something. */
const CHECKED_AHEAD_MS: Milliseconds = 3 * HOUR_MS;
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

/** Checks the recipients of one project. Throws when a room of the house cannot be reached. */
export async function checkRecipients(env: Env, { workspace, project: id }: CheckRecipientsOrder): Promise<void> {
  const scope = mintProjectScope(workspace, id);
  if ((await findProject(env.DIRECTORY, workspaceOf(scope), id, now())) === null) return;
  const due = await reachProject(env, scope).notificationsDue(now() + CHECKED_AHEAD_MS);
  if (!due.ok) return;
  for (const { schedule, notifications } of due.value) {
    const atRisk = await atRiskOf(env, scope, schedule, notifications);
    if (atRisk.length > 0) await warn(env, scope, schedule, atRisk);
  }
}

async function atRiskOf(
  env: Env,
  scope: ProjectScope,
  schedule: NewsSchedule,
  notifications: readonly Notification[],
): Promise<readonly Unreached[]> {
  const keys = slackKeys(env, readConfig(env), { now: now(), newId });
  const ahead = await lookAhead(keys, { scope, notifications, schedule: schedule.id });
  // The plan has no Slack any more: whoever changed it was told what that means.
  if (!ahead.ok) return [];
  const { refused, grants, unreachable } = ahead.value;
  // Saving would give them access; a run does not.
  const locked = grants.map((recipient): Unreachable => ({ recipient, failure: NO_ACCESS }));
  return [...refused, ...locked, ...unreachable].filter(({ failure }) => isToMend(failure)).flatMap(toUnreached);
}

const NO_ACCESS: DeliveryFailure = {
  reason: "no_access",
  message: "The member has no access to the project any more.",
};

/** What somebody chose is no trouble, and what is out of order elsewhere may be well by then. */
const isToMend = ({ reason }: DeliveryFailure): boolean => ["recipient", "connection"].includes(faultOf(reason));

function toUnreached({ recipient, failure }: Unreachable): readonly Unreached[] {
  switch (recipient.kind) {
    case "user":
      return [{ channel: "email", recipient, failure, delivery: null }];
    case "slack_channel":
      return [{ channel: "slack", recipient, failure, delivery: null }];
    case "webhook":
      return [{ channel: "webhook", recipient, failure, delivery: null }];
    case "group":
      return [];
  }
}

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
  const news = newsOf("delivery.at_risk", { id, at, audience: "owners", schedule, unreached });
  await sendOrders(env, [{ kind: "announce", workspace, project, news }]);
}
