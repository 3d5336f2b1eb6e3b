/** Every problem the API can answer with: its stable code, its status, and what it means in one sentence. */

/** What all problems of one code have in common. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

/** The document, the docs page and the answers are all made from this table. */
export const PROBLEMS = {
  invalid_input: { status: 422, title: "The body has fields that cannot be accepted." },
  code_functions_unavailable: { status: 422, title: "This deployment cannot run code functions." },
  captures_unavailable: { status: 422, title: "This deployment cannot take captures." },
  slack_unavailable: { status: 422, title: "This deployment has no Slack app." },
  idempotency_key_reused: { status: 422, title: "The Idempotency-Key was used for another request." },
  invalid_request: { status: 400, title: "The address or a header of the request cannot be accepted." },
  malformed_json: { status: 400, title: "The body is not JSON." },
  invalid_cursor: { status: 400, title: "The cursor does not belong to this list." },
  unauthorized: { status: 401, title: "The request needs a valid token." },
  forbidden: { status: 403, title: "You see this, and may not do that with it." },
  cross_site: { status: 403, title: "The request came from another site." },
  limit_reached: { status: 403, title: "A limit is reached." },
  not_found: { status: 404, title: "There is nothing here, or it is not yours to see." },
  method_not_allowed: { status: 405, title: "The address exists, but not for this method." },
  conflict: { status: 409, title: "The state of the resource does not allow this." },
  capture_failed: { status: 409, title: "The capture could not be taken." },
  precondition_failed: { status: 412, title: "The resource was changed since it was read." },
  body_too_large: { status: 413, title: "The body is too large." },
  unsupported_media_type: { status: 415, title: "The body has a type that is not read here." },
  upgrade_required: { status: 426, title: "The address answers with a WebSocket alone." },
  rate_limited: { status: 429, title: "Too many requests in a short time." },
  internal_error: { status: 500, title: "Something went wrong on our side." },
  unavailable: { status: 503, title: "Not possible right now." },
} as const satisfies Readonly<Record<string, ProblemKind>>;

/** A stable code, for programs. */
export type ProblemCode = keyof typeof PROBLEMS;

/** Where a problem is explained: RFC 9457 `type`, relative to the deployment. */
export const problemType = (code: ProblemCode): string => `/docs#problem-${code}`;

/** Every code, in the order of the table. */
export const PROBLEM_CODES = Object.keys(PROBLEMS).filter((code): code is ProblemCode => code in PROBLEMS);
