/** The post by SMTP, over the platform's sockets: for those who have a mail server and not Email Service. */
import { isMailAddress, type MailServer } from "../../../domain/news/mail-server.ts";
import { fail, ok } from "../../../domain/result.ts";
import type { Instant } from "../../../domain/time/instant.ts";
import { notSent, type Post } from "../post.ts";
import { type Connect, Line, PATIENCE, type Patience } from "./line.ts";
import { mimeMessage } from "./mime.ts";
import { Session } from "./session.ts";

export interface SmtpSetting {
  readonly server: MailServer;
  readonly from: string;
  readonly connect: Connect;
  readonly now: () => Instant;
  readonly newId: () => string;
  readonly patience?: Patience;
}

/** Sends by SMTP. One connection for each mail: a Worker has nowhere to keep one. */
export const smtpPost = ({ server, from, connect, now, newId, patience = PATIENCE }: SmtpSetting): Post => ({
  from,
  send: async (mail) => {
    if (!isMailAddress(mail.to))
      return notSent("failed", "address_refused", "It is no address that mail can be sent to.");
    const message = mimeMessage(mail, { from, id: mail.id ?? newId(), at: now() });
    const line = openLine(server, connect);
    if (typeof line === "string") return notSent("again", "unreachable", line);
    try {
      const session = new Session(line, server, patience);
      const trouble = await session.handOver({ from, to: mail.to, message });
      if (trouble?.kind !== "unknown") await session.leave();
      return trouble === null ? ok(undefined) : fail(trouble);
    } finally {
      line.close();
    }
  },
});

/** Some addresses the platform refuses before it tries; then what it says. */
function openLine(server: MailServer, connect: Connect): Line | string {
  try {
    return Line.open(server, connect);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
