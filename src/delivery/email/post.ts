/** The post: takes one mail to one person, and says what became of it. Every way to send is one of these. */
import type { SendOutcome } from "../../domain/news/delivery.ts";
import type { DeliveryReason } from "../../domain/news/delivery-failure.ts";
import { fail, type Result } from "../../domain/result.ts";

/** The sender's name, beside the address in MAIL_FROM. */
export const SENDER_NAME = "Carillon";

/** A file that goes along: shown where the HTML names its `contentId` (`<img src="cid:…">`), else attached. */
export interface MailFile {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  readonly contentId: string | null;
}

/** Headers beyond those that every mail has; those that Email Service takes (List-*, X-*, References and the like). */
export type MailHeaders = Readonly<Record<string, string>>;

/** One mail to one person. */
export interface Mail {
  readonly to: string;
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers?: MailHeaders;
  readonly files?: readonly MailFile[];
  /**
   * What the Message-ID is made of, so that a mail that is sent twice has the same one and programs may show it once. Email
   * Service makes its own all the same.
   */
  readonly id?: string;
}

/** Why a mail was not sent, or nobody knows whether it was. The message is the other side's own. */
export type MailFailure = Exclude<SendOutcome, { readonly kind: "sent" }>;

export interface Post {
  /** The address that mail comes from. */
  readonly from: string;
  /** Sends it. Never throws for what the other side says. */
  readonly send: (mail: Mail) => Promise<Result<void, MailFailure>>;
}

/** Makes a failure of the words of it. */
export const mailFailure = (
  kind: MailFailure["kind"],
  reason: DeliveryReason,
  message: string,
  code?: string | null,
): MailFailure => ({
  kind,
  failure: { reason, message: message.slice(0, MESSAGE_MAX), ...(code ? { code } : {}) },
});

export const notSent = (...words: Parameters<typeof mailFailure>): Result<never, MailFailure> =>
  fail(mailFailure(...words));

/** The ledger keeps it. */
const MESSAGE_MAX = 500;

/** Programs that answer mail by themselves are asked not to (RFC 3834 section 5). */
export const headersOf = ({ headers = {} }: Mail): MailHeaders => ({ "Auto-Submitted": "auto-generated", ...headers });
