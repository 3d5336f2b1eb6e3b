/** The post of the platform: the `send_email` binding of Cloudflare Email Service. */
import { ok } from "../../domain/result.ts";
import {
  headersOf,
  type Mail,
  type MailFailure,
  type MailFile,
  mailFailure,
  notSent,
  type Post,
  SENDER_NAME,
} from "./post.ts";

/** Sends by the binding. */
export const bindingPost = (binding: SendEmail, from: string): Post => ({
  from,
  send: async (mail) => {
    try {
      await binding.send(messageOf(mail, from));
      return ok(undefined);
    } catch (error) {
      const { kind, failure } = toMailFailure(error);
      return notSent(kind, failure.reason, failure.message, failure.code);
    }
  },
});

/** The Message-ID is the platform's own: it takes none of ours. */
const messageOf = (mail: Mail, from: string) => ({
  from: { email: from, name: SENDER_NAME },
  to: mail.to,
  subject: mail.subject,
  text: mail.text,
  html: mail.html,
  headers: { ...headersOf(mail) },
  ...(mail.files === undefined || mail.files.length === 0 ? {} : { attachments: mail.files.map(attachmentOf) }),
});

const attachmentOf = ({ filename, contentType, bytes, contentId }: MailFile): EmailAttachment => {
  const file = { filename, type: contentType, content: bytes };
  return contentId === null ? { ...file, disposition: "attachment" } : { ...file, disposition: "inline", contentId };
};

/** The platform's codes: https://developers.cloudflare.com/email-service/api/send-emails/workers-api/ */
function toMailFailure(error: unknown): MailFailure {
  const message = error instanceof Error ? error.message : String(error);
  const code = readCode(error);
  switch (code) {
    case "E_RECIPIENT_SUPPRESSED":
    case "E_RECIPIENT_NOT_ALLOWED":
      return mailFailure("failed", "address_refused", message, code);
    case "E_SENDER_NOT_VERIFIED":
    case "E_SENDER_DOMAIN_NOT_AVAILABLE":
      return mailFailure("again", "sender_not_configured", message, code);
    case "E_VALIDATION_ERROR":
    case "E_FIELD_MISSING":
    case "E_TOO_MANY_RECIPIENTS":
      return refusedAsWrong(message, code);
    case "E_CONTENT_TOO_LARGE":
      return mailFailure("failed", "mail_too_large", message, code);
    case "E_RATE_LIMIT_EXCEEDED":
      return mailFailure("again", "rate_limited", message, code);
    case "E_INTERNAL_SERVER_ERROR":
      return mailFailure("again", "out_of_order", message, code);
    case "E_DAILY_LIMIT_EXCEEDED":
      return mailFailure("again", "mail_limit", message, code);
    // Perhaps the recipient's side refused it, perhaps something passes: a few tries tell.
    case "E_DELIVERY_FAILED":
      return mailFailure("again", "mail_refused", message, code);
    default:
      return code?.startsWith("E_HEADER")
        ? refusedAsWrong(message, code)
        : mailFailure("unknown", "answer_lost", message, code);
  }
}

/** A part of this one mail is wrong, such as the address that it goes to: all mail is wrong only where it is the sender's. */
const refusedAsWrong = (message: string, code: string): MailFailure =>
  mailFailure("again", SENDER.test(message) ? "sender_not_configured" : "mail_refused", message, code);

const SENDER = /\b(from|sender)\b/i;

/** The local simulation refuses without a code. */
function readCode(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
