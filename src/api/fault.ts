/** What nobody expected, as the caller is told of it: without its cause. */
import type { Context } from "hono";
import { noteFault } from "../http/fault.ts";
import type { ApiEnv } from "./operation.ts";
import { type Problem, renderProblem } from "./problem.ts";

const FAULT: Problem = {
  code: "internal_error",
  detail: "Something went wrong on our side. It was noted under the request id.",
};

/** Notes the fault, and answers with the id that finds it. */
export function answerFault(thrown: unknown, c: Context<ApiEnv>): Response {
  const requestId = c.get("requestId");
  noteFault({ thrown, requestId }, c);
  return renderProblem(FAULT, requestId);
}
