/**
 * The token in the link at the foot of a mail, with which its recipient unsubscribes from one schedule without signing in. It
 * names who and what and is a MAC over that, so none is stored, and it has no end: a mail is read years later. It is as
 * short as it can be: a long header is folded, and folding has broken signatures of mails.
 */
import { timingSafeEqual } from "node:crypto";
import { mintProjectScope, type ProjectScope } from "../domain/access.ts";
import {
  isUuid,
  type MemberId,
  type ProjectId,
  readMemberId,
  readProjectId,
  readScheduleId,
  readWorkspaceId,
  type ScheduleId,
  type WorkspaceId,
} from "../domain/ids.ts";
import { mac, macKey } from "./mac.ts";

export interface UnsubscribeSubject {
  readonly workspace: WorkspaceId;
  readonly project: ProjectId;
  readonly member: MemberId;
  readonly schedule: ScheduleId;
}

/** What a token lets one do: keep news of a schedule from a member. */
export interface Unsubscribing {
  readonly scope: ProjectScope;
  readonly member: MemberId;
  readonly schedule: ScheduleId;
}

const UUID_BYTES = 16;
const UUIDS = 4;
/** 128 bits: nobody guesses it, and whoever did could only unsubscribe somebody. */
const MAC_BYTES = 16;
const TOKEN = /^[A-Za-z0-9_-]{107}$/;

/** 107 characters: four ids and a MAC in base64url. */
export async function makeUnsubscribeToken(key: string, subject: UnsubscribeSubject): Promise<string> {
  const { workspace, project, member, schedule } = subject;
  const ids = Buffer.from([workspace, project, member, schedule].join("").replaceAll("-", ""), "hex");
  return Buffer.concat([ids, await macOf(key, ids)]).toString("base64url");
}

/** What the token is for, or null when it is not one of ours. Compares in constant time. */
export async function readUnsubscribeToken(key: string, token: string): Promise<Unsubscribing | null> {
  if (!TOKEN.test(token)) return null;
  const bytes = Buffer.from(token, "base64url");
  // base64url has spare bits at its end, and one token must have one way to be written.
  if (bytes.toString("base64url") !== token) return null;
  const ids = bytes.subarray(0, UUIDS * UUID_BYTES);
  if (!timingSafeEqual(bytes.subarray(UUIDS * UUID_BYTES), await macOf(key, ids))) return null;
  const [workspace = "", project = "", member = "", schedule = ""] = Array.from({ length: UUIDS }, (_, place) =>
    uuidAt(ids, place),
  );
  if (![workspace, project, member, schedule].every(isUuid)) return null;
  return {
    scope: mintProjectScope(readWorkspaceId(workspace), readProjectId(project)),
    member: readMemberId(member),
    schedule: readScheduleId(schedule),
  };
}

/** The page that the token opens. */
export const unsubscribeAddress = (origin: string, token: string): string => `${origin}/unsubscribe/${token}`;

function uuidAt(ids: Buffer, place: number): string {
  const hex = ids.toString("hex", place * UUID_BYTES, (place + 1) * UUID_BYTES);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const macOf = async (key: string, ids: Buffer): Promise<Buffer> =>
  (await mac(await macKey(Buffer.from(key, "base64")), `unsubscribe-token|${ids.toString("hex")}`)).subarray(
    0,
    MAC_BYTES,
  );
