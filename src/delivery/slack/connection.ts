/** Opens the connection of a workspace: unseals its token, renews one that expires, and hands out what sends by it. */
import {
  findSlackConnection,
  type NewSlackConnection,
  type RenewedToken,
  renewSlackToken,
  type SlackConnection,
} from "../../directory/slack-connections.ts";
import { findConversation, keepConversation } from "../../directory/slack-links.ts";
import type { WorkspaceScope } from "../../domain/access.ts";
import type { DeliveryFailure } from "../../domain/news/delivery-failure.ts";
import { fail, ok, type Result } from "../../domain/result.ts";
import { HOUR_MS, type Instant, MINUTE_MS, type Milliseconds } from "../../domain/time/instant.ts";
import type { AddressRules } from "../../http/address.ts";
import { open, seal } from "../../http/seal.ts";
import { keepInOutbox } from "../../runlog/outbox.ts";
import type { SlackTrouble } from "./api.ts";
import { exchangeRefresh, type Installed, type SlackApp } from "./oauth.ts";
import { readScopes } from "./scopes.ts";
import type { KeptSlackMessage, SlackConnected, SlackVia } from "./via.ts";

/** What it takes to open a connection. */
export interface SlackKeys {
  readonly db: D1Database;
  /** The deployment's key. */
  readonly key: string;
  /** Null where the deployment has no Slack app of its own. */
  readonly app: SlackApp | null;
  readonly rules: AddressRules;
  readonly now: Instant;
  /** Keeps messages on this machine; null where they go out. */
  readonly keep: ((scope: WorkspaceScope, message: KeptSlackMessage) => Promise<void>) | null;
  readonly pause?: (time: Milliseconds) => Promise<void>;
}

/** The bindings and settings that it takes, as the doors have them. */
interface House {
  readonly DIRECTORY: D1Database;
  readonly RUNLOG: D1Database;
  readonly CARILLON_KEY: string;
}
interface Settings {
  readonly slack: SlackApp | null;
  readonly localSlack: boolean;
  readonly allowLoopback: boolean;
}

/** The keys of a deployment, at an instant. */
export const slackKeys = (
  { DIRECTORY, RUNLOG, CARILLON_KEY }: House,
  { slack, localSlack, allowLoopback }: Settings,
  { now, newId }: { readonly now: Instant; readonly newId: () => string },
): SlackKeys => ({
  db: DIRECTORY,
  key: CARILLON_KEY,
  app: slack,
  rules: { allowLoopback, ownHosts: [] },
  now,
  keep: localSlack
    ? async ({ workspaceId: workspace }, { recipient, title, body, files }) => {
        const message = { id: newId(), workspace, channel: "slack", recipient, title, at: now } as const;
        await keepInOutbox(RUNLOG, { ...message, body: { ...body, workspace } }, files);
      }
    : null,
});

export type OpenedSlack =
  | { readonly kind: "connected"; readonly via: SlackVia; readonly connection: SlackConnection }
  | { readonly kind: "none" }
  | { readonly kind: "broken"; readonly trouble: DeliveryFailure; readonly connection: SlackConnection };

/** A token is renewed before it expires: what takes a while goes on with it. Slack's last for twelve hours. */
const RENEWED_BEFORE_MS: Milliseconds = 10 * MINUTE_MS;
const TOKEN_LASTS_MS: Milliseconds = 12 * HOUR_MS;

const BROKEN: DeliveryFailure = { reason: "slack_disconnected", message: "Slack refuses the connection." };
/** The deployment was connected to Slack once, and has no app any more. */
const NO_APP: DeliveryFailure = {
  reason: "slack_not_connected",
  message: "The deployment has no Slack app: SLACK_CLIENT_ID is not set.",
};

/** The way to Slack, or why there is none. */
export async function openSlack(keys: SlackKeys, scope: WorkspaceScope): Promise<OpenedSlack> {
  const connection = await findSlackConnection(keys.db, scope);
  if (connection === null) return { kind: "none" };
  const { keep } = keys;
  if (keep !== null) {
    const via = { kind: "outbox", keep: (message: KeptSlackMessage) => keep(scope, message) } as const;
    return { kind: "connected", via, connection };
  }
  if (connection.state === "broken") return { kind: "broken", trouble: connection.trouble ?? BROKEN, connection };
  if (keys.app === null) return { kind: "broken", trouble: NO_APP, connection };
  return { kind: "connected", via: await connectedVia(keys, scope, connection, keys.app), connection };
}

async function connectedVia(
  keys: SlackKeys,
  scope: WorkspaceScope,
  connection: SlackConnection,
  app: SlackApp,
): Promise<SlackConnected> {
  const { db, key, rules, now, pause = wait } = keys;
  const { team } = connection;
  const expiresSoon = connection.tokenExpiresAt !== null && connection.tokenExpiresAt <= now + RENEWED_BEFORE_MS;
  const fresh = expiresSoon ? await renew(keys, scope, connection, app) : null;
  return {
    kind: "connected",
    url: app.url,
    // If it could not be renewed, the old one may still do; if not, Slack says so.
    token: fresh?.ok ? fresh.value : await open(key, "slack_token", connection.token),
    rules,
    team,
    botUserId: connection.botUserId,
    scopes: readScopes(connection.scopes),
    connectedAt: connection.connectedAt,
    conversations: {
      find: (person) => findConversation(db, scope, person),
      keep: (person, conversation) => keepConversation(db, scope, { teamId: team.id, userId: person }, conversation),
    },
    renew: () => renew(keys, scope, connection, app),
    pause,
  };
}

const wait = (time: Milliseconds): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

const EXPIRED: SlackTrouble = { code: "token_expired", httpStatus: 200, phase: "refused" };

/**
 * Exchanges the refresh token, which can be done once: of two who do it at the same time one is refused, and takes what the
 * other one has kept.
 */
async function renew(
  { db, key, rules, now }: SlackKeys,
  scope: WorkspaceScope,
  { refreshToken: from, team }: SlackConnection,
  app: SlackApp,
): Promise<Result<string, SlackTrouble>> {
  if (from === null) return fail(EXPIRED);
  const renewed = await exchangeRefresh(app, await open(key, "slack_token", from), rules);
  if (renewed.ok) {
    const { token } = renewed.value;
    await renewSlackToken(db, scope, from, await sealRenewed(key, renewed.value, from, now));
    return ok(token);
  }
  const current = await findSlackConnection(db, scope);
  const isRenewed = current?.state === "connected" && current.team.id === team.id && current.refreshToken !== from;
  if (isRenewed) return ok(await open(key, "slack_token", current.token));
  // Whatever the token was for has not been sent, and if the trouble is only on the way, the connection is well.
  return fail(renewed.error.phase === "refused" ? EXPIRED : { ...renewed.error, phase: "not_sent" });
}

async function sealRenewed(
  key: string,
  { token, refreshToken, expiresIn }: Pick<Installed, "token" | "refreshToken" | "expiresIn">,
  from: string,
  now: Instant,
): Promise<RenewedToken> {
  return {
    token: await seal(key, "slack_token", token),
    refreshToken: refreshToken === null ? from : await seal(key, "slack_token", refreshToken),
    tokenExpiresAt: now + (expiresIn ?? TOKEN_LASTS_MS),
  };
}

/** An installation as the directory keeps it. */
export async function sealInstalled(key: string, installed: Installed, now: Instant): Promise<NewSlackConnection> {
  const { token, refreshToken, expiresIn, scopes, appId, botUserId, team, enterpriseId } = installed;
  return {
    team,
    enterpriseId,
    appId,
    botUserId,
    scopes,
    token: await seal(key, "slack_token", token),
    refreshToken: refreshToken === null ? null : await seal(key, "slack_token", refreshToken),
    tokenExpiresAt: refreshToken === null ? null : now + (expiresIn ?? TOKEN_LASTS_MS),
  };
}

/** The token of a connection, to be revoked; null where it cannot be opened any more. */
export const openToken = (key: string, { token }: Pick<SlackConnection, "token">): Promise<string | null> =>
  open(key, "slack_token", token).catch(() => null);
