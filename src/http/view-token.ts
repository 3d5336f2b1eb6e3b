/**
 * The token that lets one caller look at one run of their own for a while. It is a MAC over who may see what until when, so
 * none is stored; whoever checks it knows the rest from the request, and another caller's token says nothing to them.
 */
import { timingSafeEqual } from "node:crypto";
import type { ProjectScope } from "../domain/access.ts";
import type { RunId } from "../domain/ids.ts";
import { HOUR_MS, type Instant, type Milliseconds } from "../domain/time/instant.ts";
import { mac, macKey } from "./mac.ts";

/** As long as somebody looks at one output. */
export const VIEW_MS: Milliseconds = HOUR_MS;

const PREFIX = "cvt";
const TOKEN = /^cvt_([0-9a-z]{1,12})_([A-Za-z0-9_-]{43})$/;

/** Who looks at what. */
export interface ViewSubject {
  readonly scope: ProjectScope;
  readonly run: RunId;
  /** The id of the member, or of the token of a workspace. */
  readonly viewer: string;
}

/** `cvt_<expiry>_<mac>` */
export async function makeViewToken(key: string, subject: ViewSubject, now: Instant): Promise<string> {
  const expiry = (now + VIEW_MS).toString(36);
  return `${PREFIX}_${expiry}_${(await macOf(key, subject, expiry)).toString("base64url")}`;
}

/** Whether the token lets this caller see this run now. Compares in constant time. */
export async function isViewToken(key: string, token: string, subject: ViewSubject, now: Instant): Promise<boolean> {
  const [, expiry, given] = TOKEN.exec(token) ?? [];
  if (expiry === undefined || given === undefined || Number.parseInt(expiry, 36) <= now) return false;
  // As text: base64url has spare bits at its end, and one token must have one way to be written.
  const right = Buffer.from((await macOf(key, subject, expiry)).toString("base64url"));
  return timingSafeEqual(Buffer.from(given), right);
}

const macOf = async (key: string, { scope, run, viewer }: ViewSubject, expiry: string): Promise<Buffer> =>
  mac(
    await macKey(Buffer.from(key, "base64")),
    ["view-token", scope.workspaceId, scope.projectId, run, viewer, expiry].join("|"),
  );
