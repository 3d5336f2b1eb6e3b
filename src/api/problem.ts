/** Refusals as RFC 9457 problems: the one place where an expected failure becomes a public answer. */
import type { Failure, InputIssue } from "../domain/errors.ts";
import { unreachable } from "../domain/result.ts";
import { PROBLEMS, type ProblemCode, problemType } from "./problem-catalogue.ts";

const RETRY_AFTER_SECONDS = 1;

/** A problem before it knows which request it answers. */
export interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors?: readonly InputIssue[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Data of this code alone, for JSON: which limit, how much of it is used. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The same for what never was, what is gone and what belongs to someone else: a caller cannot tell them apart. */
export const NOT_FOUND: Problem = {
  code: "not_found",
  detail: "There is nothing at this address, or it is not yours to see.",
};

/** The caller acts on a version of the resource that is gone. */
export const CHANGED_SINCE: Problem = {
  code: "precondition_failed",
  detail: "It was changed since it was read. Read it again, then repeat the change.",
};

/** Something in the body. */
export const invalidInput = (errors: readonly InputIssue[]): Problem => ({
  code: "invalid_input",
  detail: summaryOf(errors),
  errors,
});

/** Something in the query or the headers. */
export const invalidRequest = (errors: readonly InputIssue[]): Problem => ({
  code: "invalid_request",
  detail: summaryOf(errors),
  errors,
});

/** The public answer to each expected failure of a verb. */
export function problemOf(failure: Failure): Problem {
  switch (failure.code) {
    case "invalid":
      return invalidInput(failure.issues);
    case "not_found":
      return NOT_FOUND;
    case "conflict":
      return { code: "conflict", detail: failure.message };
    case "changed_since":
      return CHANGED_SINCE;
    case "limit_reached":
      return limitReached(failure);
    case "unavailable":
      return unavailable(failure.message);
    case "idempotency_key_reused":
      return {
        code: "idempotency_key_reused",
        detail: "This Idempotency-Key came before with another request; give each request a key of its own.",
      };
    default:
      return unreachable(failure);
  }
}

/** Nothing is wrong with the request; it may be sent again. */
export const unavailable = (detail: string): Problem => ({
  code: "unavailable",
  detail,
  headers: { "retry-after": String(RETRY_AFTER_SECONDS) },
});

/** The members of the problem document. */
export type ProblemMembers = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly request_id: string;
  readonly errors?: InputIssue[];
};

/** The problem as an answer to one request. */
export function problemBody(problem: Problem, requestId: string): ProblemMembers {
  const { status, title } = PROBLEMS[problem.code];
  return {
    type: problemType(problem.code),
    title,
    status,
    detail: problem.detail,
    code: problem.code,
    request_id: requestId,
    ...problem.extra,
    ...(problem.errors === undefined ? {} : { errors: [...problem.errors] }),
  };
}

/** The problem as an answer. */
export function renderProblem(problem: Problem, requestId: string): Response {
  return new Response(JSON.stringify(problemBody(problem, requestId)), {
    status: PROBLEMS[problem.code].status,
    headers: { "content-type": "application/problem+json", ...problem.headers },
  });
}

function limitReached(failure: Extract<Failure, { code: "limit_reached" }>): Problem {
  const { limit, allowed, used, plan } = failure;
  const lift = plan === undefined ? "" : ` The ${plan} plan lifts it.`;
  const said =
    typeof allowed === "boolean"
      ? `The workspace's plan does not include ${limit}.`
      : `The limit ${limit} is ${allowed}; this would come to ${used}.`;
  return {
    code: "limit_reached",
    detail: `${said}${lift}`,
    extra: { limit, allowed, used, ...(plan === undefined ? {} : { plan }) },
  };
}

function summaryOf(errors: readonly InputIssue[]): string {
  const [first] = errors;
  if (first === undefined) return "The input cannot be accepted.";
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return `${first.path === "" ? "" : `${first.path}: `}${first.message}${more}`;
}
