/** The pictures and prints of a run's app, in R2, under the key of their run. */
import type { ProjectScope } from "../domain/access.ts";
import type { CaptureFacts } from "../domain/captures/capture.ts";
import type { RunId } from "../domain/ids.ts";
import { DELETE_BATCH_SIZE, prefixOf } from "./artifacts.ts";

/** What is kept of a run: its captures, a smaller rendition of the picture, and what a page showed that failed. */
export const CAPTURE_FILES = {
  "app.png": "image/png",
  "app.pdf": "application/pdf",
  "app.preview.png": "image/png",
  "app.preview.webp": "image/webp",
  "failed.png": "image/png",
} as const;
export type CaptureFile = keyof typeof CAPTURE_FILES;

/** The file of a capture's preview. */
export const previewFile = ({ type }: NonNullable<CaptureFacts["preview"]>): CaptureFile =>
  type === "image/webp" ? "app.preview.webp" : "app.preview.png";

/** A file that is there. The body is read once, or cancelled. */
export interface StoredCapture {
  readonly body: ReadableStream;
  readonly bytes: number;
  readonly type: string;
  /** Quoted, as HTTP has it (`"…"`). */
  readonly etag: string;
}

const folderOf = (scope: ProjectScope, run: RunId): string => `${prefixOf(scope)}runs/${run}/captures/`;

/** Keeps a file; R2 refuses bytes that are not those of the hash (SHA-256, in hex). Safe to repeat: the newest stays. */
export async function putCapture(
  bucket: R2Bucket,
  scope: ProjectScope,
  run: RunId,
  file: CaptureFile,
  { bytes, hash }: { readonly bytes: Uint8Array; readonly hash: string },
): Promise<void> {
  await bucket.put(`${folderOf(scope, run)}${file}`, bytes, {
    httpMetadata: { contentType: CAPTURE_FILES[file] },
    sha256: hash,
  });
}

/** The file as a stream; null when it is not there. */
export async function getCapture(
  bucket: R2Bucket,
  scope: ProjectScope,
  run: RunId,
  file: CaptureFile,
): Promise<StoredCapture | null> {
  const object = await bucket.get(`${folderOf(scope, run)}${file}`);
  if (object === null) return null;
  return { body: object.body, bytes: object.size, type: CAPTURE_FILES[file], etag: object.httpEtag };
}

/** Deletes every file of these runs; what is not there is no error. */
export async function deleteCaptures(bucket: R2Bucket, scope: ProjectScope, runs: readonly RunId[]): Promise<void> {
  const files = Object.keys(CAPTURE_FILES);
  const keys = runs.flatMap((run) => files.map((file) => `${folderOf(scope, run)}${file}`));
  for (let start = 0; start < keys.length; start += DELETE_BATCH_SIZE) {
    await bucket.delete(keys.slice(start, start + DELETE_BATCH_SIZE));
  }
}
