/** What a handler gives back: a reply, or a problem. */
import type { Target } from "../domain/audit.ts";
import type { Failure } from "../domain/errors.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type Problem, problemOf, renderProblem } from "./problem.ts";

/** An answer that is no problem. */
export interface Reply {
  readonly status: number;
  /** Absent: no content. */
  readonly body?: unknown;
  /** A body that is JSON text already. */
  readonly json?: string;
  /** A body that is something else. */
  readonly content?: { readonly type: string; readonly body: string | ReadableStream<Uint8Array> };
  /** The other end of a connection, with the status 101. */
  readonly webSocket?: WebSocket;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the operation acted on, for the audit; null when it did nothing. Absent: what the address names. */
  readonly target?: Target | null;
}

/** What every handler ends in. */
export type Answered = Result<Reply, Problem>;

/** Says what the operation acted on; null: nothing. */
export const onTarget = (made: Reply, target: Target | null): Reply => ({ ...made, target });

/** Makes a reply; without a body it has no content. */
export const reply = (status: number, body?: unknown, headers?: Readonly<Record<string, string>>): Reply => ({
  status,
  body,
  ...(headers === undefined ? {} : { headers }),
});

/** Turns what a verb answered into a reply; a failure becomes its problem. */
export function answer<Value>(outcome: Result<Value, Failure>, render: (value: Value) => Reply): Answered {
  if (!outcome.ok) return fail(problemOf(outcome.error));
  const rendered = render(outcome.value);
  if (!isReplayed(outcome)) return ok(rendered);
  return ok({ ...rendered, headers: { ...rendered.headers, ...REPLAYED } });
}

/** Says that the answer was given before, under the same `Idempotency-Key`. */
export const REPLAYED = { "idempotency-replayed": "true" } as const;

/** The actor marks an answer that it remembered. */
const isReplayed = (outcome: object): boolean => "replayed" in outcome && outcome.replayed === true;

/** The answer as it is sent. */
export function renderAnswer(answered: Answered, requestId: string): Response {
  if (!answered.ok) return renderProblem(answered.error, requestId);
  const { status, body, json, content, webSocket, headers } = answered.value;
  // Made anew, and not passed on as the actor gave it: its headers could not be added to.
  if (webSocket !== undefined) return new Response(null, { status, webSocket, headers: { ...headers } });
  if (content !== undefined)
    return new Response(content.body, { status, headers: { "content-type": content.type, ...headers } });
  const text = json ?? (body === undefined ? null : JSON.stringify(body));
  return new Response(text, {
    status,
    headers: { ...(text === null ? {} : { "content-type": "application/json" }), ...headers },
  });
}
