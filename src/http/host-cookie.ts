/**
 * Cookies of this host alone. `__Host-` binds one to the host, https and the whole site (RFC 6265bis section 4.1.3.2), so
 * no other host of the domain can plant one; browsers count localhost as https. Scripts never see them, and no other site
 * sends them along with more than a link that is followed.
 */
import { parse } from "hono/utils/cookie";
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";

export type HostCookieName = `__Host-${string}`;

/** The `Set-Cookie` that sets it. The value is one of ours: letters, digits, dots, dashes. */
export const setHostCookie = (name: HostCookieName, value: string, lifetime: Milliseconds): string =>
  `${name}=${value}; Path=/; Max-Age=${Math.floor(lifetime / SECOND_MS)}; HttpOnly; Secure; SameSite=Lax`;

/** The `Set-Cookie` that takes it away. */
export const clearHostCookie = (name: HostCookieName): string => setHostCookie(name, "", 0);

/** Its value in a request, or null. */
export function readCookie(request: Request, name: string): string | null {
  const cookies = request.headers.get("cookie");
  return cookies === null ? null : (parse(cookies, name)[name] ?? null);
}
