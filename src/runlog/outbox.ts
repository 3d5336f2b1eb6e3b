/**
 * Messages that stay on one's own machine, for the page /outbox: what would have gone out by email or to Slack, as it would
 * have. Used only where LOCAL_OUTBOX is set; the table is empty in a deployment that sends.
 */
import type { WorkspaceId } from "../domain/ids.ts";
import { readWorkspaceId } from "../domain/ids.ts";
import type { Json } from "../domain/json.ts";
import type { Instant } from "../domain/time/instant.ts";

export type OutboxChannel = "email" | "slack";

/**
 * - Of `email`, `body` is a `MailInOutbox` of src/delivery/email/outbox-post.ts.
 * - Of `slack` it is `{channel, blocks, text}` with `ts`, which names it, or with the `thread` that it is in: the `ts` of another.
 */
export interface OutboxMessage {
  /** A UUIDv7: messages sort by it. Keeping one of the same id again replaces it. */
  readonly id: string;
  /** Null of mail that is nobody's workspace's, such as a sign-in link. */
  readonly workspace: WorkspaceId | null;
  readonly channel: OutboxChannel;
  /** An address, or the channel or person in Slack. */
  readonly recipient: string;
  readonly title: string;
  readonly body: Json;
  readonly at: Instant;
}

/** A file that goes along. `contentId`: where the HTML of a mail shows it. */
export interface OutboxFile {
  readonly filename: string;
  readonly contentType: string;
  readonly contentId: string | null;
  readonly bytes: Uint8Array;
}

/** A file without its bytes, which `readOutboxFile` reads by the file's place in the list. */
export interface FileInOutbox extends Omit<OutboxFile, "bytes"> {
  readonly size: number;
}

export interface FoundInOutbox extends OutboxMessage {
  readonly files: readonly FileInOutbox[];
}

/** Messages that are kept; the oldest go first. */
export const OUTBOX_KEPT = 500;

const PIECE_BYTES = 1_000_000;

/** The row's `body` holds what the channel said and the list of files beside it. */
interface KeptBody {
  readonly message: Json;
  readonly files: readonly FileInOutbox[];
}

interface OutboxRow {
  readonly id: string;
  readonly workspace_id: string | null;
  readonly channel: OutboxChannel;
  readonly recipient: string;
  readonly title: string;
  readonly body: string;
  readonly at: number;
}

/** Keeps a message with its files. */
export async function keepInOutbox(
  db: D1Database,
  message: OutboxMessage,
  files: readonly OutboxFile[] = [],
): Promise<void> {
  const { id, workspace, channel, recipient, title, at } = message;
  const listed = files.map(({ bytes, ...file }) => ({ ...file, size: bytes.length }));
  const body = JSON.stringify({ message: message.body, files: listed });
  await db.batch([
    db.prepare("DELETE FROM outbox_files WHERE message_id = ?1").bind(id),
    db
      .prepare(
        `INSERT OR REPLACE INTO outbox (id, workspace_id, channel, recipient, title, body, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
      )
      .bind(id, workspace, channel, recipient, title, body, at),
    ...files.flatMap(({ bytes }, place) => keepPieces(db, id, place, bytes)),
    db.prepare(`DELETE FROM outbox_files WHERE message_id NOT IN (${NEWEST})`).bind(OUTBOX_KEPT),
    db.prepare(`DELETE FROM outbox WHERE id NOT IN (${NEWEST})`).bind(OUTBOX_KEPT),
  ]);
}

const NEWEST = "SELECT id FROM outbox ORDER BY id DESC LIMIT ?1";

const keepPieces = (db: D1Database, id: string, place: number, bytes: Uint8Array): readonly D1PreparedStatement[] =>
  Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_, piece) =>
    db
      .prepare("INSERT INTO outbox_files (message_id, place, piece, bytes) VALUES (?1, ?2, ?3, ?4)")
      .bind(id, place, piece, bytes.slice(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES)),
  );

/** The messages, newest first, without what they say. */
export async function listOutbox(db: D1Database): Promise<readonly Omit<OutboxMessage, "body">[]> {
  const { results } = await db
    .prepare("SELECT id, workspace_id, channel, recipient, title, at FROM outbox ORDER BY id DESC LIMIT ?1")
    .bind(OUTBOX_KEPT)
    .all<Omit<OutboxRow, "body">>();
  return results.map(toListed);
}

/** One message; null when it is not, or no longer, there. */
export async function findInOutbox(db: D1Database, id: string): Promise<FoundInOutbox | null> {
  const row = await db
    .prepare("SELECT id, workspace_id, channel, recipient, title, body, at FROM outbox WHERE id = ?1")
    .bind(id)
    .first<OutboxRow>();
  if (row === null) return null;
  const { message, files } = parseBody(row.body);
  return { ...toListed(row), body: message, files };
}

/** What a thread in Slack hangs on: the message before this one that it answers; null when it has had to make room. */
export async function findThread(
  db: D1Database,
  { id, recipient }: Pick<OutboxMessage, "id" | "recipient">,
  thread: string,
): Promise<Pick<OutboxMessage, "id" | "title"> | null> {
  return db
    .prepare(
      `SELECT id, title FROM outbox
       WHERE channel = 'slack' AND recipient = ?1 AND id < ?2 AND json_extract(body, '$.message.ts') = ?3
       ORDER BY id DESC LIMIT 1`,
    )
    .bind(recipient, id, thread)
    .first<Pick<OutboxMessage, "id" | "title">>();
}

/** The bytes of the file at a place of a message's list; empty where there is none. */
export async function readOutboxFile(db: D1Database, id: string, place: number): Promise<Uint8Array> {
  const { results } = await db
    .prepare("SELECT bytes FROM outbox_files WHERE message_id = ?1 AND place = ?2 ORDER BY piece")
    .bind(id, place)
    .all<{ readonly bytes: readonly number[] }>();
  return new Uint8Array(Buffer.concat(results.map(({ bytes }) => Uint8Array.from(bytes))));
}

const toListed = ({ id, workspace_id, channel, recipient, title, at }: Omit<OutboxRow, "body">) => ({
  id,
  workspace: workspace_id === null ? null : readWorkspaceId(workspace_id),
  channel,
  recipient,
  title,
  at,
});

const parseBody = (text: string): KeptBody => JSON.parse(text) as KeptBody;
