/** The headers of news, by which mail programs file it and offer to unsubscribe. All of them are taken by Email Service. */
import type { NewsForRecipient } from "../channel.ts";
import type { MailHeaders } from "./post.ts";

/**
 * - `List-Unsubscribe` and `List-Unsubscribe-Post`: one click in the mail program, without opening the page (RFC 8058).
 * - `List-Id`: a schedule is a list (RFC 2919).
 * - `References`, `In-Reply-To`: all mails of a schedule hang on one that was never sent, and so are one conversation.
 */
export function newsHeaders({ news, links }: NewsForRecipient, domain: string): MailHeaders {
  const thread = news.schedule === null ? null : `<schedule.${news.schedule.id}@${domain}>`;
  return {
    "X-Carillon-News": news.id,
    "X-Carillon-Event": news.event,
    ...(thread === null ? {} : { References: thread, "In-Reply-To": thread }),
    ...(news.schedule === null ? {} : { "List-Id": `<${news.schedule.id}.schedules.${domain}>` }),
    ...(links.unsubscribe === null ? {} : unsubscribing(links.unsubscribe)),
  };
}

/** One click takes https alone; on one's own machine the page still asks. */
const unsubscribing = (link: string): MailHeaders => ({
  "List-Unsubscribe": `<${link}>`,
  ...(link.startsWith("https:") ? { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" } : {}),
});
