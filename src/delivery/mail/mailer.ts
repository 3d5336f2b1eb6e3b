/** The post: hands one mail to the platform, and says what became of it in words of our own. */
import { fail, ok, type Result } from "../../domain/result.ts";

/** What a deployment that sends mail has: the platform's binding, and the address it sends from. */
export interface Mailer {
  readonly email: SendEmail;
  readonly from: string;
}

/** The mailer of a deployment; null when it sends no mail. */
export function mailerOf(env: { readonly EMAIL?: SendEmail; readonly MAIL_FROM?: string }): Mailer | null {
  return env.EMAIL !== undefined && env.MAIL_FROM ? { email: env.EMAIL, from: env.MAIL_FROM } : null;
}

/** Why a mail was not sent. The message is the platform's own, for whoever looks after the deployment. */
export type MailFailure =
  /** This address gets no mail from here: it bounced before, complained, or may not be written to. */
  | { readonly kind: "recipient_refused"; readonly to: string; readonly message: string }
  /** The deployment may not send from `from`, or sends what the platform never takes. Only its operator can mend it. */
  | { readonly kind: "sender_not_configured"; readonly from: string; readonly message: string }
  | { readonly kind: "too_large"; readonly message: string }
  /** Too much was sent, or the platform is out of order: `day` when only the next day (UTC) lifts it. */
  | { readonly kind: "try_later"; readonly until: "soon" | "day"; readonly message: string }
  /** Nobody can say whether it arrived. */
  | { readonly kind: "unknown"; readonly code: string | null; readonly message: string };

/** One mail to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Sends it. Programs that answer mail by themselves are asked not to (RFC 3834 section 5). */
export async function sendMail({ email, from }: Mailer, mail: Mail): Promise<Result<void, MailFailure>> {
  try {
    await email.send({
      from: { email: from, name: "Carillon" },
      ...mail,
      headers: { "Auto-Submitted": "auto-generated" },
    });
    return ok(undefined);
  } catch (error) {
    return fail(toMailFailure(error, { from, to: mail.to }));
  }
}

/** The platform's codes: https://developers.cloudflare.com/email-service/api/send-emails/workers-api/ */
function toMailFailure(error: unknown, { from, to }: { readonly from: string; readonly to: string }): MailFailure {
  const message = error instanceof Error ? error.message : String(error);
  const code = readCode(error);
  switch (code) {
    case "E_RECIPIENT_SUPPRESSED":
    case "E_RECIPIENT_NOT_ALLOWED":
      return { kind: "recipient_refused", to, message };
    case "E_SENDER_NOT_VERIFIED":
    case "E_SENDER_DOMAIN_NOT_AVAILABLE":
    case "E_VALIDATION_ERROR":
    case "E_FIELD_MISSING":
    case "E_TOO_MANY_RECIPIENTS":
      return { kind: "sender_not_configured", from, message };
    case "E_CONTENT_TOO_LARGE":
      return { kind: "too_large", message };
    case "E_RATE_LIMIT_EXCEEDED":
    case "E_INTERNAL_SERVER_ERROR":
      return { kind: "try_later", until: "soon", message };
    case "E_DAILY_LIMIT_EXCEEDED":
      return { kind: "try_later", until: "day", message };
    default:
      return code?.startsWith("E_HEADER")
        ? { kind: "sender_not_configured", from, message }
        : { kind: "unknown", code, message };
  }
}

/** The local simulation refuses without a code. */
function readCode(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
