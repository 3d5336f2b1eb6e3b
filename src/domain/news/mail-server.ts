/** The mail server of a deployment that sends by SMTP, as the setting SMTP_URL names it. Pure. */
import { fail, ok, type Result } from "../result.ts";

/**
 * How the connection becomes private: `tls` from the first byte on (RFC 8314), `upgrade` by STARTTLS or not at all,
 * `offered` by STARTTLS where the server offers it.
 */
export type MailPrivacy = "tls" | "upgrade" | "offered";

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly privacy: MailPrivacy;
  /** Null: the server takes mail of whoever reaches it. */
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

/** Submission with TLS, and with STARTTLS (RFC 8314). */
const PORTS: Readonly<Record<string, number>> = { "smtps:": 465, "smtp:": 587 };
/** Workers do not connect to it (workers/runtime-apis/tcp-sockets). */
const REFUSED_PORT = 25;

/** The server, or a sentence that says what is wrong. A password travels unencrypted to this very machine alone. */
export function readMailServer(text: string, allowLoopback: boolean): Result<MailServer, string> {
  const url = URL.canParse(text) ? new URL(text) : null;
  const standard = url === null ? undefined : PORTS[url.protocol];
  if (url === null || standard === undefined || url.hostname === "")
    return fail("It takes an address such as smtps://user:password@smtp.example.com:465.");
  if ((url.pathname !== "" && url.pathname !== "/") || url.search !== "" || url.hash !== "")
    return fail("Nothing follows the port.");
  const port = url.port === "" ? standard : Number(url.port);
  if (port === REFUSED_PORT) return fail("Workers cannot connect to port 25. Use 465 with smtps, or 587 with smtp.");
  const [user, password] = [readPart(url.username), readPart(url.password)];
  if (user === null || password === null) return fail("The user or the password is not percent-encoded.");
  if ((user === "") !== (password === "")) return fail("It takes both a user and a password, or neither.");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isLoopback = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(host);
  if (isLoopback && !allowLoopback) return fail("It names this machine, which ALLOW_LOOPBACK does not allow.");
  const credentials = user === "" ? null : { user, password };
  return ok({ host, port, credentials, privacy: privacyOf(url, isLoopback) });
}

function privacyOf({ protocol, username }: URL, isLoopback: boolean): MailPrivacy {
  if (protocol === "smtps:") return "tls";
  return username !== "" && !isLoopback ? "upgrade" : "offered";
}

/** Percent-decoded; null when it cannot be. */
function readPart(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** An address that can stand between angle brackets (RFC 5321), without quoted local parts, which nobody has. */
const ADDRESS = /^[^\s<>()[\]\\,;:"@\p{Cc}]{1,64}@[^\s<>()[\]\\,;:"@\p{Cc}]{1,255}$/u;

export const isMailAddress = (text: string): boolean => ADDRESS.test(text);
