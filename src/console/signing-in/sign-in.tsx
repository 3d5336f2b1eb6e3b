/** `/sign-in`: by a link in a mail, or as Cloudflare Access knows whoever is there. */
import { postOf } from "../../delivery/email/choosing.ts";
import type { Post } from "../../delivery/email/post.ts";
import { sendSignInLink } from "../../delivery/email/sign-in.ts";
import { findMembership, normalEmail } from "../../directory/memberships.ts";
import { SECRET_RANDOM_BYTES, secretText } from "../../directory/sessions.ts";
import { keepAskedLink, LINK_MS, type LinkFailure, openSignInLink } from "../../directory/sign-in-links.ts";
import { DAY_MS } from "../../domain/time/instant.ts";
import { type Env, publicOrigin, readConfig } from "../../env.ts";
import { clientOf } from "../../http/client.ts";
import { readCookie, setHostCookie } from "../../http/host-cookie.ts";
import { isOpenedAsPage } from "../../http/same-origin.ts";
import { newId, now, randomBytes } from "../../system.ts";
import { type Form, onPost, type Pages, setCookie, show, type Visit } from "../door.tsx";
import { visitorOf } from "../visitor.ts";
import { takeWayBack } from "../way-back.ts";
import { enter, enterAs } from "./entering.tsx";
import { findBehind, refuseLink } from "./opening-links.tsx";
import { AskPage, LinkTroublePage, NoMailPage, NoPagePage, SentPage, TooManyPage } from "./sign-in-pages.tsx";
import { AccessAlonePage, isBehindAccess, vouchedFor } from "./vouching.tsx";

/** What a browser that asks for a link is known by: the link works in no other. */
const BROWSER_COOKIE = "__Host-carillon-browser";
const BROWSER = /^[A-Za-z0-9_-]{43}$/;

export function mountSignIn(pages: Pages): void {
  pages.get("/sign-in", greet);
  onPost(pages, "/sign-in", askForLink);
  pages.get("/sign-in/:secret", followLink);
}

async function greet(c: Visit): Promise<Response> {
  const config = readConfig(c.env);
  const { origin } = new URL(c.req.url);
  const home = publicOrigin(config, origin);
  // A link leads to the public address, and the cookie that goes with it must be there too. Told once: behind a proxy of
  // one's own the two never agree.
  if (home !== origin && c.req.query("here") === undefined) return c.redirect(`${home}/sign-in?here`);
  const vouched = await vouchedFor(c);
  if (vouched.kind === "refused") return vouched.answer;
  if (vouched.kind === "vouched") return enterByAccess(c, vouched.email);
  if (postFor(c) === null) return show(c, <NoMailPage />);
  markBrowser(c);
  return show(c, <AskPage />);
}

/**
 * Access vouches on every request, so that looking at this address signs in. Only a person's own look does: another page can
 * have a browser load it as an image. And once is enough: a second time would end the session that is there.
 */
async function enterByAccess(c: Visit, email: string): Promise<Response> {
  if (!isOpenedAsPage(c.req.raw)) return show(c, <NoPagePage />, 403);
  const visitor = await visitorOf(c);
  return visitor?.membership.email === email ? c.redirect(takeWayBack(c)) : enterAs(c, email, "access");
}

async function askForLink(c: Visit, { email: given = "" }: Form): Promise<Response> {
  if (isBehindAccess(c)) return show(c, <AccessAlonePage />, 403);
  const post = postFor(c);
  if (post === null) return show(c, <NoMailPage />, 503);
  const email = normalEmail(given);
  if (email === null)
    return show(c, <AskPage email={given} trouble="This is not an email address, such as ada@example.com." />, 422);
  const limited = await c.env.SIGN_IN_RATE?.limit({ key: `sign-in:${clientOf(c.req.raw)}` });
  if (limited?.success === false) return show(c, <TooManyPage />, 429);
  const browser = markBrowser(c);
  const origin = publicOrigin(readConfig(c.env), c.req.url);
  // Behind the answer: neither it nor its time may tell whether the address is known.
  c.executionCtx.waitUntil(sendLink(c.env, post, { email, browser, origin, requestId: c.get("requestId") }));
  return show(c, <SentPage email={email} />);
}

const postFor = ({ env }: Visit): Post | null => postOf(env, readConfig(env), { now, newId });

async function sendLink(
  { DIRECTORY }: Env,
  post: Post,
  { email, browser, origin, requestId }: Readonly<Record<"email" | "browser" | "origin" | "requestId", string>>,
): Promise<void> {
  const secret = secretText(randomBytes(SECRET_RANDOM_BYTES));
  const at = now();
  if (!(await keepAskedLink(DIRECTORY, { email, browser, now: at }, secret))) return;
  const sent = await sendSignInLink(post, {
    to: email,
    link: `${origin}/sign-in/${secret}`,
    expiresAt: at + LINK_MS.sign_in,
    host: new URL(origin).host,
  });
  if (!sent.ok)
    console.error({ event: "mail_not_sent", mail: "sign_in", request_id: requestId, ...sent.error.failure });
}

async function followLink(c: Visit): Promise<Response> {
  if (isBehindAccess(c)) return show(c, <AccessAlonePage />, 403);
  const { DIRECTORY } = c.env;
  const secret = c.req.param("secret") ?? "";
  const opened = await findBehind(c, secret, () =>
    openSignInLink(DIRECTORY, secret, {
      browser: readCookie(c.req.raw, BROWSER_COOKIE),
      isLocal: readConfig(c.env).localSignIn,
      now: now(),
    }),
  );
  if (!opened.ok) return refuse(c, opened.error);
  if (opened.value.way === "link") return enterAs(c, opened.value.email, "link");
  const membership = await findMembership(DIRECTORY, opened.value.memberId);
  return membership === null ? refuse(c, "unknown") : enter(c, membership, "local");
}

const refuse = (c: Visit, failure: LinkFailure | "kept_out"): Promise<Response> =>
  refuseLink(c, failure, (why) => <LinkTroublePage failure={why} />);

/** The browser's mark, which is made when it has none. It stays the same, so that several links may be under way. */
function markBrowser(c: Visit): string {
  const known = readCookie(c.req.raw, BROWSER_COOKIE);
  const mark = known !== null && BROWSER.test(known) ? known : secretText(randomBytes(SECRET_RANDOM_BYTES));
  setCookie(c, setHostCookie(BROWSER_COOKIE, mark, DAY_MS));
  return mark;
}
