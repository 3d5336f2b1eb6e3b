/** Whoever is signed in with the browser that asks. */
import { authenticateSession } from "../directory/authenticate.ts";
import { findMembership, type Membership } from "../directory/memberships.ts";
import type { SessionId } from "../domain/ids.ts";
import { readSession } from "../http/session-cookie.ts";
import { now } from "../system.ts";
import type { Visit } from "./door.tsx";

/** A member in one session. */
export interface Visitor {
  readonly membership: Membership;
  readonly session: SessionId;
}

/** Null when nobody is signed in: without a cookie, with one that is not ours, or with one whose session is over. */
export async function visitorOf(c: Visit): Promise<Visitor | null> {
  const { DIRECTORY, CARILLON_KEY } = c.env;
  const secret = await readSession(CARILLON_KEY, c.req.header("cookie") ?? null);
  if (secret === null) return null;
  const later = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const caller = await authenticateSession(secret, { db: DIRECTORY, now: now(), later });
  if (!caller.ok) return null;
  const { memberId, credential } = caller.value;
  if (memberId === null || credential.kind !== "session") return null;
  const membership = await findMembership(DIRECTORY, memberId);
  return membership === null ? null : { membership, session: credential.id };
}
