/**
 * Who hears of news, by which channel: a notification's recipients, the endpoints that asked, or owners and admins, expanded
 * into deliveries. Pure. Whom nothing reaches is in the ledger all the same, with the reason: nobody has to guess.
 */
import { type AccessLevel, reaches } from "../access.ts";
import type { CaptureFormat } from "../captures/capture.ts";
import type { DeliveryId, GroupId, MemberId, WebhookId } from "../ids.ts";
import { formatsOf, type Notification } from "../notification.ts";
import { type Channel, type DeliveryTarget, deriveDeliveryId } from "./delivery.ts";
import type { DeliveryFailure, DeliveryReason } from "./delivery-failure.ts";
import type { News } from "./news.ts";
import type { SlackChannelId } from "./slack-channel.ts";

/** A member, as far as news is concerned. */
export interface Reader {
  readonly id: MemberId;
  readonly email: string;
  readonly state: "invited" | "active" | "deactivated";
  readonly access: AccessLevel;
  /** The channels that they want news by. */
  readonly prefers: { readonly email: boolean; readonly slack: boolean };
  /** Slack's id of them; null: not linked. */
  readonly slackAddress: string | null;
  /** See `DeliveryTarget`. */
  readonly timezone: string | null;
  /** From the schedule that the news is about. */
  readonly isUnsubscribed: boolean;
}

/** A webhook endpoint that asked for the event, or that a notification names. */
export interface Listener {
  readonly id: WebhookId;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly hasAsked: boolean;
}

/** A group, with its members as they are now. */
export interface KnownGroup {
  readonly name: string;
  readonly members: readonly MemberId[];
}

/** All that is to be known of the recipients, as they are now. */
export interface AddressBook {
  readonly readers: ReadonlyMap<MemberId, Reader>;
  readonly groups: ReadonlyMap<GroupId, KnownGroup>;
  /** Names of channels that are known; any other is named by its id. */
  readonly slackChannels: ReadonlyMap<SlackChannelId, string>;
  readonly listeners: readonly Listener[];
  /** Who looks after the project, or the workspace; of news that is for them alone. */
  readonly keepers: readonly Reader[];
  /** Who hears of it where none of those can be told; of news for the admins nobody else does. */
  readonly admins: readonly Reader[];
  /** Whether Slack can be used: connected (or broken for now), not connected, or not part of the plan. */
  readonly slack: "connected" | "not_connected" | "not_in_plan";
}

/** What is to be written down of one delivery. */
export interface PlannedDelivery extends DeliveryTarget {
  readonly id: DeliveryId;
  readonly notification: number | null;
  readonly wants: CaptureFormat | null;
  /** Why it is not sent at all; null: it is. */
  readonly suppressed: DeliveryFailure | null;
}

/** Every delivery of the news, each once. */
export function expand(news: News, book: AddressBook): readonly PlannedDelivery[] {
  if (news.audience !== "endpoints") return toKeepers(news, book);
  const named = news.notifications.flatMap((one, index) => (one === null ? [] : toRecipients(news, one, index, book)));
  return [...named, ...toListeners(news, book)];
}

/** The notification's own recipients that are no endpoints. */
function toRecipients(
  news: News,
  notification: Notification,
  index: number,
  book: AddressBook,
): readonly PlannedDelivery[] {
  const [wants = null] = news.event === "run.succeeded" ? formatsOf(notification) : [];
  const people = new Set([
    ...notification.users,
    ...notification.groups.flatMap((id) => book.groups.get(id)?.members ?? []),
  ]);
  const plan = planning(news, index, wants);
  return [
    ...[...people].flatMap((id) => toPerson(plan, id, book)),
    ...notification.groups.flatMap((id) => toEmptyGroup(plan, id, book)),
    ...notification.slackChannels.map((id) => toSlackChannel(plan, id, book)),
  ];
}

type Plan = (target: DeliveryTarget, suppressed?: DeliveryFailure | null) => PlannedDelivery;

const planning =
  (news: News, notification: number | null, wants: CaptureFormat | null): Plan =>
  (target, suppressed = null) => ({
    ...target,
    id: deriveDeliveryId({ news: news.id, notification, channel: target.channel, recipient: target.recipient }),
    notification,
    wants,
    suppressed,
  });

function toPerson(plan: Plan, id: MemberId, book: AddressBook): readonly PlannedDelivery[] {
  const reader = book.readers.get(id);
  if (reader === undefined) {
    const target = { channel: "email", recipient: { kind: "user", id, name: id }, ...NOWHERE } as const;
    return [plan(target, because("recipient_missing", "The member is not in the workspace."))];
  }
  const whyNot = whyNotTold(reader);
  if (whyNot !== null) return [plan(byEmail(reader), whyNot)];
  return channelsFor(reader, book.slack).map((channel) =>
    plan(channel === "email" ? byEmail(reader) : bySlack(reader)),
  );
}

/** A group that nobody is in, or that was deleted, is nobody to send to: the ledger says so in its name. */
function toEmptyGroup(plan: Plan, id: GroupId, { groups }: AddressBook): readonly PlannedDelivery[] {
  const group = groups.get(id);
  if (group !== undefined && group.members.length > 0) return [];
  const target = { channel: "email", recipient: { kind: "group", id, name: group?.name ?? id }, ...NOWHERE } as const;
  const message = group === undefined ? "The group was deleted." : "Nobody is in the group.";
  return [plan(target, because("recipient_missing", message))];
}

/** Why a person is not told by any channel; null: they are. */
export function whyNotTold({ state, access, isUnsubscribed, prefers }: Reader): DeliveryFailure | null {
  if (state === "deactivated") return because("deactivated", "The member was deactivated.");
  if (state === "invited") return because("not_joined", "The member has not joined yet.");
  if (!reaches(access, "app_only")) return because("no_access", "The member has no access to the project.");
  if (isUnsubscribed) return because("unsubscribed", "The member unsubscribed from news of this schedule.");
  if (!prefers.email && !prefers.slack)
    return because("preferences_off", "The member wants news neither by mail nor in Slack.");
  return null;
}

/** Whoever wants news in Slack, where that cannot be, gets a mail instead. */
function channelsFor({ prefers, slackAddress }: Reader, slack: AddressBook["slack"]): readonly Channel[] {
  const isInSlack = prefers.slack && slackAddress !== null && slack === "connected";
  const isMailed = prefers.email || (prefers.slack && !isInSlack);
  return [...(isMailed ? (["email"] as const) : []), ...(isInSlack ? (["slack"] as const) : [])];
}

const byEmail = ({ id, email, timezone }: Reader): DeliveryTarget => ({
  channel: "email",
  recipient: { kind: "user", id, name: email },
  address: email,
  timezone,
});

const bySlack = ({ id, email, slackAddress, timezone }: Reader): DeliveryTarget => ({
  channel: "slack",
  recipient: { kind: "user", id, name: email },
  address: slackAddress,
  timezone,
});

/** Of a recipient who is no person, or nobody any more. */
const NOWHERE = { address: null, timezone: null } as const;

function toSlackChannel(plan: Plan, id: SlackChannelId, { slack, slackChannels }: AddressBook): PlannedDelivery {
  const known = slackChannels.get(id);
  const name = known === undefined ? id : `#${known}`;
  const target = { channel: "slack", recipient: { kind: "slack_channel", id, name }, ...NOWHERE, address: id } as const;
  const isOutOfPlan = slack === "not_in_plan";
  return plan(target, isOutOfPlan ? because("plan", "The workspace's plan has no Slack notifications.") : null);
}

/**
 * Each endpoint once, whoever asked for it: its id is how a receiver tells that it has seen the event. A test is for those
 * alone whom it names.
 */
function toListeners(news: News, { listeners }: AddressBook): readonly PlannedDelivery[] {
  const naming = news.notifications.filter((one) => one !== null);
  const asking = news.isTest ? [] : listeners.filter(({ hasAsked }) => hasAsked).map(({ id }) => id);
  const all = new Set([...naming.flatMap(({ webhooks }) => webhooks), ...asking]);
  return [...all].map((id) => {
    const listener = listeners.find((one) => one.id === id);
    const by = naming.filter(({ webhooks }) => webhooks.includes(id));
    const [wants = null] = news.event === "run.succeeded" ? by.flatMap(formatsOf) : [];
    const recipient = { kind: "webhook", id, name: listener?.name ?? id } as const;
    return planning(news, null, wants)({ channel: "webhook", recipient, ...NOWHERE }, whyNotCalled(listener));
  });
}

function whyNotCalled(listener: Listener | undefined): DeliveryFailure | null {
  if (listener === undefined) return because("endpoint_missing", "The endpoint was deleted.");
  return listener.isEnabled ? null : because("endpoint_disabled", "The endpoint is disabled.");
}

/**
 * Owners and admins hear by another way than the one that failed where there is one; where there is none for any of them, the
 * other admins hear. Where there is none for anybody, mail goes out all the same: it may be mended by then, and a mail that
 * does not arrive is no worse than none.
 */
function toKeepers(news: News, book: AddressBook): readonly PlannedDelivery[] {
  const plan = planning(news, null, null);
  const keepers = book.keepers.filter(({ state }) => state === "active");
  const others = book.admins.filter(({ id, state }) => state === "active" && keepers.every((one) => one.id !== id));
  for (const some of [keepers, others]) {
    const told = some.flatMap((one) => toKeeper(plan, news, one, book));
    if (told.length > 0) return told;
  }
  return [...keepers, ...others].map((one) => plan(byEmail(one)));
}

/** Of a mail that did not arrive in Slack, of all else by mail. Not the very person whom the mail did not reach, by mail. */
function toKeeper(plan: Plan, news: News, keeper: Reader, { slack }: AddressBook): readonly PlannedDelivery[] {
  const failed = news.unreached.filter(({ channel }) => channel === "email");
  const isMailBroken = failed.some(({ failure }) => BROKEN_MAIL.has(failure.reason));
  const isThemselves = failed.some(({ recipient }) => recipient.id === keeper.id);
  const isInSlack = keeper.slackAddress !== null && slack === "connected";
  if (failed.length > 0 && isInSlack) return [plan(bySlack(keeper))];
  return isThemselves || isMailBroken ? [] : [plan(byEmail(keeper))];
}

/** Of these no mail would arrive anywhere. */
const BROKEN_MAIL: ReadonlySet<DeliveryReason> = new Set(["mail_not_configured", "sender_not_configured"]);

const because = (reason: DeliveryReason, message: string): DeliveryFailure => ({ reason, message });
