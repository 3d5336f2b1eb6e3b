/** What saving notifications would come to: who cannot be named, who would be given access, whom nothing would reach. Pure. */
import { reaches } from "../access.ts";
import type { InputIssue } from "../errors.ts";
import type { GroupId, MemberId, WebhookId } from "../ids.ts";
import type { Notification } from "../notification.ts";
import { type DeliveryFailure, deliveryFix } from "./delivery-failure.ts";
import { type AddressBook, whyNotTold } from "./expansion.ts";
import type { SlackChannelId } from "./slack-channel.ts";

/** Somebody whom a notification names. */
export type NamedRecipient =
  | { readonly kind: "user"; readonly id: MemberId; readonly name: string }
  | { readonly kind: "group"; readonly id: GroupId; readonly name: string }
  | { readonly kind: "slack_channel"; readonly id: SlackChannelId; readonly name: string }
  | { readonly kind: "webhook"; readonly id: WebhookId; readonly name: string };

/** Whom news would not reach, and why. */
export interface Unreachable {
  readonly recipient: NamedRecipient;
  readonly failure: DeliveryFailure;
}

export interface Foresight {
  /** Recipients that cannot be named: nothing is saved. */
  readonly issues: readonly InputIssue[];
  /** The same, as recipients, each once: of what was saved before, whom nothing reaches any more. */
  readonly refused: readonly Unreachable[];
  /** Those who have no access to the project, and would be given `app_only`. */
  readonly grants: readonly Extract<NamedRecipient, { kind: "user" | "group" }>[];
  readonly unreachable: readonly Unreachable[];
}

/** What is known of the recipients: `slack` holds what Slack itself says of channels that are in the way. */
export interface ForeseenBy extends AddressBook {
  readonly slackTroubles: ReadonlyMap<SlackChannelId, DeliveryFailure>;
}

type Naming = Pick<Notification, "users" | "groups">;

/** Ids of the people and groups whom notifications name, each once, and whom those before them did not. */
export function newlyNamed(before: readonly Naming[] = [], after: readonly Naming[] = []): readonly string[] {
  const known = new Set(before.flatMap(idsOf));
  return [...new Set(after.flatMap(idsOf))].filter((id) => !known.has(id));
}

const idsOf = ({ users, groups }: Naming): readonly string[] => [...users, ...groups];

/** Looks ahead. */
export function foresee(notifications: readonly Notification[], book: ForeseenBy): Foresight {
  const all = notifications.flatMap((one, index) => {
    const at = (field: string, place: number) => `/notifications/${index}/${field}/${place}`;
    return [
      ...one.users.map((id, place) => ofUser(id, at("users", place), book)),
      ...one.groups.map((id, place) => ofGroup(id, at("groups", place), book)),
      ...one.slackChannels.map((id, place) => ofChannel(id, at("slack_channels", place), book)),
      ...one.webhooks.map((id, place) => ofWebhook(id, at("webhooks", place), book)),
    ];
  });
  return {
    issues: all.flatMap(({ issues }) => issues),
    refused: once(
      all.flatMap(({ refused }) => refused),
      nameOf,
    ),
    grants: once(
      all.flatMap(({ grants }) => grants),
      ({ kind, id }) => `${kind}/${id}`,
    ),
    unreachable: once(
      all.flatMap(({ unreachable }) => unreachable),
      nameOf,
    ),
  };
}

const nameOf = ({ recipient }: Unreachable): string => `${recipient.kind}/${recipient.id}`;

export const NOTHING_AHEAD: Foresight = { issues: [], refused: [], grants: [], unreachable: [] };
/** Who cannot be named when it is saved, and will not be reached if it was saved before. */
const refused = (path: string, found: Unreachable, expected: string): Foresight => ({
  ...NOTHING_AHEAD,
  issues: [{ path, message: issueOf(found), expected }],
  refused: [found],
});
/** What is wrong with a channel is mended in Slack: how, is said at once. */
const issueOf = ({ recipient, failure }: Unreachable): string =>
  recipient.kind === "slack_channel" ? `${failure.message} ${deliveryFix(failure.reason)}` : failure.message;

const unreached = (recipient: NamedRecipient, failure: DeliveryFailure): Foresight => ({
  ...NOTHING_AHEAD,
  unreachable: [{ recipient, failure }],
});

function ofUser(id: MemberId, path: string, { readers }: AddressBook): Foresight {
  const reader = readers.get(id);
  const recipient = { kind: "user", id, name: reader?.email ?? id } as const;
  if (reader === undefined || reader.state === "deactivated") {
    const reason = reader === undefined ? "recipient_missing" : "deactivated";
    const message = "There is no such member in the workspace, or none any more.";
    return refused(path, { recipient, failure: { reason, message } }, "the id of a member");
  }
  const hasAccess = reaches(reader.access, "app_only");
  const whyNot = whyNotTold({ ...reader, access: hasAccess ? reader.access : "app_only" });
  return {
    ...NOTHING_AHEAD,
    grants: hasAccess ? [] : [recipient],
    unreachable: whyNot === null ? [] : [{ recipient, failure: whyNot }],
  };
}

function ofGroup(id: GroupId, path: string, { groups, readers }: AddressBook): Foresight {
  const group = groups.get(id);
  const recipient = { kind: "group", id, name: group?.name ?? id } as const;
  if (group === undefined) {
    const failure = { reason: "recipient_missing", message: "There is no such group in the workspace." } as const;
    return refused(path, { recipient, failure }, "the id of a group");
  }
  if (group.members.length === 0)
    return unreached(recipient, { reason: "recipient_missing", message: "Nobody is in the group." });
  // What reaches each of them by another way (the workspace's own grant) need not be given once more.
  const isLacking = group.members.some((member) => !reaches(readers.get(member)?.access ?? "none", "app_only"));
  return { ...NOTHING_AHEAD, grants: isLacking ? [recipient] : [] };
}

function ofChannel(id: SlackChannelId, path: string, book: ForeseenBy): Foresight {
  const name = book.slackChannels.get(id);
  const recipient = { kind: "slack_channel", id, name: name === undefined ? id : `#${name}` } as const;
  if (book.slack === "not_connected") {
    const failure = { reason: "slack_not_connected", message: "Slack is not connected to this workspace." } as const;
    return refused(path, { recipient, failure }, "a connection first: POST /v1/slack/connection");
  }
  const trouble = book.slackTroubles.get(id);
  if (trouble === undefined) return NOTHING_AHEAD;
  return REFUSED_CHANNELS.has(trouble.reason)
    ? refused(path, { recipient, failure: trouble }, "a channel that the app can post to")
    : unreached(recipient, trouble);
}

/** These no waiting mends: somebody has to do something in Slack first, and then check again. */
const REFUSED_CHANNELS: ReadonlySet<DeliveryFailure["reason"]> = new Set([
  "channel_not_found",
  "channel_archived",
  "not_in_channel",
]);

function ofWebhook(id: WebhookId, path: string, { listeners }: AddressBook): Foresight {
  const listener = listeners.find((one) => one.id === id);
  const recipient = { kind: "webhook", id, name: listener?.name ?? id } as const;
  if (listener === undefined) {
    const failure = {
      reason: "endpoint_missing",
      message: "There is no such webhook endpoint in the workspace.",
    } as const;
    return refused(path, { recipient, failure }, "the id of one: GET /v1/webhooks");
  }
  if (listener.isEnabled) return NOTHING_AHEAD;
  return unreached(recipient, { reason: "endpoint_disabled", message: "The endpoint is disabled." });
}

function once<Item>(items: readonly Item[], nameOf: (item: Item) => string): readonly Item[] {
  return [...new Map(items.map((item) => [nameOf(item), item])).values()];
}
