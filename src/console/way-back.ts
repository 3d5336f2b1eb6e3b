/**
 * The way back to the page that somebody came to and had to sign in for: kept by their browser while they do. It is a path of
 * plain segments, so that whatever the cookie says leads nowhere but here.
 */
import { HOUR_MS, type Milliseconds } from "../domain/time/instant.ts";
import { clearHostCookie, readCookie, setHostCookie } from "../http/host-cookie.ts";
import { setCookie, type Visit } from "./door.tsx";

const COOKIE = "__Host-carillon-back";
/** A link in a mail takes its time. */
const KEPT_MS: Milliseconds = HOUR_MS;
const PATH_MAX_LENGTH = 200;
/** Segments, the first of which begins with a letter: neither another host (`//host`) nor a way up (`..`). */
const PATH = /^\/[a-z][a-z0-9-]*(?:\/[A-Za-z0-9-]{1,63})*$/;

const isKept = (path: string): boolean => path.length <= PATH_MAX_LENGTH && PATH.test(path);

/** Keeps the path of a page; one that is no plain path is not kept. */
export function keepWayBack(c: Visit): void {
  const { path } = c.req;
  // A cookie's value may hold no slash in every browser's eyes but ours: dots are in no segment.
  if (isKept(path)) setCookie(c, setHostCookie(COOKIE, path.slice(1).replaceAll("/", "."), KEPT_MS));
}

/** The path to go on to after signing in, once; the start page when nobody came for another. */
export function takeWayBack(c: Visit): string {
  const path = `/${(readCookie(c.req.raw, COOKIE) ?? "").replaceAll(".", "/")}`;
  if (!isKept(path)) return "/";
  setCookie(c, clearHostCookie(COOKIE));
  return path;
}
