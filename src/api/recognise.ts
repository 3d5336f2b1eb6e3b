/** Who calls: the bearer of a token, or a browser that is signed in. */
import type { Context } from "hono";
import { authenticate, authenticateSession } from "../directory/authenticate.ts";
import type { Caller } from "../directory/callers.ts";
import { fail, type Result } from "../domain/result.ts";
import { clientOf } from "../http/client.ts";
import { isSameOrigin } from "../http/same-origin.ts";
import { readSession } from "../http/session-cookie.ts";
import { lookUp } from "../http/strangers.ts";
import { now } from "../system.ts";
import type { ApiEnv } from "./operation.ts";
import type { Problem } from "./problem.ts";
import { refuseRate, tooManyUnknown } from "./rate-limits.ts";
import { unauthorized } from "./unauthorized.ts";

/** Methods that change nothing (RFC 9110 section 9.2.1). */
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * The caller, if they may call at all: known, not too often, not from another site, and not writing with a read token.
 * `fresh`: asked of the directory, whatever is remembered.
 */
export async function recognise(
  c: Context<ApiEnv>,
  { fresh }: { readonly fresh: boolean },
): Promise<Result<Caller, Problem>> {
  const caller = await identify(c, fresh);
  if (!caller.ok) return caller;
  const isSafe = SAFE.has(c.req.method);
  if (!isSafe && caller.value.credential.kind === "session" && !isSameOrigin(c.req.raw)) return fail(CROSS_SITE);
  if (!isSafe && caller.value.mode === "read") return fail(READ_ONLY);
  const tooMany = await refuseRate(c.env, caller.value);
  return tooMany === null ? caller : fail(tooMany);
}

async function identify(c: Context<ApiEnv>, fresh: boolean): Promise<Result<Caller, Problem>> {
  const context = {
    db: c.env.DIRECTORY,
    now: now(),
    later: (work: Promise<unknown>) => c.executionCtx.waitUntil(work),
    fresh,
  };
  const { headers } = c.req.raw;
  const bearer = headers.get("authorization");
  const session = bearer === null ? await readSession(c.env.CARILLON_KEY, headers.get("cookie")) : null;
  const client = clientOf(c.req.raw);
  const stranger =
    session === null
      ? { what: "token" as const, client, secret: bearer ?? "", now: context.now }
      : { what: "session" as const, client, secret: session, now: context.now };
  const caller = await lookUp(stranger, c.env.SIGN_IN_RATE, () =>
    session === null ? authenticate(bearer, context) : authenticateSession(session, context),
  );
  if (caller.ok) return caller;
  return fail(caller.error === "kept_out" ? tooManyUnknown(stranger.what) : unauthorized(caller.error));
}

export const CROSS_SITE: Problem = {
  code: "cross_site",
  detail: "A browser that is signed in may change things only from a page of this deployment.",
};

const READ_ONLY: Problem = {
  code: "forbidden",
  detail: "The token may read and not write.",
  extra: { needs: "write", has: "read" },
};
