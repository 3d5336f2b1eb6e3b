/** Links that let somebody in. What is in the link is a secret; the directory keeps its hash. */
import type { MemberId } from "../domain/ids.ts";
import type { Instant } from "../domain/time/instant.ts";
import { hashSecret, SECRET_RANDOM_BYTES } from "./sessions.ts";

/** `sign_in`: asked for by a browser, and for it alone. `invitation`: for a member. `local`: printed by a start on one's own machine. */
export const LINK_PURPOSES = ["sign_in", "invitation", "local"] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/** A link that is being made. */
export interface NewLink {
  readonly purpose: LinkPurpose;
  /** In lower case. */
  readonly email: string;
  /** Null for a `sign_in` link: who they are is found when it is opened. */
  readonly memberId: MemberId | null;
  /** The hash of what the asking browser was given; null unless the purpose is `sign_in`. */
  readonly browserHash: string | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

/** What stands in the address: 256 random bits in base64url. */
export const linkSecret = (random: Uint8Array): string =>
  Buffer.from(random.subarray(0, SECRET_RANDOM_BYTES)).toString("base64url");

/** The statement that keeps a link, for the batch of whatever it is made with. */
export const keepLink = (db: D1Database, link: NewLink, secret: string): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO sign_in_links (hash, purpose, email, member_id, browser_hash, created_at, expires_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
    )
    .bind(
      hashSecret(secret),
      link.purpose,
      link.email,
      link.memberId,
      link.browserHash,
      link.createdAt,
      link.expiresAt,
    );
