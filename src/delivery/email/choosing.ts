/** Which post a deployment has: its own machine's, its mail server's, or the platform's. */
import { connect } from "cloudflare:sockets";
import type { MailServer } from "../../domain/news/mail-server.ts";
import type { Instant } from "../../domain/time/instant.ts";
import { bindingPost } from "./binding-post.ts";
import { outboxPost } from "./outbox-post.ts";
import type { Post } from "./post.ts";
import { smtpPost } from "./smtp/smtp-post.ts";

interface Bound {
  readonly EMAIL?: SendEmail;
  readonly MAIL_FROM?: string;
  readonly RUNLOG: D1Database;
}

interface Settings {
  /** Whether mail stays on this machine. */
  readonly localOutbox: boolean;
  readonly mailServer: MailServer | null;
}

interface Chance {
  readonly now: () => Instant;
  readonly newId: () => string;
}

/** What mail of one's own machine comes from where no MAIL_FROM is set. */
const LOCAL_SENDER = "carillon@carillon.local";

/** The post of a deployment; null when it sends no mail. */
export function postOf(bound: Bound, { localOutbox, mailServer }: Settings, chance: Chance): Post | null {
  const { EMAIL, MAIL_FROM: from, RUNLOG } = bound;
  if (localOutbox) return outboxPost({ db: RUNLOG, from: from || LOCAL_SENDER, ...chance });
  if (!from) return null;
  if (mailServer !== null) return smtpPost({ server: mailServer, from, connect, ...chance });
  return EMAIL === undefined ? null : bindingPost(EMAIL, from);
}
