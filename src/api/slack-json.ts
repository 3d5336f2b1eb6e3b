/** Slack as the API shows it. */
import { z } from "@hono/zod-openapi";
import { judgeChannel, type SlackChannelCheck } from "../delivery/slack/channels.ts";
import { missingFor, readScopes, SLACK_FEATURES, SLACK_NEEDS } from "../delivery/slack/scopes.ts";
import type { SeenSlackChannel } from "../directory/slack-channels.ts";
import type { SlackConnection } from "../directory/slack-connections.ts";
import type { SlackLink } from "../directory/slack-links.ts";
import { deliveryFix } from "../domain/news/delivery-failure.ts";
import { toIso } from "../domain/time/instant.ts";
import { InstantText, isoOrNull } from "./fields.ts";

const TeamJson = z.strictObject({ id: z.string(), name: z.string() });

export const SlackConnectionJson = z
  .strictObject({
    state: z.enum(["not_connected", "connected", "broken"]).openapi({
      description: "`broken`: Slack refuses the connection; what is to be sent is held until it is connected again.",
    }),
    team: TeamJson.nullable(),
    connected_by: z.string().nullable(),
    connected_at: InstantText.nullable(),
    channels_synced_at: InstantText.nullable(),
    trouble: z
      .strictObject({ reason: z.string(), message: z.string(), fix: z.string(), since: InstantText.nullable() })
      .nullable()
      .openapi({ description: "Why it is broken, and what mends it." }),
    scopes: z.array(z.string()).openapi({ description: "What Slack granted." }),
    features: z.array(
      z.strictObject({
        feature: z.enum(SLACK_FEATURES),
        available: z.boolean(),
        missing: z.array(z.string()).openapi({ description: "Scopes that it lacks. Connect again, and grant them." }),
        without: z.string().nullable().openapi({ description: "What is so while they are missing." }),
      }),
    ),
  })
  .openapi("SlackConnection");

export const slackConnectionJson = (connection: SlackConnection | null): z.output<typeof SlackConnectionJson> => ({
  state: connection?.state ?? "not_connected",
  team: connection?.team ?? null,
  connected_by: connection?.connectedBy ?? null,
  connected_at: isoOrNull(connection?.connectedAt ?? null),
  channels_synced_at: isoOrNull(connection?.syncedAt ?? null),
  trouble: troubleJson(connection),
  scopes: connection === null ? [] : [...readScopes(connection.scopes)],
  features: connection === null ? [] : featuresJson(readScopes(connection.scopes)),
});

function troubleJson(connection: SlackConnection | null): z.output<typeof SlackConnectionJson>["trouble"] {
  const trouble = connection?.trouble ?? null;
  if (connection === null || trouble === null) return null;
  const { reason, message } = trouble;
  return { reason, message, fix: deliveryFix(reason), since: isoOrNull(connection.brokenAt) };
}

const featuresJson = (granted: ReadonlySet<string>): z.output<typeof SlackConnectionJson>["features"] =>
  SLACK_FEATURES.map((feature) => {
    const missing = missingFor(feature, granted);
    const isAvailable = missing.length === 0;
    return {
      feature,
      available: isAvailable,
      missing: [...missing],
      without: isAvailable ? null : SLACK_NEEDS[feature].without,
    };
  });

export const SlackChannelJson = z
  .strictObject({
    id: z.string().openapi({ example: "C0123456789" }),
    name: z.string().nullable().openapi({ description: "Null when Slack does not show it.", example: "reports" }),
    private: z.boolean().nullable(),
    archived: z.boolean().nullable(),
    member: z.boolean().nullable().openapi({ description: "Whether the app is in it." }),
    usable: z.boolean().openapi({ description: "Whether news can go there." }),
    reason: z.string().nullable().openapi({ description: "What is in the way.", example: "channel_archived" }),
    fix: z.string().nullable().openapi({ description: "What mends it, in words." }),
    can_share_files: z.boolean().openapi({
      description: "Whether pictures go along: the app must be in the channel, or be able to join it.",
    }),
  })
  .openapi("SlackChannel");

export const slackCheckJson = (check: SlackChannelCheck): z.output<typeof SlackChannelJson> => ({
  id: check.id,
  name: check.channel?.name ?? null,
  private: check.channel?.isPrivate ?? null,
  archived: check.channel?.isArchived ?? null,
  member: check.channel?.isMember ?? null,
  usable: check.isUsable,
  reason: check.reason,
  fix: check.fix,
  can_share_files: check.canShareFiles,
});

export const slackChannelJson =
  (granted: ReadonlySet<string>) =>
  (channel: SeenSlackChannel): z.output<typeof SlackChannelJson> =>
    slackCheckJson(judgeChannel(channel, granted));

export const SlackLinkJson = z
  .strictObject({
    linked: z.boolean(),
    slack_user: z.string().nullable().openapi({ description: "Slack's id of you.", example: "U0123456789" }),
    linked_at: InstantText.nullable(),
    team: TeamJson.nullable().openapi({ description: "The team that the workspace is connected to." }),
  })
  .openapi("SlackLink");

export const slackLinkJson = (
  link: SlackLink | null,
  connection: Pick<SlackConnection, "team"> | null,
): z.output<typeof SlackLinkJson> => ({
  linked: link !== null,
  slack_user: link?.userId ?? null,
  linked_at: link === null ? null : toIso(link.linkedAt),
  team: connection?.team ?? null,
});
