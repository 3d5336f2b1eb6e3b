/** Puts what the camera took where it is kept, and says what it is. */
import {
  type CaptureFile,
  deleteCaptures,
  deleteReplaced,
  fullFile,
  PARTIAL_FILE,
  previewFile,
  putCapture,
} from "../artifacts/captures.ts";
import type { Shot, Taken } from "../capture/shot.ts";
import type { ProjectScope } from "../domain/access.ts";
import type { Capture, CaptureFacts } from "../domain/captures/capture.ts";
import { newsSizes } from "../domain/captures/news-size.ts";
import type { RunId } from "../domain/ids.ts";
import type { Instant } from "../domain/time/instant.ts";
import { now } from "../system.ts";

/** Where the captures of one run are kept. */
export interface CaptureShelf {
  readonly bucket: R2Bucket;
  readonly scope: ProjectScope;
  readonly run: RunId;
}

/** Stores one capture with its preview, and answers what the ledger keeps of it. */
export async function storeTaken(
  shelf: CaptureShelf,
  taken: Taken,
  { layout }: Pick<Shot, "layout">,
  startedAt: Instant,
): Promise<CaptureFacts> {
  const { format, bytes, picture, print, preview } = taken;
  const hash = await hashOf(bytes);
  await put(shelf, fullFile(format, hash), bytes, hash);
  const small = preview === undefined ? undefined : { ...preview, bytes: preview.bytes.length };
  if (preview !== undefined) await put(shelf, previewFile(hash, preview), preview.bytes, await hashOf(preview.bytes));
  const full = { bytes: bytes.length, ...(picture === undefined ? {} : { side: longest(picture) }) };
  return {
    hash,
    bytes: bytes.length,
    tookMs: now() - startedAt,
    ...(picture === undefined ? {} : { picture }),
    ...(print === undefined ? {} : { print: { ...print, paper: layout.paper, orientation: layout.orientation } }),
    ...(small === undefined ? {} : { preview: small }),
    news: newsSizes(full, small === undefined ? null : { bytes: small.bytes, side: longest(small) }),
  };
}

/** Keeps what a page showed that failed; false when it could not be kept, which is no reason to fail further. */
export async function storePartial(shelf: CaptureShelf, picture: Uint8Array): Promise<boolean> {
  try {
    await put(shelf, PARTIAL_FILE, picture, await hashOf(picture));
    return true;
  } catch (cause) {
    console.warn({ event: "partial_picture_not_kept", run: shelf.run, cause: String(cause) });
    return false;
  }
}

/** Takes away what a capture that was taken anew had before. Never throws: what stays goes with its run. */
export async function clearReplaced(shelf: CaptureShelf, before: Capture, hash: string): Promise<void> {
  const { format, facts } = before;
  if (facts === null || facts.hash === hash) return;
  try {
    await deleteReplaced(shelf.bucket, shelf.scope, shelf.run, format, facts);
  } catch (cause) {
    console.warn({ event: "replaced_capture_not_deleted", run: shelf.run, cause: String(cause) });
  }
}

/** Takes away what was stored for a run that is not kept any more. */
export const clearShelf = ({ bucket, scope, run }: CaptureShelf): Promise<void> => deleteCaptures(bucket, scope, [run]);

const hashOf = async (bytes: Uint8Array): Promise<string> =>
  Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");

const put = ({ bucket, scope, run }: CaptureShelf, file: CaptureFile, bytes: Uint8Array, hash: string): Promise<void> =>
  putCapture(bucket, scope, run, file, { bytes, hash });

const longest = ({ width, height }: { readonly width: number; readonly height: number }): number =>
  Math.max(width, height);
