/** The last step of every way in: a browser becomes the session of one member. */
import type { Membership } from "../../directory/memberships.ts";
import { membershipsOf } from "../../directory/memberships.ts";
import { SECRET_RANDOM_BYTES, SESSION_MS, type SignInWay, secretText, startSession } from "../../directory/sessions.ts";
import { readSessionId } from "../../domain/ids.ts";
import { MINUTE_MS, type Milliseconds } from "../../domain/time/instant.ts";
import { PROOF_COOKIE, sealProof } from "../../http/email-proof.ts";
import { clearHostCookie, setHostCookie } from "../../http/host-cookie.ts";
import { readSession, SESSION_COOKIE, sealSession } from "../../http/session-cookie.ts";
import { newId, now, randomBytes } from "../../system.ts";
import { scribeOf, setCookie, show, type Visit } from "../door.tsx";
import { Notice } from "../frame.tsx";
import { takeWayBack } from "../way-back.ts";

/** Where somebody with several memberships chooses one. */
export const CHOICE = "/sign-in/workspace";
/** How long they may take to choose. */
const PROOF_MS: Milliseconds = 10 * MINUTE_MS;

/** Signs the browser in as this member. The session that it had before ends. */
export async function enter(c: Visit, membership: Membership, way: SignInWay): Promise<Response> {
  const { DIRECTORY, CARILLON_KEY } = c.env;
  const { memberId, email } = membership;
  const secret = secretText(randomBytes(SECRET_RANDOM_BYTES));
  const session = {
    id: readSessionId(newId()),
    secret,
    agent: c.req.header("user-agent") ?? "",
    way,
    replaces: await readSession(CARILLON_KEY, c.req.header("cookie") ?? null),
  };
  const scribe = scribeOf(c, { kind: "member", id: memberId, name: email });
  if (!(await startSession(DIRECTORY, membership, session, scribe))) return refuse(c, email);
  setCookie(c, setHostCookie(SESSION_COOKIE, await sealSession(CARILLON_KEY, secret), SESSION_MS));
  setCookie(c, clearHostCookie(PROOF_COOKIE));
  return c.redirect(takeWayBack(c), 303);
}

/**
 * Signs in whoever has proven an address: at once with one membership, and with several after a choice. Nobody joins a
 * workspace by signing in: to one that only invites them they go by a choice too.
 */
export async function enterAs(c: Visit, email: string, way: "link" | "access"): Promise<Response> {
  const [first, ...others] = await membershipsOf(c.env.DIRECTORY, email);
  if (first === undefined) return refuse(c, email);
  if (others.length === 0 && first.state === "active") return enter(c, first, way);
  const proof = await sealProof(c.env.CARILLON_KEY, { email, way, expiresAt: now() + PROOF_MS });
  setCookie(c, setHostCookie(PROOF_COOKIE, proof, PROOF_MS));
  return c.redirect(CHOICE, 303);
}

const refuse = (c: Visit, email: string): Promise<Response> => show(c, <NotAMember email={email} />, 403);

const NotAMember = ({ email }: { readonly email: string }) => (
  <Notice
    title="No workspace is open to you"
    lines={[
      `${email} is not a member of any workspace here, or no longer.`,
      "Ask an admin or manager of the workspace to invite this address.",
    ]}
    next={{ href: "/sign-in", label: "Sign in with another address" }}
  />
);
