/** Slack, as the console reads it. */
import { z } from "@hono/zod-openapi";
import { InstantAnswer } from "./fields.ts";

const Team = z.object({ id: z.string(), name: z.string() });

export const ConnectionAnswer = z.object({
  state: z.enum(["not_connected", "connected", "broken"]),
  team: Team.nullable(),
  connected_by: z.string().nullable(),
  connected_at: InstantAnswer.nullable(),
  channels_synced_at: InstantAnswer.nullable(),
  trouble: z.object({ message: z.string(), fix: z.string(), since: InstantAnswer.nullable() }).nullable(),
  features: z.array(
    z.object({
      feature: z.string(),
      available: z.boolean(),
      missing: z.array(z.string()),
      without: z.string().nullable(),
    }),
  ),
});

export type ConnectionAnswer = z.output<typeof ConnectionAnswer>;

/** The way to Slack; null where there is none to go, since it is done. */
export const WayAnswer = z.object({ authorize_url: z.string().nullable(), expires_at: InstantAnswer.nullable() });

export type WayAnswer = z.output<typeof WayAnswer>;

export const ChannelAnswer = z.object({
  id: z.string(),
  name: z.string().nullable(),
  private: z.boolean().nullable(),
  archived: z.boolean().nullable(),
  usable: z.boolean(),
  fix: z.string().nullable(),
  can_share_files: z.boolean(),
});

export type ChannelAnswer = z.output<typeof ChannelAnswer>;

/** Who one is in Slack. */
export const LinkAnswer = z.object({
  linked: z.boolean(),
  slack_user: z.string().nullable(),
  linked_at: InstantAnswer.nullable(),
  team: Team.nullable(),
});

export type LinkAnswer = z.output<typeof LinkAnswer>;
