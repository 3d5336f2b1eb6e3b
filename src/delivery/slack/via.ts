/** How news gets to Slack: through the connection of a workspace, or on one's own machine into the outbox. */
import type { Json } from "../../domain/json.ts";
import type { Result } from "../../domain/result.ts";
import type { Instant, Milliseconds } from "../../domain/time/instant.ts";
import type { AddressRules } from "../../http/address.ts";
import type { OutboxFile } from "../../runlog/outbox.ts";
import { callSlack, type SlackAnswer, type SlackArgs, type SlackTrouble } from "./api.ts";
import type { SlackScope } from "./scopes.ts";

/** A connection, opened. */
export interface SlackConnected {
  readonly kind: "connected";
  /** Where Slack is, such as `https://slack.com`. */
  readonly url: string;
  readonly token: string;
  readonly rules: AddressRules;
  readonly team: { readonly id: string; readonly name: string };
  readonly botUserId: string;
  readonly scopes: ReadonlySet<string>;
  /** Tells it from one that replaces it. */
  readonly connectedAt: Instant;
  readonly conversations: Conversations;
  /** Another token in place of one that has expired, or why there is none. */
  readonly renew: () => Promise<Result<string, SlackTrouble>>;
  /** Of each call. */
  readonly timeout?: Milliseconds;
  /** Waits a little between two looks. */
  readonly pause: (time: Milliseconds) => Promise<void>;
}

/** The ids of direct messages, once they were opened: by the person's own id. */
export interface Conversations {
  readonly find: (person: string) => Promise<string | null>;
  readonly keep: (person: string, conversation: string) => Promise<void>;
}

/** A message as the outbox keeps it. `body`: `{channel, text, blocks}` with `ts`, or with the `thread` that it is in. */
export interface KeptSlackMessage {
  /** `#channel`, or the person's address. */
  readonly recipient: string;
  readonly title: string;
  readonly body: { readonly [key: string]: Json };
  readonly files: readonly OutboxFile[];
}

/** On one's own machine: nothing leaves it. */
export interface SlackOutbox {
  readonly kind: "outbox";
  readonly keep: (message: KeptSlackMessage) => Promise<void>;
}

export type SlackVia = SlackConnected | SlackOutbox;

export const has = ({ scopes }: Pick<SlackConnected, "scopes">, scope: SlackScope): boolean => scopes.has(scope);

/** Calls a method as the connection; a token that has expired is renewed once. */
export async function callVia(
  via: SlackConnected,
  method: string,
  args: SlackArgs = {},
): Promise<Result<SlackAnswer, SlackTrouble>> {
  const answered = await callSlack(via, method, args);
  if (answered.ok || answered.error.code !== "token_expired") return answered;
  const token = await via.renew();
  return token.ok ? callSlack({ ...via, token: token.value }, method, args) : token;
}
