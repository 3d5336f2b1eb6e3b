/** Sessions: browsers that are signed in, each as one member. The browser holds a secret, the directory its hash. */
import { createHash } from "node:crypto";
import type { Instant, Milliseconds } from "../domain/time/instant.ts";

/** How many unpredictable bytes a session's secret, and a link's, is made of. */
export const SECRET_RANDOM_BYTES = 32;

/** SHA-256 in hex. A secret is 256 random bits, so a slow hash would protect nothing more. */
export const hashSecret = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Notes that a session was used, unless that was noted less than `interval` ago. */
export async function noteSessionUse(db: D1Database, id: string, now: Instant, interval: Milliseconds): Promise<void> {
  await db
    .prepare("UPDATE sessions SET last_used_at = ?2 WHERE id = ?1 AND last_used_at <= ?3")
    .bind(id, now, now - interval)
    .run();
}
