/** Whether it is the operator who calls: whoever runs the deployment. */
import type { Context } from "hono";
import { authenticateOperator } from "../directory/operators.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { now } from "../system.ts";
import type { ApiEnv } from "./operation.ts";
import type { Problem } from "./problem.ts";
import { unauthorized } from "./unauthorized.ts";

/** They have no session and no limit of their rate: their tokens are few, and of another kind than those of workspaces. */
export async function recogniseOperator(c: Context<ApiEnv>): Promise<Result<void, Problem>> {
  const known = await authenticateOperator(c.req.header("authorization") ?? null, {
    db: c.env.DIRECTORY,
    now: now(),
    later: (work) => c.executionCtx.waitUntil(work),
  });
  return known.ok ? ok(undefined) : fail(unauthorized(known.error));
}
