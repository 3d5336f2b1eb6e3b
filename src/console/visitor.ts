/** Whoever is signed in with the browser that asks. */
import { authenticateSession } from "../directory/authenticate.ts";
import type { Caller } from "../directory/callers.ts";
import { findMembership, type Membership } from "../directory/memberships.ts";
import type { SessionId } from "../domain/ids.ts";
import { clientOf } from "../http/client.ts";
import { readSession } from "../http/session-cookie.ts";
import { lookUp } from "../http/strangers.ts";
import { now } from "../system.ts";
import type { Visit } from "./door.tsx";

/** A member in one session. */
export interface Visitor {
  readonly membership: Membership;
  readonly session: SessionId;
  /** As what they may do in a project is asked of. */
  readonly caller: Caller;
}

/** Null when nobody is signed in: without a cookie, with one that is not ours, or with one whose session is over. */
export async function visitorOf(c: Visit): Promise<Visitor | null> {
  const { DIRECTORY, CARILLON_KEY, SIGN_IN_RATE } = c.env;
  const secret = await readSession(CARILLON_KEY, c.req.header("cookie") ?? null);
  if (secret === null) return null;
  const later = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const at = now();
  const caller = await lookUp({ what: "session", client: clientOf(c.req.raw), secret, now: at }, SIGN_IN_RATE, () =>
    authenticateSession(secret, { db: DIRECTORY, now: at, later }),
  );
  if (!caller.ok) return null;
  const { memberId, credential } = caller.value;
  if (memberId === null || credential.kind !== "session") return null;
  const membership = await findMembership(DIRECTORY, memberId);
  return membership === null ? null : { membership, session: credential.id, caller: caller.value };
}
