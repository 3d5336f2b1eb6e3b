/** The pictures and prints of a run's app, in R2, under the key of their run. */
import type { ProjectScope } from "../domain/access.ts";
import type { CaptureFacts, CaptureFormat } from "../domain/captures/capture.ts";
import type { RunId } from "../domain/ids.ts";
import { DELETE_BATCH_SIZE, prefixOf } from "./artifacts.ts";

/** A file of a run's captures. */
export interface CaptureFile {
  readonly name: string;
  readonly type: "image/png" | "application/pdf" | "image/webp";
}

type Preview = NonNullable<CaptureFacts["preview"]>;

/** Enough of a hash to tell the captures of one run apart. */
const HASH_SHOWN = 16;

// By the hash, so that the facts in the ledger always describe the bytes, whatever somebody puts who comes too late.
const stemOf = (hash: string): string => `app-${hash.slice(0, HASH_SHOWN)}`;

/** The file of a capture: `hash` is that of its facts. */
export const fullFile = (format: CaptureFormat, hash: string): CaptureFile =>
  format === "png"
    ? { name: `${stemOf(hash)}.png`, type: "image/png" }
    : { name: `${stemOf(hash)}.pdf`, type: "application/pdf" };

/** The file of its preview, named after the whole one. */
export const previewFile = (hash: string, { type }: Pick<Preview, "type">): CaptureFile => ({
  name: `${stemOf(hash)}.preview.${type === "image/webp" ? "webp" : "png"}`,
  type,
});

/** What a page showed that failed last. */
export const PARTIAL_FILE: CaptureFile = { name: "failed.png", type: "image/png" };

/** A file that is there. The body is read once, or cancelled. */
export interface StoredCapture {
  readonly body: ReadableStream;
  readonly bytes: number;
  readonly type: string;
}

const rootOf = (scope: ProjectScope): string => `${prefixOf(scope)}runs/`;
const folderOf = (scope: ProjectScope, run: RunId): string => `${rootOf(scope)}${run}/captures/`;

/** Keeps a file; R2 refuses bytes that are not those of the hash (SHA-256, in hex). Safe to repeat: the newest stays. */
export async function putCapture(
  bucket: R2Bucket,
  scope: ProjectScope,
  run: RunId,
  { name, type }: CaptureFile,
  { bytes, hash }: { readonly bytes: Uint8Array; readonly hash: string },
): Promise<void> {
  await bucket.put(`${folderOf(scope, run)}${name}`, bytes, { httpMetadata: { contentType: type }, sha256: hash });
}

/** The file as a stream; null when it is not there. */
export async function getCapture(
  bucket: R2Bucket,
  scope: ProjectScope,
  run: RunId,
  { name, type }: CaptureFile,
): Promise<StoredCapture | null> {
  const object = await bucket.get(`${folderOf(scope, run)}${name}`);
  return object === null ? null : { body: object.body, bytes: object.size, type };
}

/** Deletes the files of a capture that another one has followed. */
export async function deleteReplaced(
  bucket: R2Bucket,
  scope: ProjectScope,
  run: RunId,
  format: CaptureFormat,
  { hash, preview }: CaptureFacts,
): Promise<void> {
  const files = [fullFile(format, hash), ...(preview === undefined ? [] : [previewFile(hash, preview)])];
  await bucket.delete(files.map(({ name }) => `${folderOf(scope, run)}${name}`));
}

/**
 * Deletes every file of these runs; a run that has none is no error. Looks through what lies between the first of them and
 * the last: a thousand files with each call, where a call for each run would be too many for one invocation.
 */
export async function deleteCaptures(bucket: R2Bucket, scope: ProjectScope, runs: readonly RunId[]): Promise<void> {
  const folders = new Set(runs.map((run) => folderOf(scope, run)));
  const inOrder = [...folders].toSorted();
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  for (let startAfter = first; startAfter !== undefined && last !== undefined; ) {
    const page = await bucket.list({ prefix: rootOf(scope), startAfter, limit: DELETE_BATCH_SIZE });
    const keys = page.objects.map(({ key }) => key);
    const theirs = keys.filter((key) => folders.has(key.slice(0, key.lastIndexOf("/") + 1)));
    if (theirs.length > 0) await bucket.delete(theirs);
    const end = keys.at(-1);
    startAfter = page.truncated && end !== undefined && (end < last || end.startsWith(last)) ? end : undefined;
  }
}
