/** Rate limits of the API: for each token or session, for all callers of a workspace together, and for strangers. */
import type { Caller } from "../directory/callers.ts";
import type { Env } from "../env.ts";
import type { PageTokenSubject } from "../http/page-token.ts";
import type { Problem } from "./problem.ts";

/** The period of the limits in wrangler.toml; the platform does not say how much of it is left. */
const PERIOD_SECONDS = 60;

/** Null when the caller may go on. A deployment that binds no limiter has no limits. */
export async function refuseRate(env: Env, caller: Caller): Promise<Problem | null> {
  const [token, workspace] = await Promise.all([
    env.TOKEN_RATE?.limit({ key: caller.credential.id }),
    env.WORKSPACE_RATE?.limit({ key: caller.scope.workspaceId }),
  ]);
  if (token?.success === false) return tooMany(caller.credential.kind);
  if (workspace?.success === false) return tooMany("workspace");
  return null;
}

/**
 * Null when the page of a run may be shown once more. By itself: whoever has such a token must not use up a workspace's share.
 * And for each purpose by itself: a capture asks a few times at most, and is not held up by people who look.
 */
export async function refusePageRate(
  { TOKEN_RATE }: Pick<Env, "TOKEN_RATE">,
  { run, purpose }: PageTokenSubject,
): Promise<Problem | null> {
  const page = await TOKEN_RATE?.limit({ key: `page:${run}:${purpose}` });
  return page?.success === false ? tooMany("page") : null;
}

const tooMany = (of: "token" | "session" | "workspace" | "page"): Problem => ({
  code: "rate_limited",
  detail: `There were too many requests of this ${of}. Try again in a minute.`,
  headers: { "retry-after": String(PERIOD_SECONDS) },
  extra: { limit: `requests_per_${of}` },
});

/** The refusal of a client that has brought too many tokens or sessions that nobody knows. */
export const tooManyUnknown = (what: "token" | "session"): Problem => ({
  code: "rate_limited",
  detail: `From where you are, too many ${what}s came that nobody knows. Try again in a minute.`,
  headers: { "retry-after": String(PERIOD_SECONDS) },
  extra: { limit: `unknown_${what}s_per_client` },
});
