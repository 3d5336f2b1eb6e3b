/** Whether it is the operator who calls: whoever runs the deployment. */
import type { Context } from "hono";
import { authenticateOperator } from "../directory/operators.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { clientOf } from "../http/client.ts";
import { lookUp } from "../http/strangers.ts";
import { now } from "../system.ts";
import type { ApiEnv } from "./operation.ts";
import type { Problem } from "./problem.ts";
import { tooManyUnknown } from "./rate-limits.ts";
import { unauthorized } from "./unauthorized.ts";

/** They have no session and no limit of their rate: their tokens are few, and of another kind than those of workspaces. */
export async function recogniseOperator(c: Context<ApiEnv>): Promise<Result<void, Problem>> {
  const bearer = c.req.header("authorization") ?? null;
  const context = {
    db: c.env.DIRECTORY,
    now: now(),
    later: (work: Promise<unknown>) => c.executionCtx.waitUntil(work),
  };
  const stranger = { what: "token", client: clientOf(c.req.raw), secret: bearer ?? "", now: context.now } as const;
  const known = await lookUp(stranger, c.env.SIGN_IN_RATE, () => authenticateOperator(bearer, context));
  if (known.ok) return ok(undefined);
  return fail(known.error === "kept_out" ? tooManyUnknown(stranger.what) : unauthorized(known.error));
}
