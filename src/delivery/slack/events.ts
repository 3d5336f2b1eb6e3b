/** What Slack tells of a team, as far as it concerns us (docs.slack.dev/reference/events). Pure. */
import { isSlackChannelId, type SlackChannelId } from "../../domain/news/slack-channel.ts";
import { type Instant, SECOND_MS } from "../../domain/time/instant.ts";
import { asObject, asText, type SlackAnswer } from "./api.ts";

export type SlackEvent =
  /** Slack asks whether the address is ours. */
  | { readonly kind: "challenge"; readonly challenge: string }
  /** The app was thrown out, or its token ended. */
  | { readonly kind: "disconnected"; readonly team: string; readonly code: string; readonly at: Instant }
  | { readonly kind: "renamed"; readonly team: string; readonly channel: SlackChannelId; readonly name: string }
  | { readonly kind: "archived"; readonly team: string; readonly channel: SlackChannelId; readonly isArchived: boolean }
  | { readonly kind: "deleted"; readonly team: string; readonly channel: SlackChannelId }
  /** Somebody came or went; it may be the app. */
  | {
      readonly kind: "member";
      readonly team: string;
      readonly channel: SlackChannelId;
      readonly user: string;
      readonly isMember: boolean;
    }
  /** The app itself was taken out of a channel. */
  | { readonly kind: "left"; readonly team: string; readonly channel: SlackChannelId }
  | { readonly kind: "other" };

const OTHER: SlackEvent = { kind: "other" };

/** From the body; null when it is none of Slack's. */
export function readSlackEvent(body: string): SlackEvent | null {
  const payload = parse(body);
  if (payload === null) return null;
  if (payload.type === "url_verification") return { kind: "challenge", challenge: asText(payload.challenge) };
  const event = asObject(payload.event);
  const team = asText(payload.team_id);
  if (payload.type !== "event_callback" || event === null || team === "") return OTHER;
  return readEvent(event, team, payload);
}

function readEvent(event: SlackAnswer, team: string, { event_time }: SlackAnswer): SlackEvent {
  const type = asText(event.type);
  const at = typeof event_time === "number" ? event_time * SECOND_MS : 0;
  if (type === "app_uninstalled") return { kind: "disconnected", team, code: type, at };
  if (type === "tokens_revoked") {
    const bots = asObject(event.tokens)?.bot;
    return Array.isArray(bots) && bots.length > 0 ? { kind: "disconnected", team, code: type, at } : OTHER;
  }
  const renamed = asObject(event.channel);
  const channel = asText(renamed?.id ?? event.channel);
  return isSlackChannelId(channel) ? readChannelEvent(type, { team, channel, renamed, event }) : OTHER;
}

function readChannelEvent(
  type: string,
  {
    team,
    channel,
    renamed,
    event,
  }: {
    readonly team: string;
    readonly channel: SlackChannelId;
    readonly renamed: SlackAnswer | null;
    readonly event: SlackAnswer;
  },
): SlackEvent {
  switch (type) {
    case "channel_rename":
    case "group_rename": {
      const name = asText(renamed?.name);
      return name === "" ? OTHER : { kind: "renamed", team, channel, name: name.slice(0, 100) };
    }
    case "channel_archive":
    case "group_archive":
      return { kind: "archived", team, channel, isArchived: true };
    case "channel_unarchive":
    case "group_unarchive":
      return { kind: "archived", team, channel, isArchived: false };
    case "channel_deleted":
    case "group_deleted":
      return { kind: "deleted", team, channel };
    case "member_joined_channel":
    case "member_left_channel":
      return { kind: "member", team, channel, user: asText(event.user), isMember: type === "member_joined_channel" };
    case "channel_left":
    case "group_left":
      return { kind: "left", team, channel };
    default:
      return OTHER;
  }
}

function parse(body: string): SlackAnswer | null {
  try {
    return asObject(JSON.parse(body));
  } catch {
    return null;
  }
}
