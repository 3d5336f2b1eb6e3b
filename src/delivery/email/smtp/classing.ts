/** What a mail server's refusal means, by the step that it refused (RFC 5321 section 4.2.3, RFC 4954, RFC 3463). */
import { type MailFailure, mailFailure } from "../post.ts";
import type { Heard } from "./line.ts";

/** `message`: the reply after the whole of it. */
export type Step = "greeting" | "hello" | "privacy" | "sign_in" | "sender" | "recipient" | "data" | "message";

type Reply = Extract<Heard, { kind: "reply" }>;

/** The server wants to know first who sends, or does not believe it. */
const NOT_SIGNED_IN = [530, 534, 535, 538];
const TOO_LARGE = 552;
/** The address is the trouble, and not the mail (RFC 3463 section 3.2): no such mailbox, moved, disabled. */
const ADDRESS_TROUBLE = /^5\.(?:1|2\.[01])\b/;

/** What to make of what was heard where a 2xx or 3xx was wanted. */
export function failureAt(step: Step, heard: Heard): MailFailure {
  switch (heard.kind) {
    case "silence":
      return beforeTheEnd(step, "no_answer", "The mail server did not answer in time.");
    case "lost":
      return beforeTheEnd(step, "unreachable", heard.message);
    case "reply":
      return refusalAt(step, heard);
  }
}

/** Before its last line the message is surely not taken; after it, nobody can say. */
const beforeTheEnd = (step: Step, reason: "no_answer" | "unreachable", message: string): MailFailure =>
  step === "message" ? mailFailure("unknown", "answer_lost", message) : mailFailure("again", reason, message);

function refusalAt(step: Step, reply: Reply): MailFailure {
  const { code } = reply;
  const words = [reply.lines.join(" "), String(code)] as const;
  if (code < 500) return mailFailure("again", "out_of_order", ...words);
  if (NOT_SIGNED_IN.includes(code)) return mailFailure("again", "sender_not_configured", ...words);
  switch (step) {
    case "greeting":
    case "hello":
    case "privacy":
    case "sign_in":
      return mailFailure("again", "sender_not_configured", ...words);
    case "sender":
      return code === TOO_LARGE
        ? mailFailure("failed", "mail_too_large", ...words)
        : mailFailure("again", "sender_not_configured", ...words);
    case "recipient":
      // RFC 5321 section 4.5.3.1.10: here it is as good as 452, a mailbox that is full for now.
      return code === TOO_LARGE
        ? mailFailure("again", "out_of_order", ...words)
        : mailFailure("failed", "address_refused", ...words);
    case "data":
    case "message":
      return refusedMessage(reply, words);
  }
}

function refusedMessage({ code, lines }: Reply, words: readonly [string, string]): MailFailure {
  if (code === TOO_LARGE) return mailFailure("failed", "mail_too_large", ...words);
  const isAddress = ADDRESS_TROUBLE.test(lines[0] ?? "");
  return mailFailure("failed", isAddress ? "address_refused" : "mail_refused", ...words);
}
