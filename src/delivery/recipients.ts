/** Whether news would reach those whom notifications name: asked before they are saved, and before it is due. */
import { findAddresses } from "../directory/address-book.ts";
import { findListeners } from "../directory/webhooks.ts";
import { type ProjectScope, workspaceOf } from "../domain/access.ts";
import type { Failure } from "../domain/errors.ts";
import type { DeliveryFailure, DeliveryReason } from "../domain/news/delivery-failure.ts";
import { type Foresight, foresee, NOTHING_AHEAD } from "../domain/news/foresight.ts";
import type { SlackChannelId } from "../domain/news/slack-channel.ts";
import type { Notification } from "../domain/notification.ts";
import { planRefusal } from "../domain/plan.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { checkSlackChannel } from "./slack/channels.ts";
import { openSlack, type SlackKeys } from "./slack/connection.ts";

/** Channels that Slack is asked about at a time, whatever is looked at: each is a call of its own. */
const ASKED_AT_MOST = 20;

const NOT_CHECKED: DeliveryFailure = {
  reason: "not_checked",
  message: `Slack was not asked about it: it is asked about ${ASKED_AT_MOST} channels at a time.`,
};

/** Whom one list would reach, or why the plan does not allow it. */
export type Foreseeing = (notifications: readonly Notification[]) => Result<Foresight, Failure>;

/**
 * Looks up all whom these name, once for any number of lists, and answers what each list would come to. Channels beyond those
 * that Slack is asked about are answered as such: nothing is known to be wrong with them.
 */
export async function lookAhead(
  keys: SlackKeys,
  scope: ProjectScope,
  all: readonly Notification[],
): Promise<Foreseeing> {
  const users = once(all.flatMap((one) => one.users));
  const groups = once(all.flatMap((one) => one.groups));
  const slackChannels = once(all.flatMap((one) => one.slackChannels));
  const named = once(all.flatMap((one) => one.webhooks));
  if ([users, groups, slackChannels, named].every(({ length }) => length === 0)) return () => ok(NOTHING_AHEAD);
  const [book, listeners] = await Promise.all([
    findAddresses(keys.db, scope, { users, groups, slackChannels, schedule: null, audience: "endpoints" }),
    findListeners(keys.db, workspaceOf(scope), { project: scope.projectId, event: "run.succeeded", named }),
  ]);
  const isAsked = slackChannels.length > 0 && book.slack === "connected";
  const slackTroubles = isAsked ? await askSlack(keys, scope, slackChannels) : NO_TROUBLES;
  const known = { ...book, listeners, slackTroubles };
  return (notifications) => {
    const isOutOfPlan = book.slack === "not_in_plan" && notifications.some((one) => one.slackChannels.length > 0);
    return isOutOfPlan ? fail(planRefusal(book.plan, "slack", true)) : ok(foresee(notifications, known));
  };
}

const once = <Id>(ids: readonly Id[]): readonly Id[] => [...new Set(ids)];

/** What is in the way, as Slack says; what mends it goes along with the reason. */
const IN_THE_WAY: Readonly<Partial<Record<DeliveryReason, string>>> = {
  channel_not_found: "Slack shows no such channel to the app.",
  channel_archived: "The channel is archived.",
  not_in_channel: "The app is not in the channel.",
  slack_scope_missing: "The app may not look at the channel.",
};

type Troubles = ReadonlyMap<SlackChannelId, DeliveryFailure>;
const NO_TROUBLES: Troubles = new Map();

/** What is in the way of news to these channels, as Slack says at this moment, and which it was not asked about. */
async function askSlack(keys: SlackKeys, scope: ProjectScope, channels: readonly SlackChannelId[]): Promise<Troubles> {
  const opened = await openSlack(keys, workspaceOf(scope));
  if (opened.kind === "none") return NO_TROUBLES;
  if (opened.kind === "broken") return new Map(channels.map((id) => [id, opened.trouble]));
  const found = await Promise.all(
    channels.slice(0, ASKED_AT_MOST).map(async (id) => [id, await checkSlackChannel(opened.via, id)] as const),
  );
  const unasked = channels.slice(ASKED_AT_MOST).map((id) => [id, NOT_CHECKED] as const);
  const troubles = found.flatMap(([id, check]): (readonly [SlackChannelId, DeliveryFailure])[] => {
    if (!check.ok) return [[id, check.error.failure]];
    const { reason } = check.value;
    return reason === null ? [] : [[id, { reason, message: IN_THE_WAY[reason] ?? "News cannot be posted there." }]];
  });
  return new Map([...troubles, ...unasked]);
}
