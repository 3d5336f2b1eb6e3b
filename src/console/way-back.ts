/**
 * The way back to the page that somebody came to and had to sign in for: kept by their browser while they do. It names a
 * project and perhaps a run, never an address, so that whatever it says leads nowhere but here.
 */
import { HOUR_MS, type Milliseconds } from "../domain/time/instant.ts";
import { clearHostCookie, readCookie, setHostCookie } from "../http/host-cookie.ts";
import { setCookie, type Visit } from "./door.tsx";

const COOKIE = "__Host-carillon-back";
/** A link in a mail takes its time. */
const KEPT_MS: Milliseconds = HOUR_MS;
/** The project's id or slug, and after a dot the run's id. */
const PLACE = /^([a-z0-9-]{1,63})(?:\.([0-9a-f-]{36}))?$/;

/** Keeps what the address of a page names; anything else is not kept. */
export function keepWayBack(c: Visit): void {
  const { p = "", r } = c.req.param();
  const place = r === undefined ? p : `${p}.${r}`;
  if (PLACE.test(place)) setCookie(c, setHostCookie(COOKIE, place, KEPT_MS));
}

/** The path to go on to after signing in, once; the start page when nobody came for another. */
export function takeWayBack(c: Visit): string {
  const [, project, run] = PLACE.exec(readCookie(c.req.raw, COOKIE) ?? "") ?? [];
  if (project === undefined) return "/";
  setCookie(c, clearHostCookie(COOKIE));
  return run === undefined ? `/projects/${project}` : `/projects/${project}/runs/${run}`;
}
