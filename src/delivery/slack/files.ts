/**
 * Files in Slack, by the three calls of the external upload flow (docs.slack.dev/messaging/working-with-files): a ticket, the
 * bytes, and the publication in a thread; and whether a file is seen there.
 */
import { fail, ok, type Result } from "../../domain/result.ts";
import { asObject, asText, OWN_CODES, type SlackAnswer, type SlackTrouble, uploadToSlack } from "./api.ts";
import type { SlackProgress } from "./progress.ts";
import { callVia, type SlackConnected } from "./via.ts";

/** Slack's limit of a file's description (reference/methods/files.getUploadURLExternal). */
const ALT_MAX = 1_000;

export interface SlackFile {
  readonly filename: string;
  readonly bytes: Uint8Array;
  /** Null: none, since Slack took offence at it. */
  readonly alt: string | null;
}

/** Takes a ticket and hands over the bytes; answers the file's id. Nobody sees it yet, so that it may be repeated. */
export async function uploadFile(
  via: SlackConnected,
  { filename, bytes, alt }: SlackFile,
): Promise<Result<string, SlackTrouble>> {
  const ticket = await callVia(via, "files.getUploadURLExternal", {
    filename,
    length: bytes.byteLength,
    alt_txt: alt === null ? undefined : alt.slice(0, ALT_MAX),
  });
  if (!ticket.ok) return ticket;
  const [url, file] = [asText(ticket.value.upload_url), asText(ticket.value.file_id)];
  if (url === "" || file === "") return fail(UNREADABLE);
  const uploaded = await uploadToSlack(via, url, bytes);
  return uploaded.ok ? ok(file) : uploaded;
}

const UNREADABLE: SlackTrouble = { code: OWN_CODES.unreadable, httpStatus: 200, phase: "ambiguous" };

/** Publishes a file in the thread of a message; answers whether it is seen there already. */
export async function publishFile(
  via: SlackConnected,
  { channel, ts }: SlackProgress,
  file: { readonly id: string; readonly title: string },
): Promise<Result<boolean, SlackTrouble>> {
  const published = await callVia(via, "files.completeUploadExternal", {
    files: JSON.stringify([file]),
    channel_id: channel,
    thread_ts: ts,
  });
  if (!published.ok) return published;
  const { files } = published.value;
  return ok(Array.isArray(files) && files.some((one) => isSharedIn(asObject(one), channel)));
}

/**
 * - `shared`: it is in the channel.
 * - `published`: it was published, and is not seen there yet.
 * - `absent`: it was not published.
 * - `unknown`: there was no answer, or there may be none.
 */
export type Sighting = "shared" | "published" | "absent" | "unknown";

/** Looks where a file is. Exact: what was not published is `file_not_found`. */
export async function lookForFile(via: SlackConnected, file: string, channel: string): Promise<Sighting> {
  const found = await callVia(via, "files.info", { file });
  if (!found.ok) return found.error.code === "file_not_found" ? "absent" : "unknown";
  return isSharedIn(asObject(found.value.file), channel) ? "shared" : "published";
}

/** `shares` is by visibility, then by channel; of direct messages some answers have the plain list alone. */
function isSharedIn(file: SlackAnswer | null, channel: string): boolean {
  const shares = asObject(file?.shares);
  const isShared = [shares?.public, shares?.private].some((by) => Object.hasOwn(asObject(by) ?? {}, channel));
  return isShared || (Array.isArray(file?.ims) && file.ims.includes(channel));
}
