/** Who calls: the bearer of a token, or a browser that is signed in. */
import type { Context } from "hono";
import { authenticate, authenticateSession } from "../directory/authenticate.ts";
import type { Caller } from "../directory/callers.ts";
import { fail, type Result } from "../domain/result.ts";
import { isSameOrigin } from "../http/same-origin.ts";
import { readSession } from "../http/session-cookie.ts";
import { now } from "../system.ts";
import type { ApiEnv } from "./operation.ts";
import type { Problem } from "./problem.ts";
import { refuseRate } from "./rate-limits.ts";
import { unauthorized } from "./unauthorized.ts";

/** Methods that change nothing (RFC 9110 section 9.2.1). */
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** The caller, if they may call at all: known, not too often, not from another site, and not writing with a read token. */
export async function recognise(c: Context<ApiEnv>): Promise<Result<Caller, Problem>> {
  const caller = await identify(c);
  if (!caller.ok) return caller;
  const isSafe = SAFE.has(c.req.method);
  if (!isSafe && caller.value.credential.kind === "session" && !isSameOrigin(c.req.raw)) return fail(CROSS_SITE);
  if (!isSafe && caller.value.mode === "read") return fail(READ_ONLY);
  const tooMany = await refuseRate(c.env, caller.value);
  return tooMany === null ? caller : fail(tooMany);
}

async function identify(c: Context<ApiEnv>): Promise<Result<Caller, Problem>> {
  const context = {
    db: c.env.DIRECTORY,
    now: now(),
    later: (work: Promise<unknown>) => c.executionCtx.waitUntil(work),
  };
  const { headers } = c.req.raw;
  const bearer = headers.get("authorization");
  const secret = bearer === null ? await readSession(c.env.CARILLON_KEY, headers.get("cookie")) : null;
  const caller = secret === null ? await authenticate(bearer, context) : await authenticateSession(secret, context);
  return caller.ok ? caller : fail(unauthorized(caller.error));
}

const CROSS_SITE: Problem = {
  code: "cross_site",
  detail: "A browser that is signed in may change things only from a page of this deployment.",
};

const READ_ONLY: Problem = {
  code: "forbidden",
  detail: "The token may read and not write.",
  extra: { needs: "write", has: "read" },
};
