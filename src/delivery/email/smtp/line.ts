/** One connection to a mail server: commands out, replies in (RFC 5321 section 4.2). What goes wrong with it is an answer too. */
import type { MailServer } from "../../../domain/news/mail-server.ts";
import type { Milliseconds } from "../../../domain/time/instant.ts";
import { SECOND_MS } from "../../../domain/time/instant.ts";

/** `connect` of cloudflare:sockets. */
export type Connect = (address: SocketAddress, options: SocketOptions) => Socket;

export type Heard =
  | { readonly kind: "reply"; readonly code: number; readonly lines: readonly string[] }
  /** No reply in time. */
  | { readonly kind: "silence" }
  /** There is no connection, or no longer, or what came was no reply. */
  | { readonly kind: "lost"; readonly message: string };

/** How long is waited for what. */
export interface Patience {
  /** For the connection and the greeting. */
  readonly openMs: Milliseconds;
  /** For the reply to a command. */
  readonly replyMs: Milliseconds;
  /** For the reply to the whole message, which servers take a while to look at. */
  readonly messageMs: Milliseconds;
}

export const PATIENCE: Patience = { openMs: 15 * SECOND_MS, replyMs: 30 * SECOND_MS, messageMs: 90 * SECOND_MS };

/** A server that talks on and on is none. */
const REPLY_MAX_CHARACTERS = 65_536;
const REPLY_LINE = /^(\d{3})([ -]?)(.*)$/;

export class Line {
  #socket: Socket;
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  #decoder = new TextDecoder();
  #buffer = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    [this.#reader, this.#writer] = holdStreams(socket);
  }

  /** Connects, privately at once where the server wants that. Whether it worked is in what is heard first. */
  static open(server: MailServer, connect: Connect): Line {
    const { host, port, privacy } = server;
    const secureTransport = privacy === "tls" ? "on" : "starttls";
    return new Line(connect({ hostname: host, port }, { secureTransport, allowHalfOpen: false }));
  }

  /** Says a command and hears the reply. */
  async ask(command: string, patienceMs: Milliseconds): Promise<Heard> {
    const said = await this.say(`${command}\r\n`, patienceMs);
    return said ?? this.hear(patienceMs);
  }

  /** Says something that is not answered, or only later. Null when it is on its way. */
  async say(text: string, patienceMs: Milliseconds): Promise<Exclude<Heard, { kind: "reply" }> | null> {
    return within(patienceMs, async () => {
      await this.#writer.write(new TextEncoder().encode(text));
      return null;
    });
  }

  /** The next reply. */
  hear(patienceMs: Milliseconds): Promise<Heard> {
    return within(patienceMs, async (): Promise<Heard> => {
      const lines: string[] = [];
      for (;;) {
        const [, code = "", more, text = ""] = REPLY_LINE.exec(await this.#nextLine()) ?? [];
        if (code === "") return { kind: "lost", message: "What answered is no mail server." };
        lines.push(text);
        if (more !== "-") return { kind: "reply", code: Number(code), lines };
      }
    });
  }

  /**
   * Goes on in TLS. False when something was said ahead of it: whoever stands in between could have put it there
   * (CVE-2011-0411). The certificate is checked against the host that was connected to.
   */
  upgrade(): boolean {
    if (this.#buffer !== "") return false;
    this.#reader.releaseLock();
    this.#writer.releaseLock();
    this.#socket = this.#socket.startTls();
    [this.#reader, this.#writer] = holdStreams(this.#socket);
    this.#decoder = new TextDecoder();
    return true;
  }

  /** Ends the connection, however it stands. */
  close(): void {
    this.#socket.close().catch(() => {});
  }

  async #nextLine(): Promise<string> {
    for (;;) {
      const end = this.#buffer.indexOf("\n");
      if (end >= 0) {
        const line = this.#buffer.slice(0, end).replace(/\r$/, "");
        this.#buffer = this.#buffer.slice(end + 1);
        return line;
      }
      if (this.#buffer.length > REPLY_MAX_CHARACTERS) throw new Error("The server's reply has no end.");
      const { done, value } = await this.#reader.read();
      if (done) throw new Error("The server closed the connection.");
      this.#buffer += this.#decoder.decode(value, { stream: true });
    }
  }
}

type Streams = [ReadableStreamDefaultReader<Uint8Array>, WritableStreamDefaultWriter<Uint8Array>];

/** What the platform says of a connection that broke is heard where it is read from. */
function holdStreams(socket: Socket): Streams {
  const streams: Streams = [socket.readable.getReader(), socket.writable.getWriter()];
  for (const end of [socket.opened, socket.closed, ...streams.map(({ closed }) => closed)]) end.catch(() => {});
  return streams;
}

async function within<Value>(
  patienceMs: Milliseconds,
  work: () => Promise<Value>,
): Promise<Value | Exclude<Heard, { kind: "reply" }>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<{ readonly kind: "silence" }>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "silence" }), patienceMs);
  });
  const worked = work().catch((error: unknown) => ({
    kind: "lost" as const,
    message: error instanceof Error ? error.message : String(error),
  }));
  try {
    return await Promise.race([worked, late]);
  } finally {
    clearTimeout(timer);
  }
}
