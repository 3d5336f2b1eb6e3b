/** Does a write once for an `Idempotency-Key`: the second time it answers what it answered the first. */
import { createHash } from "node:crypto";
import { type Addition, answerGiven, type GivenAnswer, keepAnswer, type Wish } from "../directory/idempotency.ts";
import type { Failure } from "../domain/errors.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type Answered, REPLAYED, reply } from "./answer.ts";
import type { WorkspaceAsk } from "./door.ts";
import { problemOf } from "./problem.ts";

const CREATED = 201;

/** What was made, as it is answered now; `answered`: a twin of this request made it. */
export interface Made {
  readonly addition: Addition;
  readonly shown: unknown;
}

/** The wish that goes with a write, and what a repeated request will be answered; undefined without a key. */
export type WishFor = (kept: unknown) => Wish | undefined;

type Asking = WorkspaceAsk<unknown, unknown, unknown>;

/** `again`: how a repeated request is answered; by default as the first one. */
export async function makeOnce(
  ask: Asking,
  make: (wishFor: WishFor) => Promise<Result<Made, Failure>>,
  again: (given: GivenAnswer) => Answered | Promise<Answered> = asBefore,
): Promise<Answered> {
  const before = await givenBefore(ask);
  if (!before.ok) return fail(problemOf(before.error));
  if (before.value !== null) return again(before.value);
  const made = await make(wishForOf(ask));
  if (!made.ok) return fail(problemOf(made.error));
  if (made.value.addition === "added") return ok(reply(CREATED, made.value.shown));
  const given = await givenBefore(ask);
  if (!given.ok) return fail(problemOf(given.error));
  if (given.value === null) throw new Error("An answer that was in the way is gone.");
  return again(given.value);
}

/**
 * Answers a repeated request as the first one, for a write outside of the directory, which cannot be kept in one batch with
 * its answer: it may be done twice without harm, when its twin came at the same moment or its answer was lost.
 */
export async function answerOnce(ask: Asking, work: () => Promise<Answered>): Promise<Answered> {
  const before = await givenBefore(ask);
  if (!before.ok) return fail(problemOf(before.error));
  if (before.value !== null) return asBefore(before.value);
  const answered = await work();
  const asked = askedOf(ask);
  if (asked === undefined || !answered.ok) return answered;
  const { status, body } = answered.value;
  const wish = { ...asked, answer: { status, body: JSON.stringify(body) } };
  try {
    await ask.env.DIRECTORY.batch([...keepAnswer(ask.env.DIRECTORY, ask.caller.scope, wish, ask.now)]);
  } catch (cause) {
    if (!String(cause).includes("UNIQUE constraint failed: idempotency_answers")) throw cause;
  }
  return answered;
}

const wishForOf =
  (ask: Asking): WishFor =>
  (kept) => {
    const asked = askedOf(ask);
    return asked === undefined ? undefined : { ...asked, answer: { status: CREATED, body: JSON.stringify(kept) } };
  };

async function givenBefore(ask: Asking): Promise<Result<GivenAnswer | null, Failure>> {
  const asked = askedOf(ask);
  return asked === undefined ? ok(null) : answerGiven(ask.env.DIRECTORY, ask.caller.scope, asked, ask.now);
}

/** A key is its caller's own: what was answered to one member is not for another who happens to choose the same. */
function askedOf({ idempotency, caller }: Asking): Omit<Wish, "answer"> | undefined {
  if (idempotency === undefined) return undefined;
  const owner = caller.memberId ?? caller.credential.id;
  const key = createHash("sha256").update(`${owner}\n${idempotency.key}`).digest("base64url");
  return { key, fingerprint: idempotency.fingerprint };
}

const asBefore = ({ status, body }: GivenAnswer): Answered => ok({ status, json: body, headers: REPLAYED });
