/** `/sign-in`: by a link in a mail, or as Cloudflare Access knows whoever is there. */
import { type Mailer, mailerOf } from "../delivery/mail/mailer.ts";
import { sendSignInLink } from "../delivery/mail/sign-in.ts";
import { findMembership, normalEmail } from "../directory/memberships.ts";
import { SECRET_RANDOM_BYTES, secretText } from "../directory/sessions.ts";
import { keepAskedLink, LINK_MS, type LinkFailure, linkSecret, openSignInLink } from "../directory/sign-in-links.ts";
import { DAY_MS } from "../domain/time/instant.ts";
import { type Config, type Env, readConfig } from "../env.ts";
import { verifyAccessToken } from "../http/access-jwt.ts";
import { readCookie, setHostCookie } from "../http/host-cookie.ts";
import { now, randomBytes } from "../system.ts";
import { type Form, onPost, type Pages, setCookie, show, type Visit } from "./door.tsx";
import { enter, enterAs } from "./entering.tsx";
import { AccessTroublePage, AskPage, LinkTroublePage, NoMailPage, SentPage, TooManyPage } from "./sign-in-pages.tsx";

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
  const publicOrigin = originOf(config, origin);
  // A link leads to the public address, and the cookie that goes with it must be there too. Told once: behind a proxy of
  // one's own the two never agree.
  if (publicOrigin !== origin && c.req.query("here") === undefined) return c.redirect(`${publicOrigin}/sign-in?here`);
  const token = c.req.header("cf-access-jwt-assertion") ?? readCookie(c.req.raw, "CF_Authorization");
  if (config.access !== null && token !== null) return enterByAccess(c, token, config.access, config);
  if (mailerOf(c.env) === null) return show(c, <NoMailPage />);
  markBrowser(c);
  return show(c, <AskPage />);
}

async function enterByAccess(
  c: Visit,
  token: string,
  access: NonNullable<Config["access"]>,
  { allowLoopback }: Config,
): Promise<Response> {
  const email = await verifyAccessToken(token, access, { now: now(), rules: { allowLoopback, ownHosts: [] } });
  if (email.ok) return enterAs(c, email.value, "access");
  console.warn({ event: "access_refused", request_id: c.get("requestId"), ...email.error });
  return show(c, <AccessTroublePage failure={email.error} />, email.error.kind === "keys_unavailable" ? 503 : 403);
}

async function askForLink(c: Visit, { email: given = "" }: Form): Promise<Response> {
  const mailer = mailerOf(c.env);
  if (mailer === null) return show(c, <NoMailPage />, 503);
  const email = normalEmail(given);
  if (email === null)
    return show(c, <AskPage email={given} trouble="This is not an email address, such as ada@example.com." />, 422);
  const limited = await c.env.SIGN_IN_RATE?.limit({ key: `sign-in:${c.req.header("cf-connecting-ip") ?? ""}` });
  if (limited?.success === false) return show(c, <TooManyPage />, 429);
  const browser = markBrowser(c);
  const origin = originOf(readConfig(c.env), new URL(c.req.url).origin);
  // Behind the answer: neither it nor its time may tell whether the address is known.
  c.executionCtx.waitUntil(sendLink(c.env, mailer, { email, browser, origin, requestId: c.get("requestId") }));
  return show(c, <SentPage email={email} />);
}

async function sendLink(
  { DIRECTORY }: Env,
  mailer: Mailer,
  { email, browser, origin, requestId }: Readonly<Record<"email" | "browser" | "origin" | "requestId", string>>,
): Promise<void> {
  const secret = linkSecret(randomBytes(SECRET_RANDOM_BYTES));
  const at = now();
  if (!(await keepAskedLink(DIRECTORY, { email, browser, now: at }, secret))) return;
  const sent = await sendSignInLink(mailer, {
    to: email,
    link: `${origin}/sign-in/${secret}`,
    expiresAt: at + LINK_MS.sign_in,
    host: new URL(origin).host,
  });
  if (!sent.ok) console.error({ event: "mail_not_sent", mail: "sign_in", request_id: requestId, ...sent.error });
}

async function followLink(c: Visit): Promise<Response> {
  const { DIRECTORY } = c.env;
  const opened = await openSignInLink(DIRECTORY, c.req.param("secret") ?? "", {
    browser: readCookie(c.req.raw, BROWSER_COOKIE),
    isLocal: readConfig(c.env).localSignIn,
    now: now(),
  });
  if (!opened.ok) return show(c, <LinkTroublePage failure={opened.error} />, STATUS[opened.error]);
  if (opened.value.way === "link") return enterAs(c, opened.value.email, "link");
  const membership = await findMembership(DIRECTORY, opened.value.memberId);
  if (membership === null) return show(c, <LinkTroublePage failure="unknown" />, STATUS.unknown);
  return enter(c, membership, "local");
}

/** How a link that does not let in is answered. */
export const STATUS = {
  unknown: 404,
  used: 410,
  replaced: 410,
  expired: 410,
  other_browser: 403,
} as const satisfies Record<LinkFailure, number>;

/** The browser's mark, which is made when it has none. It stays the same, so that several links may be under way. */
function markBrowser(c: Visit): string {
  const known = readCookie(c.req.raw, BROWSER_COOKIE);
  const mark = known !== null && BROWSER.test(known) ? known : secretText(randomBytes(SECRET_RANDOM_BYTES));
  setCookie(c, setHostCookie(BROWSER_COOKIE, mark, DAY_MS));
  return mark;
}

const originOf = ({ publicUrl }: Config, asked: string): string =>
  publicUrl === null ? asked : new URL(publicUrl).origin;
