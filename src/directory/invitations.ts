/** Invitations that are still open. */
import type { MemberId } from "../domain/ids.ts";
import type { Instant } from "../domain/time/instant.ts";

/** The statement that ends those of a member, for the batch of whatever makes them pointless or too mighty. */
export const endInvitations = (db: D1Database, id: MemberId, at: Instant): D1PreparedStatement =>
  db
    .prepare(
      "UPDATE sign_in_links SET used_at = ?2 WHERE member_id = ?1 AND purpose = 'invitation' AND used_at IS NULL",
    )
    .bind(id, at);
