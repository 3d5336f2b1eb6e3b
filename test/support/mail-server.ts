/**
 * Mail servers, for real: SMTP on loopback, outside workerd. What they do is written in the address that is written to,
 * `<box>.<behaviour>@mail.test`; what they take goes to the receiver's box of that name, as raw MIME. An address of the sender
 * may name a behaviour too.
 *
 * `ok`; `rcpt-550` refuses the recipient with that code, `sender-550` the sender; `end-554` refuses the whole message, `end-550-mailbox`
 * because of the address; `cut` breaks the connection before the message, `cut-late` when all of it is there; `silent` does not answer to
 * the recipient, `silent-late` not to the message.
 */
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";
import type { TestProject } from "vitest/node";

/** The port of each. */
export interface MailPorts {
  /** Takes mail of everybody, in the clear. */
  readonly open: number;
  /** Offers STARTTLS, and takes mail of user `carillon` with the password `s3cret: @/%`. User `busy` is put off. */
  readonly upgrading: number;
  /** The same, in TLS from the beginning. */
  readonly tls: number;
  /** Wants a password, and offers no TLS; takes no address beyond ASCII. */
  readonly bare: number;
  /** Wants a password in a way that nobody knows. */
  readonly odd: number;
  /** Greets with 554, and with 421; and what is no mail server. */
  readonly refusing: number;
  readonly closing: number;
  readonly noise: number;
  /** Says something ahead of STARTTLS. */
  readonly meddling: number;
}

declare module "vitest" {
  export interface ProvidedContext {
    mailPorts: MailPorts;
  }
}

/** A key that protects nothing; the runtime trusts its certificate in tests alone. */
const TLS = {
  key: readFileSync(join(import.meta.dirname, "tls/key.pem")),
  cert: readFileSync(join(import.meta.dirname, "tls/cert.pem")),
};
const PASSWORD = "s3cret: @/%";
const SIZE_MAX = 2_000_000;

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { receiver } = project.getProvidedContext();
  const servers: (SMTPServer | Server)[] = [];
  const sockets = new Set<Socket>();
  const smtp = async (options: SMTPServerOptions): Promise<number> => {
    const server: SMTPServer = new SMTPServer({
      ...TLS,
      ...behaviours(receiver, (session) => cut(server, session)),
      size: SIZE_MAX,
      disableReverseLookup: true,
      closeTimeout: 100,
      authOptional: true,
      ...options,
    });
    server.on("error", () => {});
    servers.push(server);
    return portOf(await listening(server.listen(0, "127.0.0.1")));
  };
  const raw = async (talk: (socket: Socket) => void): Promise<number> => {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      talk(socket);
    });
    servers.push(server);
    return portOf(await listening(server.listen(0, "127.0.0.1")));
  };
  const guarded = { authOptional: false, authMethods: ["PLAIN", "LOGIN"], onAuth };
  project.provide("mailPorts", {
    open: await smtp({ disabledCommands: ["AUTH", "STARTTLS"] }),
    upgrading: await smtp(guarded),
    tls: await smtp({ ...guarded, secure: true, authMethods: ["LOGIN"] }),
    bare: await smtp({ ...guarded, disabledCommands: ["STARTTLS"], allowInsecureAuth: true, hideSMTPUTF8: true }),
    odd: await smtp({ ...guarded, secure: true, authMethods: ["CRAM-MD5"] }),
    refusing: await raw((socket) => socket.end("554 mail.test takes no mail\r\n")),
    closing: await raw((socket) => socket.end("421 mail.test is closing\r\n")),
    noise: await raw((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\n")),
    meddling: await raw(meddle),
  });
  return async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  };
}

const listening = <Listener extends { once(event: "listening", then: () => void): unknown }>(server: Listener) =>
  new Promise<Listener>((resolve) => server.once("listening", () => resolve(server)));
const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

const onAuth: NonNullable<SMTPServerOptions["onAuth"]> = ({ username, password }, _session, done) => {
  if (username === "busy") return done(refusal(454, "Temporary authentication failure"));
  if (username !== "carillon" || password !== PASSWORD) return done(refusal(535, "5.7.8 Wrong user or password"));
  return done(null, { user: username });
};

function behaviours(receiver: string, hangUp: (session: SMTPServerSession) => void): SMTPServerOptions {
  return {
    onMailFrom: ({ address }, _session, done) => done(refusedAt("sender", address)),
    onRcptTo: ({ address }, session, done) => {
      const behaviour = behaviourOf(address);
      if (behaviour === "silent") return;
      if (behaviour === "cut") return hangUp(session);
      done(refusedAt("rcpt", address));
    },
    onData: (stream, session, done) => {
      const [to] = session.envelope.rcptTo;
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        const address = to?.address ?? "";
        const behaviour = behaviourOf(address);
        if (behaviour === "silent-late") return;
        if (behaviour === "cut-late") return hangUp(session);
        const refused = stream.sizeExceeded ? refusal(552, "Too large") : refusedAt("end", address);
        if (refused !== null) return done(refused);
        const [box = ""] = address.split(".");
        await fetch(`${receiver}/${box}/ok`, {
          method: "POST",
          body: Buffer.concat(chunks),
          headers: {
            "x-mail-from": sender(session),
            "x-mail-secure": String(session.secure),
            "x-mail-user": session.user ?? "",
          },
        });
        done(null);
      });
    },
  };
}

const sender = ({ envelope: { mailFrom } }: SMTPServerSession): string => (mailFrom === false ? "" : mailFrom.address);

const behaviourOf = (address: string): string => address.split("@")[0]?.split(".").slice(1).join(".") ?? "";

function refusedAt(step: "sender" | "rcpt" | "end", address: string): Error | null {
  const [, code, more] = new RegExp(`^${step}-(\\d{3})(-mailbox)?$`).exec(behaviourOf(address)) ?? [];
  if (code === undefined) return null;
  return refusal(Number(code), more === undefined ? `5.7.1 ${step} refused` : "5.1.1 No such mailbox");
}

const refusal = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode });

/** The library keeps its connections, and lets nobody else have their sockets. */
function cut(server: SMTPServer, { id }: SMTPServerSession): void {
  const connections = [...(server as unknown as { connections: Set<{ id: string; _socket: Socket }> }).connections];
  connections.find((connection) => connection.id === id)?._socket.destroy();
}

function meddle(socket: Socket): void {
  socket.write("220 mail.test\r\n");
  socket.on("data", (chunk) => {
    const command = chunk.toString();
    if (command.startsWith("EHLO")) socket.write("250-mail.test\r\n250 STARTTLS\r\n");
    if (command.startsWith("STARTTLS")) socket.write("220 go ahead\r\n250 AUTH PLAIN\r\n");
  });
}
