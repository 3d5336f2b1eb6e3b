/** Channels as Slack tells of them: page by page in the background, or one that somebody asks about. */
import type { SlackChannel } from "../../directory/slack-channels.ts";
import { type DeliveryReason, deliveryFix } from "../../domain/news/delivery-failure.ts";
import { isSlackChannelId, readSlackChannelId, type SlackChannelId } from "../../domain/news/slack-channel.ts";
import { fail, ok, type Result } from "../../domain/result.ts";
import { asObject, asText, type SlackAnswer, type SlackTrouble } from "./api.ts";
import { judgeSlack, type SlackFault } from "./faults.ts";
import { LOCAL_CHANNELS } from "./local.ts";
import { callVia, has, type SlackConnected, type SlackVia } from "./via.ts";

/** Small: with many archived channels Slack's larger pages come back nearly empty. */
const PAGE_SIZE = 200;

/** First the channels that the app is in, private ones too; then all that it can see. */
export const SYNC_STAGES = ["joined", "all"] as const;
export type SyncStage = (typeof SYNC_STAGES)[number];

/** A place in a sync. */
export interface SyncPlace {
  readonly stage: SyncStage;
  readonly cursor?: string | undefined;
}

export interface ChannelPage {
  readonly channels: readonly SlackChannel[];
  /** Null: that was the last one. */
  readonly next: SyncPlace | null;
}

const METHODS: Readonly<Record<SyncStage, string>> = { joined: "users.conversations", all: "conversations.list" };

/** One page of a sync. */
export async function fetchChannelPage(
  via: SlackConnected,
  { stage, cursor }: SyncPlace,
): Promise<Result<ChannelPage, SlackTrouble>> {
  const types = [
    ...(has(via, "channels:read") ? ["public_channel"] : []),
    ...(has(via, "groups:read") ? ["private_channel"] : []),
  ];
  if (types.length === 0) return fail({ ...NO_SCOPE });
  const answered = await callVia(via, METHODS[stage], {
    types: types.join(","),
    exclude_archived: true,
    limit: PAGE_SIZE,
    cursor,
  });
  // Stand-ins for Slack may lack the first stage, which only finds sooner what the second one finds too.
  if (!answered.ok && stage === "joined" && isUnknown(answered.error))
    return ok({ channels: [], next: { stage: "all" } });
  if (!answered.ok) return answered;
  const { channels } = answered.value;
  const next = asText(asObject(answered.value.response_metadata)?.next_cursor);
  return ok({
    channels: (Array.isArray(channels) ? channels : []).flatMap((one) =>
      readChannel(asObject(one), stage === "joined"),
    ),
    next: next === "" ? (stage === "joined" ? { stage: "all" } : null) : { stage, cursor: next },
  });
}

const NO_SCOPE: SlackTrouble = {
  code: "missing_scope",
  httpStatus: null,
  phase: "refused",
  needed: "channels:read",
};

const isUnknown = ({ code, httpStatus }: SlackTrouble): boolean => code === "unknown_method" || httpStatus === 404;

/** `users.conversations` names only what the app is in, and does not say so of each. */
function readChannel(channel: SlackAnswer | null, isJoined: boolean): readonly SlackChannel[] {
  const id = asText(channel?.id);
  if (channel === null || !isSlackChannelId(id)) return [];
  return [
    {
      id,
      name: (asText(channel.name) || id).slice(0, 100),
      isPrivate: channel.is_private === true,
      isMember: isJoined || channel.is_member === true,
      isArchived: channel.is_archived === true,
    },
  ];
}

/** Whether news can go to a channel, and what is in the way. */
export interface SlackChannelCheck {
  readonly id: SlackChannelId;
  /** Null: Slack does not show it. */
  readonly channel: SlackChannel | null;
  readonly isUsable: boolean;
  /** What is in the way of news. */
  readonly reason: DeliveryReason | null;
  readonly fix: string | null;
  readonly canShareFiles: boolean;
}

/** Asks Slack about one channel; the fault when there was no answer to be had. */
export async function checkSlackChannel(
  via: SlackVia,
  id: SlackChannelId,
): Promise<Result<SlackChannelCheck, SlackFault>> {
  if (via.kind === "outbox") return ok(checkLocal(id));
  const answered = await callVia(via, "conversations.info", { channel: id });
  if (answered.ok) {
    const [channel] = readChannel(asObject(answered.value.channel), false);
    return ok(channel === undefined ? unusable(id, "channel_not_found") : judgeChannel(channel, via.scopes));
  }
  const fault = judgeSlack(answered.error, "read");
  const { reason } = fault.failure;
  // Of what is private it is a permission of its own, without which all else works.
  const isAnswer = fault.kind === "target" || reason === "slack_scope_missing";
  return isAnswer ? ok(unusable(id, reason)) : fail(fault);
}

/** What can be done with a channel that is seen. */
export function judgeChannel(channel: SlackChannel, scopes: ReadonlySet<string>): SlackChannelCheck {
  const { id, isArchived, isMember, isPrivate } = channel;
  const mayJoin = !isPrivate && scopes.has("channels:join");
  const reason = isArchived
    ? "channel_archived"
    : isMember || (!isPrivate && scopes.has("chat:write.public"))
      ? null
      : "not_in_channel";
  return {
    id,
    channel,
    isUsable: reason === null,
    reason,
    fix: reason === null ? null : deliveryFix(reason),
    canShareFiles: reason === null && scopes.has("files:write") && (isMember || mayJoin),
  };
}

const unusable = (id: SlackChannelId, reason: DeliveryReason): SlackChannelCheck => ({
  id,
  channel: null,
  isUsable: false,
  reason,
  fix: deliveryFix(reason),
  canShareFiles: false,
});

/** The stand-in has all permissions. */
function checkLocal(id: SlackChannelId): SlackChannelCheck {
  const channel = localChannels().find((one) => one.id === id);
  const scopes = new Set(["chat:write.public", "channels:join", "files:write"]);
  return channel === undefined ? unusable(id, "channel_not_found") : judgeChannel(channel, scopes);
}

/** The channels of the stand-in, as Slack would tell of them. */
export const localChannels = (): readonly SlackChannel[] =>
  LOCAL_CHANNELS.map((one) => ({ ...one, id: readSlackChannelId(one.id) }));
