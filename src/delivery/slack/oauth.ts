/** The way to Slack and back (docs.slack.dev/authentication/installing-with-oauth): addresses, codes and tokens. */
import { fail, ok, type Result } from "../../domain/result.ts";
import { type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";
import type { AddressRules } from "../../http/address.ts";
import { asObject, asText, callSlack, OWN_CODES, type SlackAnswer, type SlackTrouble } from "./api.ts";
import { LINK_SCOPES, SLACK_SCOPES } from "./scopes.ts";

/** The deployment's own Slack app. */
export interface SlackApp {
  /** Where Slack is, such as `https://slack.com`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A team's admin agreed. Expiry and refresh token are of apps with token rotation. */
export interface Installed {
  readonly token: string;
  readonly refreshToken: string | null;
  readonly expiresIn: Milliseconds | null;
  readonly scopes: string;
  readonly appId: string;
  readonly botUserId: string;
  readonly team: { readonly id: string; readonly name: string };
  readonly enterpriseId: string | null;
}

/** Somebody signed in to Slack. */
export interface SignedIn {
  readonly teamId: string;
  readonly userId: string;
}

interface Way {
  readonly state: string;
  readonly redirectUri: string;
}

/** Where an admin goes to install the app. */
export const installAddress = (app: SlackApp, way: Way): string =>
  authorizeAddress(app, way, { scope: SLACK_SCOPES.join(",") });

/** Where a member goes to say who they are in a team. */
export const linkAddress = (app: SlackApp, way: Way, team: string): string =>
  authorizeAddress(app, way, { user_scope: LINK_SCOPES, team });

function authorizeAddress(
  { url, clientId }: SlackApp,
  { state, redirectUri }: Way,
  asked: Readonly<Record<string, string>>,
): string {
  const query = new URLSearchParams({ client_id: clientId, ...asked, redirect_uri: redirectUri, state });
  return `${url}/oauth/v2/authorize?${query}`;
}

/** What Slack brought back. The redirect address must be the one that the way began with. */
export interface Code {
  readonly code: string;
  readonly redirectUri: string;
}

/** Exchanges the code that an installation brought. */
export async function exchangeInstall(
  app: SlackApp,
  { code, redirectUri }: Code,
  rules: AddressRules,
): Promise<Result<Installed, SlackTrouble>> {
  const answered = await access(app, { code, redirect_uri: redirectUri }, rules);
  return answered.ok ? readInstalled(answered.value) : answered;
}

/** Exchanges the code that a member's signing in brought. Their own token is not kept. */
export async function exchangeLink(
  app: SlackApp,
  { code, redirectUri }: Code,
  rules: AddressRules,
): Promise<Result<SignedIn, SlackTrouble>> {
  const answered = await access(app, { code, redirect_uri: redirectUri }, rules);
  if (!answered.ok) return answered;
  const teamId = asText(asObject(answered.value.team)?.id);
  const userId = asText(asObject(answered.value.authed_user)?.id);
  return teamId === "" || userId === "" ? fail(UNREADABLE) : ok({ teamId, userId });
}

/** Exchanges a refresh token, which is then used up (authentication/using-token-rotation). */
export async function exchangeRefresh(
  app: SlackApp,
  refreshToken: string,
  rules: AddressRules,
): Promise<Result<Pick<Installed, "token" | "refreshToken" | "expiresIn">, SlackTrouble>> {
  const answered = await access(app, { grant_type: "refresh_token", refresh_token: refreshToken }, rules);
  if (!answered.ok) return answered;
  const token = asText(answered.value.access_token);
  return token === "" ? fail(UNREADABLE) : ok({ token, ...readRotation(answered.value) });
}

/** Ends a token, if Slack can be reached: what is deleted here is of no use to anybody all the same. */
export async function revokeToken(url: string, token: string, rules: AddressRules): Promise<void> {
  const revoked = await callSlack({ url, token, rules }, "auth.revoke");
  if (!revoked.ok) console.warn({ event: "slack_token_not_revoked", code: revoked.error.code });
}

const access = (
  { url, clientId, clientSecret }: SlackApp,
  args: Readonly<Record<string, string>>,
  rules: AddressRules,
): Promise<Result<SlackAnswer, SlackTrouble>> =>
  callSlack({ url, token: null, rules }, "oauth.v2.access", args, {
    authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
  });

const UNREADABLE: SlackTrouble = { code: OWN_CODES.unreadable, httpStatus: 200, phase: "ambiguous" };
/** Slack's own word for an app that is installed for a whole enterprise, which has no team of its own. */
const ENTERPRISE_WIDE: SlackTrouble = {
  code: "cannot_install_an_org_installed_app",
  httpStatus: 200,
  phase: "refused",
};

function readInstalled(answer: SlackAnswer): Result<Installed, SlackTrouble> {
  const team = asObject(answer.team);
  const [token, teamId] = [asText(answer.access_token), asText(team?.id)];
  if (answer.is_enterprise_install === true) return fail(ENTERPRISE_WIDE);
  if (token === "" || teamId === "") return fail(UNREADABLE);
  return ok({
    token,
    ...readRotation(answer),
    scopes: asText(answer.scope),
    appId: asText(answer.app_id),
    botUserId: asText(answer.bot_user_id),
    team: { id: teamId, name: asText(team?.name) || teamId },
    enterpriseId: asText(asObject(answer.enterprise)?.id) || null,
  });
}

function readRotation({ refresh_token, expires_in }: SlackAnswer): Pick<Installed, "refreshToken" | "expiresIn"> {
  const refreshToken = asText(refresh_token) || null;
  const expiresIn = typeof expires_in === "number" && expires_in > 0 ? expires_in * SECOND_MS : null;
  return { refreshToken, expiresIn: refreshToken === null ? null : expiresIn };
}
