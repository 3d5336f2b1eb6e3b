/** What nobody expected: said to the operator with its cause, and to the caller without. */
import type { Context } from "hono";
import type { ApiEnv } from "./operation.ts";
import { type Problem, renderProblem } from "./problem.ts";

const FAULT: Problem = {
  code: "internal_error",
  detail: "Something went wrong on our side. It was noted under the request id.",
};

/** Notes the fault in one structured line, and answers with the id that finds it. */
export function noteFault(thrown: unknown, c: Context<ApiEnv>): Response {
  const requestId = c.get("requestId");
  const isError = thrown instanceof Error;
  console.error({
    event: "request_failed",
    request_id: requestId,
    method: c.req.method,
    path: c.req.path,
    error: String(thrown),
    cause: isError && thrown.cause !== undefined ? String(thrown.cause) : undefined,
    stack: isError ? thrown.stack : undefined,
  });
  return renderProblem(FAULT, requestId);
}
