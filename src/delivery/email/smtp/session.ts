/** The conversation that hands one mail to a mail server (RFC 5321), step by step. Each step answers what went wrong, or null. */
import type { MailServer } from "../../../domain/news/mail-server.ts";
import { type MailFailure, mailFailure } from "../post.ts";
import { failureAt, type Step } from "./classing.ts";
import { stuffDots } from "./encoding.ts";
import type { Heard, Line, Patience } from "./line.ts";
import { domainOf } from "./mime.ts";

type Trouble = MailFailure | null;

export interface Handover {
  readonly from: string;
  readonly to: string;
  /** MIME, with CRLF at the ends of its lines. */
  readonly message: string;
}

const ASCII = /^[\x20-\x7e]*$/;

export class Session {
  readonly #line: Line;
  readonly #server: MailServer;
  readonly #patience: Patience;
  /** What the server offers: the keyword of each extension in capitals, and what follows it. */
  #offers: ReadonlyMap<string, string> = new Map();

  constructor(line: Line, server: MailServer, patience: Patience) {
    this.#line = line;
    this.#server = server;
    this.#patience = patience;
  }

  /** All of it. */
  async handOver(mail: Handover): Promise<Trouble> {
    const steps = [
      () => this.#greet(),
      () => this.#introduce(mail.from),
      () => this.#goPrivate(mail.from),
      () => this.#signIn(),
      () => this.#announce(mail),
      () => this.#send(mail.message),
    ];
    for (const step of steps) {
      const trouble = await step();
      if (trouble !== null) return trouble;
    }
    return null;
  }

  /** Takes leave, and does not wait for an answer. */
  async leave(): Promise<void> {
    await this.#line.say("QUIT\r\n", this.#patience.replyMs);
  }

  async #greet(): Promise<Trouble> {
    return troubleIn("greeting", await this.#line.hear(this.#patience.openMs));
  }

  /** Says where the mail is from: the sender's domain, since a Worker has no name of its own. */
  async #introduce(from: string): Promise<Trouble> {
    const heard = await this.#ask(`EHLO ${hostOf(from)}`);
    if (heard.kind === "reply") this.#offers = readOffers(heard.lines.slice(1));
    return troubleIn("hello", heard);
  }

  async #goPrivate(from: string): Promise<Trouble> {
    const { privacy } = this.#server;
    if (privacy === "tls") return null;
    if (!this.#offers.has("STARTTLS")) {
      const refused = "The mail server offers no STARTTLS, and without it the password is not sent.";
      return privacy === "offered" ? null : mailFailure("again", "sender_not_configured", refused);
    }
    const trouble = troubleIn("privacy", await this.#ask("STARTTLS"));
    if (trouble !== null) return trouble;
    if (!this.#line.upgrade()) return mailFailure("again", "unreachable", "Something was said ahead of STARTTLS.");
    return this.#introduce(from);
  }

  async #signIn(): Promise<Trouble> {
    const { credentials } = this.#server;
    if (credentials === null) return null;
    const { user, password } = credentials;
    const ways = (this.#offers.get("AUTH") ?? "").toUpperCase().split(/\s+/);
    if (ways.includes("PLAIN")) return this.#prove([`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`]);
    if (ways.includes("LOGIN")) return this.#prove(["AUTH LOGIN", base64(user), base64(password)]);
    return mailFailure("again", "sender_not_configured", "The mail server takes neither AUTH PLAIN nor AUTH LOGIN.");
  }

  async #prove(commands: readonly string[]): Promise<Trouble> {
    for (const command of commands) {
      const trouble = troubleIn("sign_in", await this.#ask(command));
      if (trouble !== null) return trouble;
    }
    return null;
  }

  async #announce({ from, to, message }: Handover): Promise<Trouble> {
    const size = Buffer.byteLength(message);
    const most = Number(this.#offers.get("SIZE") ?? 0);
    if (most > 0 && size > most)
      return mailFailure("failed", "mail_too_large", `The mail has ${size} bytes, and the server takes ${most}.`);
    const isForeign = !ASCII.test(to + from);
    if (isForeign && !this.#offers.has("SMTPUTF8"))
      return mailFailure("failed", "address_refused", "The mail server takes no addresses beyond ASCII.");
    const parameters = [...(this.#offers.has("SIZE") ? [` SIZE=${size}`] : []), ...(isForeign ? [" SMTPUTF8"] : [])];
    const sender = troubleIn("sender", await this.#ask(`MAIL FROM:<${from}>${parameters.join("")}`));
    return sender ?? troubleIn("recipient", await this.#ask(`RCPT TO:<${to}>`));
  }

  async #send(message: string): Promise<Trouble> {
    const { replyMs, messageMs } = this.#patience;
    const ready = troubleIn("data", await this.#ask("DATA"));
    if (ready !== null) return ready;
    // Without its last line a server takes nothing: what is lost here is surely not sent.
    const handed = await this.#line.say(stuffDots(message), messageMs);
    if (handed !== null) return failureAt("data", handed);
    const ended = await this.#line.say(".\r\n", replyMs);
    return troubleIn("message", ended ?? (await this.#line.hear(messageMs)));
  }

  #ask(command: string): Promise<Heard> {
    return this.#line.ask(command, this.#patience.replyMs);
  }
}

/** The domain as the wire has it; umlauts become ASCII. */
function hostOf(address: string): string {
  const url = `http://${domainOf(address)}`;
  return URL.canParse(url) ? new URL(url).hostname : "localhost";
}

const troubleIn = (step: Step, heard: Heard): Trouble =>
  heard.kind === "reply" && heard.code >= 200 && heard.code < 400 ? null : failureAt(step, heard);

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

/** `AUTH PLAIN LOGIN`; old servers write `AUTH=PLAIN`. */
const readOffers = (lines: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    lines.map((line) => {
      const [, keyword = "", rest = ""] = /^([A-Za-z0-9-]+)[ =]?(.*)$/.exec(line) ?? [];
      return [keyword.toUpperCase(), rest];
    }),
  );
