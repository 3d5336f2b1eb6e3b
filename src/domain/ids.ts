/**
 * The names of things, branded so that one cannot stand for another. Pure: time and chance come in as arguments.
 *
 * Every id is a UUIDv7 (RFC 9562 section 5.7), so ids sort by time. A run's id is *derived*: its time is the occurrence's
 * and its random part a hash, so that everyone who computes it, whenever, gets the same one (DESIGN.md section 5).
 */
import { createHash } from "node:crypto";
import type { Instant } from "./time/instant.ts";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type WorkspaceId = Branded<"workspace">;
export type ProjectId = Branded<"project">;
export type ScheduleId = Branded<"schedule">;
export type RunId = Branded<"run">;
export type TokenId = Branded<"token">;
export type MemberId = Branded<"member">;
export type GroupId = Branded<"group">;
export type SessionId = Branded<"session">;
export type WebhookId = Branded<"webhook">;
export type NewsId = Branded<"news">;
export type DeliveryId = Branded<"delivery">;

/** How many random bytes `uuidv7` takes. */
export const UUID_RANDOM_BYTES = 10;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const LARGEST_UUID_TIME = 2 ** 48 - 1;

/** A UUIDv7 of an instant and ten random bytes. An instant before 1970 counts as 1970. */
export function uuidv7(instant: Instant, random: Uint8Array): string {
  if (random.length < UUID_RANDOM_BYTES) {
    throw new RangeError(`uuidv7 needs ${UUID_RANDOM_BYTES} random bytes, got ${random.length}`);
  }
  const time = Math.min(Math.max(Math.floor(instant), 0), LARGEST_UUID_TIME)
    .toString(16)
    .padStart(12, "0");
  const hex = Buffer.from(random.buffer, random.byteOffset, UUID_RANDOM_BYTES).toString("hex");
  return layOut(time, hex);
}

/** The instant that a UUIDv7 carries, in whole milliseconds. */
export const uuidInstant = (id: string): Instant => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** The smallest id of an instant: every UUIDv7 made before it sorts lower. */
export const uuidFloor = (instant: Instant): string => uuidv7(instant, new Uint8Array(UUID_RANDOM_BYTES)).slice(0, 13);

/** What one run is the run of. Two runs with equal parts are the same run. */
export interface RunIdentity {
  /** The schedule, or for a run without one the origin run (absent for that origin itself, whose id is not derived). */
  readonly of: ScheduleId | RunId;
  readonly scheduledFor: Instant;
  readonly attempt: number;
  /** Set when an occurrence is run again on purpose: the id of the backfill that asked. */
  readonly backfill?: string;
}

/** The id of a run of an occurrence: the idempotency key from the row to the request header (DESIGN.md section 5). */
export function deriveRunId(identity: RunIdentity): RunId {
  const text = `${identity.of}|${identity.scheduledFor}|${identity.attempt}|${identity.backfill ?? ""}`;
  return readRunId(uuidv7(identity.scheduledFor, createHash("sha256").update(text).digest()));
}

/** News of a run has the run's id, so that it is told once. */
export const newsOfRun = (run: RunId): NewsId => readNewsId(run);

/** The id of something that is the same thing whenever it comes up again: its time is `at`, the rest a hash of `parts`. */
export const deriveId = (at: Instant, ...parts: readonly (string | number)[]): string =>
  uuidv7(at, createHash("sha256").update(JSON.stringify(parts)).digest());

/** A number in [0, 1) that is always the same for one text: where in its spread window a schedule sits. */
export const stableFraction = (text: string): number =>
  createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;

export const isUuid = (text: string): boolean => UUID.test(text);

export const readWorkspaceId = (text: string): WorkspaceId => readId(text, "workspace") as WorkspaceId;
export const readProjectId = (text: string): ProjectId => readId(text, "project") as ProjectId;
export const readScheduleId = (text: string): ScheduleId => readId(text, "schedule") as ScheduleId;
export const readRunId = (text: string): RunId => readId(text, "run") as RunId;
export const readTokenId = (text: string): TokenId => readId(text, "token") as TokenId;
export const readMemberId = (text: string): MemberId => readId(text, "member") as MemberId;
export const readGroupId = (text: string): GroupId => readId(text, "group") as GroupId;
export const readSessionId = (text: string): SessionId => readId(text, "session") as SessionId;
export const readWebhookId = (text: string): WebhookId => readId(text, "webhook") as WebhookId;
export const readNewsId = (text: string): NewsId => readId(text, "news") as NewsId;
export const readDeliveryId = (text: string): DeliveryId => readId(text, "delivery") as DeliveryId;

function readId(text: string, what: string): string {
  if (!isUuid(text)) throw new TypeError(`Not the id of a ${what}: ${JSON.stringify(text.slice(0, 60))}`);
  return text;
}

function layOut(time: string, random: string): string {
  const variant = ((Number.parseInt(random.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}
