/** Whom the notifications of a project's schedules may name: everybody and everything there is, by their names. */
import { z } from "@hono/zod-openapi";
import type { Result } from "../../domain/result.ts";
import { pageOf } from "../answers/fields.ts";
import { NamedGroup, NamedMember, nameOf } from "../answers/people.ts";
import { NamedSlackChannel, NamedWebhook, SlackLinkedAnswer, SlackStateAnswer } from "../answers/recipients.ts";
import { withQuery } from "../client.ts";
import type { InProject } from "../in-project.tsx";
import type { Refusal } from "../refusal.ts";

/** A page of a list, and how many of them are read: in a larger workspace a search or a group finds the others. */
const PAGE = 200;
const PAGES_MAX = 3;
const CHANNELS_SHOWN = 50;

export interface Recipients {
  readonly members: readonly NamedMember[];
  readonly groups: readonly NamedGroup[];
  readonly webhooks: readonly NamedWebhook[];
  /** Those that were searched for. */
  readonly channels: readonly NamedSlackChannel[];
  readonly slack: "not_connected" | "connected" | "broken";
  /** Whether the visitor has linked their own Slack account. */
  readonly isLinked: boolean;
}

/** What can be chosen from; of Slack's channels those whose names begin like `search`. */
export async function recipientsOf({ api }: InProject, search: string): Promise<Recipients> {
  const [members, groups, webhooks, connection, channels, link] = await Promise.all([
    allOf(api, "/v1/members?state=active", NamedMember),
    allOf(api, "/v1/groups", NamedGroup),
    allOf(api, "/v1/webhooks", NamedWebhook),
    api.ask("/v1/slack/connection", SlackStateAnswer),
    api.ask(withQuery("/v1/slack/channels", { q: search, limit: CHANNELS_SHOWN }), pageOf(NamedSlackChannel)),
    api.ask("/v1/slack/links", SlackLinkedAnswer),
  ]);
  return {
    members,
    groups,
    webhooks,
    channels: channels.ok ? channels.value.items : [],
    slack: connection.ok ? connection.value.state : "not_connected",
    isLinked: link.ok && link.value.linked,
  };
}

const ListAnswer = pageOf(z.unknown());

/** The items of a list, as far as it is read. */
async function allOf<Item extends z.ZodType>(
  api: InProject["api"],
  path: string,
  item: Item,
): Promise<readonly z.output<Item>[]> {
  const items: z.output<Item>[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page++) {
    const [base = "", asked = ""] = path.split("?");
    const query: Readonly<Record<string, string | number | null>> = {
      ...Object.fromEntries(new URLSearchParams(asked)),
      limit: PAGE,
      cursor,
    };
    const found: Result<z.output<typeof ListAnswer>, Refusal> = await api.ask(withQuery(base, query), ListAnswer);
    if (!found.ok) return items;
    items.push(...found.value.items.map((one) => item.parse(one)));
    cursor = found.value.next_cursor;
    if (cursor === null) return items;
  }
  return items;
}

/** The kinds of recipients, as the fields of a notification name them. */
export const RECIPIENT_FIELDS = ["users", "groups", "slack_channels", "webhooks"] as const;
export type RecipientField = (typeof RECIPIENT_FIELDS)[number];

/** What somebody or something is called; of what is not in the lists, its id. */
export function recipientName(recipients: Recipients, field: RecipientField, id: string): string {
  switch (field) {
    case "users": {
      const member = recipients.members.find((one) => one.id === id);
      return member === undefined ? id : nameOf(member);
    }
    case "groups":
      return recipients.groups.find((one) => one.id === id)?.name ?? id;
    case "webhooks":
      return recipients.webhooks.find((one) => one.id === id)?.name ?? id;
    case "slack_channels": {
      const channel = recipients.channels.find((one) => one.id === id);
      return channel?.name ? `#${channel.name}` : id;
    }
  }
}
