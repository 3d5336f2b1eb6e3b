/** Whether news would reach those whom notifications name: asked before they are saved, and before it is due. */
import { findAddresses } from "../directory/address-book.ts";
import { findListeners } from "../directory/webhooks.ts";
import { type ProjectScope, workspaceOf } from "../domain/access.ts";
import type { Failure } from "../domain/errors.ts";
import type { ScheduleId } from "../domain/ids.ts";
import type { DeliveryFailure } from "../domain/news/delivery-failure.ts";
import { type Foresight, foresee, NOTHING_AHEAD } from "../domain/news/foresight.ts";
import type { SlackChannelId } from "../domain/news/slack-channel.ts";
import type { Notification } from "../domain/notification.ts";
import { planRefusal } from "../domain/plan.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { checkSlackChannel } from "./slack/channels.ts";
import { openSlack, type SlackKeys } from "./slack/connection.ts";

/** Channels that Slack is asked about, for one list of notifications: each is a call of its own. */
const ASKED_AT_MOST = 20;

/** What is looked at. `schedule`: of one that is there already, who unsubscribed from it; null: a new one. */
export interface Ahead {
  readonly scope: ProjectScope;
  readonly notifications: readonly Notification[];
  readonly schedule: ScheduleId | null;
}

/** Whom these would reach, or why the plan does not allow them. */
export async function lookAhead(
  keys: SlackKeys,
  { scope, notifications, schedule }: Ahead,
): Promise<Result<Foresight, Failure>> {
  const users = notifications.flatMap((one) => one.users);
  const groups = notifications.flatMap((one) => one.groups);
  const slackChannels = [...new Set(notifications.flatMap((one) => one.slackChannels))];
  const named = notifications.flatMap((one) => one.webhooks);
  if ([users, groups, slackChannels, named].every(({ length }) => length === 0)) return ok(NOTHING_AHEAD);
  const [book, listeners] = await Promise.all([
    findAddresses(keys.db, scope, { users, groups, slackChannels, schedule, audience: "endpoints" }),
    findListeners(keys.db, workspaceOf(scope), { project: scope.projectId, event: "run.succeeded", named }),
  ]);
  if (slackChannels.length > 0 && book.slack === "not_in_plan") return fail(planRefusal(book.plan, "slack", true));
  const isAsked = slackChannels.length > 0 && book.slack === "connected";
  const slackTroubles = isAsked ? await askSlack(keys, scope, slackChannels) : NO_TROUBLES;
  return ok(foresee(notifications, { ...book, listeners, slackTroubles }));
}

type Troubles = ReadonlyMap<SlackChannelId, DeliveryFailure>;
const NO_TROUBLES: Troubles = new Map();

/** What is in the way of news to these channels, as Slack says at this moment. */
async function askSlack(keys: SlackKeys, scope: ProjectScope, channels: readonly SlackChannelId[]): Promise<Troubles> {
  const opened = await openSlack(keys, workspaceOf(scope));
  if (opened.kind === "none") return NO_TROUBLES;
  if (opened.kind === "broken") return new Map(channels.map((id) => [id, opened.trouble]));
  const found = await Promise.all(
    channels.slice(0, ASKED_AT_MOST).map(async (id) => [id, await checkSlackChannel(opened.via, id)] as const),
  );
  const troubles = found.flatMap(([id, check]): (readonly [SlackChannelId, DeliveryFailure])[] => {
    if (!check.ok) return [[id, check.error.failure]];
    const { reason, fix } = check.value;
    return reason === null ? [] : [[id, { reason, message: fix ?? reason }]];
  });
  return new Map(troubles);
}
