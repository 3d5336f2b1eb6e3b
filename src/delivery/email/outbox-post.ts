/** The post of one's own machine: mail is kept for the page /outbox, and none leaves. */
import type { WorkspaceId } from "../../domain/ids.ts";
import { ok } from "../../domain/result.ts";
import type { Instant } from "../../domain/time/instant.ts";
import { keepInOutbox, type OutboxFile } from "../../runlog/outbox.ts";
import { headersOf, type Mail, type MailHeaders, type Post, SENDER_NAME } from "./post.ts";

/** What the outbox holds of a mail, beside its files. */
export interface MailInOutbox {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: MailHeaders;
}

export interface OutboxSetting {
  readonly db: D1Database;
  readonly from: string;
  readonly now: () => Instant;
  readonly newId: () => string;
  /** Whose mail it is, where that is known. */
  readonly workspace?: WorkspaceId | null;
}

/** Keeps mail here. */
export const outboxPost = ({ db, from, now, newId, workspace = null }: OutboxSetting): Post => ({
  from,
  send: async (mail) => {
    const message = {
      id: newId(),
      workspace,
      channel: "email",
      recipient: mail.to,
      title: mail.subject,
      body: { ...bodyOf(mail, from) },
      at: now(),
    } as const;
    await keepInOutbox(
      db,
      message,
      (mail.files ?? []).map((file): OutboxFile => ({ ...file })),
    );
    return ok(undefined);
  },
});

const bodyOf = (mail: Mail, from: string): MailInOutbox => ({
  from: `${SENDER_NAME} <${from}>`,
  to: mail.to,
  subject: mail.subject,
  text: mail.text,
  html: mail.html,
  headers: headersOf(mail),
});
