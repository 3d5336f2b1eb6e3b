/** Signing out: here, or everywhere. */
import { endSession, endSessionsOf } from "../../directory/sessions.ts";
import { clearHostCookie } from "../../http/host-cookie.ts";
import { SESSION_COOKIE } from "../../http/session-cookie.ts";
import { onPost, type Pages, scribeOf, setCookie, show, type Visit } from "../door.tsx";
import { Notice } from "../frame.tsx";
import { type Visitor, visitorOf } from "../visitor.ts";
import { isBehindAccess } from "./vouching.tsx";

/** A page of its own: the sign-in page would let whoever is behind Cloudflare Access in again at once. */
const SIGNED_OUT = "/signed-out";

export function mountSignOut(pages: Pages): void {
  onPost(pages, "/sign-out", (c) =>
    leave(c, ({ membership, session }) => {
      const { scope, memberId: id, email } = membership;
      return endSession(
        c.env.DIRECTORY,
        scope,
        { id, email },
        session,
        scribeOf(c, { kind: "member", id, name: email }),
      );
    }),
  );

  onPost(pages, "/sign-out/everywhere", (c) =>
    leave(c, ({ membership }) => {
      const { scope, memberId: id, email } = membership;
      return endSessionsOf(c.env.DIRECTORY, scope, { id, email }, scribeOf(c, { kind: "member", id, name: email }));
    }),
  );

  pages.get(SIGNED_OUT, (c) => show(c, <SignedOutPage isBehindAccess={isBehindAccess(c)} />));
}

async function leave(c: Visit, end: (visitor: Visitor) => Promise<unknown>): Promise<Response> {
  const visitor = await visitorOf(c);
  if (visitor !== null) await end(visitor);
  setCookie(c, clearHostCookie(SESSION_COOKIE));
  return c.redirect(SIGNED_OUT, 303);
}

const SignedOutPage = ({ isBehindAccess }: { readonly isBehindAccess: boolean }) => (
  <Notice
    title="You are signed out"
    lines={[
      "The session with this browser has ended.",
      ...(isBehindAccess ? ["Cloudflare Access still knows you: it has a sign-out of its own."] : []),
    ]}
    next={
      isBehindAccess
        ? { href: "/cdn-cgi/access/logout", label: "Sign out of Cloudflare Access too" }
        : { href: "/sign-in", label: "Sign in again" }
    }
  />
);
