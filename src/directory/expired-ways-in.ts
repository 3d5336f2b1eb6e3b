/** Daily housekeeping: links, sessions and ways to Slack and back that let nobody in any more. */
import { DAY_MS, type Instant } from "../domain/time/instant.ts";

/** So long a link is remembered, so that whoever opens it late is told that it has expired, and not that it never was. */
const TOLD_FOR_MS = 30 * DAY_MS;
/**
 * One that signs in belongs to an address and to no workspace, so that it does not go when a workspace is deleted: soon after,
 * nothing is to be left of the people who were in it.
 */
const SIGN_IN_TOLD_FOR_MS = DAY_MS;

/** Drops those whose time is over. */
export async function forgetExpiredWaysIn(db: D1Database, now: Instant): Promise<void> {
  await db.batch([
    db
      .prepare("DELETE FROM sign_in_links WHERE purpose = 'sign_in' AND expires_at <= ?1")
      .bind(now - SIGN_IN_TOLD_FOR_MS),
    db.prepare("DELETE FROM sign_in_links WHERE expires_at <= ?1").bind(now - TOLD_FOR_MS),
    db.prepare("DELETE FROM sessions WHERE expires_at <= ?1").bind(now),
    db.prepare("DELETE FROM slack_states WHERE expires_at <= ?1").bind(now - SIGN_IN_TOLD_FOR_MS),
  ]);
}
