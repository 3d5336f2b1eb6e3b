/** The cookie of a session: the session's secret and a MAC over it, so that a made-up one is told without a look-up. */
import { timingSafeEqual } from "node:crypto";
import { parse } from "hono/utils/cookie";
import { mac, macKey } from "./mac.ts";

export const SESSION_COOKIE = "__Host-carillon-session";

/** The value of the cookie for a session's secret. */
export async function sealSession(key: string, secret: string): Promise<string> {
  return `${secret}.${(await macOf(key, secret)).toString("base64url")}`;
}

/** The secret in a request's cookies, or null when there is none that we have sealed. Compares in constant time. */
export async function readSession(key: string, cookies: string | null): Promise<string | null> {
  const value = cookies === null ? undefined : parse(cookies, SESSION_COOKIE)[SESSION_COOKIE];
  if (value === undefined) return null;
  const [secret = "", given = "", ...more] = value.split(".");
  const right = Buffer.from((await macOf(key, secret)).toString("base64url"));
  const asGiven = Buffer.from(given);
  const isOurs = more.length === 0 && asGiven.length === right.length && timingSafeEqual(asGiven, right);
  return isOurs ? secret : null;
}

const macOf = async (key: string, secret: string): Promise<Buffer> =>
  mac(await macKey(Buffer.from(key, "base64")), `session|${secret}`);
