/** The line to a project's actor: how a door calls its verbs, and what it does when the platform lets the call down. */
import { openSocket, reachProject } from "../actor/reach.ts";
import type { Answer, Idempotency, ProjectVerbs } from "../actor/rpc.ts";
import type { ProjectScope } from "../domain/access.ts";
import type { Credential } from "../domain/audit.ts";
import type { Failure } from "../domain/errors.ts";
import { fail, ok } from "../domain/result.ts";
import type { Env } from "../env.ts";

/** Three ways to call, by what a second call would do; and one to listen. */
export interface ProjectLine {
  /** Calls a verb that may be called twice without harm: one that reads, ends in the same state, or is keyed. */
  repeatable<Value>(call: (project: ProjectVerbs) => Answer<Value>): Answer<Value>;
  /** Calls a verb that must not be called twice: whether a call that broke was done is unknown. */
  once<Value>(call: (project: ProjectVerbs) => Answer<Value>): Answer<Value>;
  /** Calls a verb that may be called twice only under the caller's idempotency key. */
  keyed<Value>(
    idempotency: Idempotency | undefined,
    call: (project: ProjectVerbs, idempotency: Idempotency | undefined) => Answer<Value>,
  ): Answer<Value>;
  /** A WebSocket of the project, in the answer that hands it over; or with the status that says why there is none. */
  listen(credential: Credential["id"]): Answer<Response>;
}

/** The line to one project. */
export function projectLine(env: Env, scope: ProjectScope): ProjectLine {
  const attempt = async <Value>(call: (project: ProjectVerbs) => Answer<Value>, again: boolean): Answer<Value> => {
    try {
      // A stub that threw may be broken for good, so each try takes a new one.
      return await call(reachProject(env, scope));
    } catch (error) {
      if (says(error, "overloaded")) return fail(BUSY);
      if (!says(error, "retryable")) throw error;
      return again ? attempt(call, false) : fail(INTERRUPTED);
    }
  };
  return {
    repeatable: (call) => attempt(call, true),
    once: (call) => attempt(call, false),
    keyed: (idempotency, call) => attempt((project) => call(project, idempotency), idempotency !== undefined),
    listen: (credential) => attempt(async () => ok(await openSocket(env, scope, credential)), true),
  };
}

/** The platform marks its errors with flags; their class does not survive the border. */
const says = (error: unknown, flag: "overloaded" | "retryable"): boolean =>
  error instanceof Error &&
  flag in error &&
  Object.entries(error).some(([name, value]) => name === flag && value === true);

const BUSY: Failure = {
  code: "unavailable",
  message: "The project has more calls than it can answer. Try again shortly.",
};

const INTERRUPTED: Failure = {
  code: "unavailable",
  message:
    "The call was interrupted. Try again; with an Idempotency-Key a write happens once, however often it is sent.",
};
