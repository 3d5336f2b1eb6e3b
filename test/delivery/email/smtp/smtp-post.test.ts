/** The post by SMTP, against real mail servers on loopback; what arrived is read back by another's parser. */
import { connect } from "cloudflare:sockets";
import { describe, expect, inject, it } from "vitest";
import type { Mail } from "../../../../src/delivery/email/post.ts";
import { PATIENCE } from "../../../../src/delivery/email/smtp/line.ts";
import { smtpPost } from "../../../../src/delivery/email/smtp/smtp-post.ts";
import { readMailServer } from "../../../../src/domain/news/mail-server.ts";
import { newId, now } from "../../../../src/system.ts";
import { headerOf, mailIn } from "../../../support/arrived.ts";
import type { MailPorts } from "../../../support/mail-server.ts";

const USER = `carillon:${encodeURIComponent("s3cret: @/%")}@`;
/** Long enough for a loopback, and short enough to wait for. */
const HASTY = { openMs: 3_000, replyMs: 300, messageMs: 300 };

function makePost(server: keyof MailPorts, { url = "smtp://", from = "carillon@acme.test", patience = PATIENCE } = {}) {
  const read = readMailServer(`${url}localhost:${inject("mailPorts")[server]}`, true);
  if (!read.ok) throw new Error(read.error);
  return smtpPost({ server: read.value, from, connect, now, newId, patience });
}

const boxName = (): string => `mail${newId().replaceAll("-", "")}`;

const makeMail = (to: string, more: Partial<Mail> = {}): Mail => ({
  to,
  subject: "Hello",
  text: "A text.\n",
  html: "<p>A text.</p>",
  ...more,
});

/** Sends to a box by a behaviour of the server. */
const sendTo = (behaviour: string, setting: Parameters<typeof makePost>[1] = {}) =>
  makePost("open", setting).send(makeMail(`${boxName()}.${behaviour}@mail.test`));

describe("a mail", () => {
  it("arrives with both forms of its text, its picture where the HTML shows it, and its file attached", async () => {
    const box = boxName();
    const picture = Uint8Array.from({ length: 5_000 }, (_, index) => (index * 7) % 256);
    const sent = await makePost("open").send(
      makeMail(`${box}.ok@mail.test`, {
        subject: "Größe 日本語 🎉 — a subject that is far too long for one encoded word of a header, and so is folded",
        text: "Zeile eins\n.\n..zwei = drei \nEnde ünd trailing\t\n",
        html: '<p>Ä</p><img src="cid:capture@carillon">',
        id: "0192f0c1-0000-7000-8000-000000000001",
        headers: { "X-Carillon-News": "1", References: "<a@acme.test>" },
        files: [
          { filename: "a.png", contentType: "image/png", bytes: picture, contentId: "capture@carillon" },
          { filename: 'Bericht "März".pdf', contentType: "application/pdf", bytes: picture, contentId: null },
        ],
      }),
    );
    expect(sent).toEqual({ ok: true, value: undefined });
    const [arrived] = await mailIn(box);
    expect(arrived?.about).toMatchObject({ "x-mail-from": "carillon@acme.test", "x-mail-secure": "false" });
    expect(arrived?.mail).toMatchObject({
      from: { name: "Carillon", address: "carillon@acme.test" },
      to: [{ address: `${box}.ok@mail.test` }],
      subject: "Größe 日本語 🎉 — a subject that is far too long for one encoded word of a header, and so is folded",
      messageId: "<0192f0c1-0000-7000-8000-000000000001@acme.test>",
      references: "<a@acme.test>",
      html: expect.stringContaining('<p>Ä</p><img src="cid:capture@carillon">'),
      attachments: [
        {
          filename: "a.png",
          mimeType: "image/png",
          contentId: "<capture@carillon>",
          disposition: "inline",
          related: true,
        },
        { mimeType: "application/pdf", disposition: "attachment" },
      ],
    });
    expect(arrived?.mail.text?.trimEnd()).toBe("Zeile eins\n.\n..zwei = drei \nEnde ünd trailing");
    expect(new Uint8Array(arrived?.mail.attachments[0]?.content as ArrayBuffer)).toEqual(picture);
    expect(arrived?.mail.attachments[1]?.filename).toContain("März");
    expect(Math.max(...(arrived?.raw ?? "").split("\r\n").map((line) => line.length))).toBeLessThan(200);
    expect(arrived?.raw).not.toMatch(/[^\p{ASCII}]/u);
  });

  it("has a date and an id of its own, and asks for no automatic answer", async () => {
    const box = boxName();
    await makePost("open").send(makeMail(`${box}.ok@mail.test`));
    const [arrived] = await mailIn(box);
    if (arrived === undefined) throw new Error("Nothing arrived");
    expect(Math.abs(Date.parse(headerOf(arrived, "date")) - now())).toBeLessThan(60_000);
    expect(headerOf(arrived, "message-id")).toMatch(/^<[0-9a-f-]{36}@acme\.test>$/);
    expect(headerOf(arrived, "auto-submitted")).toBe("auto-generated");
  });

  it("gets no header from whatever is in its subject, its headers or the names of its files", async () => {
    const box = boxName();
    const evil = "x\r\nBcc: eve@evil.test\r\n\r\nbody";
    await makePost("open").send(
      makeMail(`${box}.ok@mail.test`, {
        subject: evil,
        headers: { "X-Evil": evil },
        files: [
          { filename: evil, contentType: `image/png\r\nBcc: eve@evil.test`, bytes: new Uint8Array(3), contentId: null },
        ],
      }),
    );
    const [arrived] = await mailIn(box);
    expect(arrived?.mail.bcc).toBeUndefined();
    expect(arrived?.raw).not.toMatch(/^Bcc:/m);
    expect(arrived?.mail.text).toContain("A text.");
  });

  it.each(["a b@mail.test", "a@mail.test>\r\nRCPT TO:<eve@evil.test", "nobody", "<a@mail.test>"])(
    "is not sent to %j, which is no address",
    async (to) => {
      const sent = await makePost("open").send(makeMail(to));
      expect(sent).toMatchObject({ ok: false, error: { kind: "failed", failure: { reason: "address_refused" } } });
    },
  );

  it("is not sent beyond ASCII where the server takes no such address", async () => {
    const sent = await makePost("bare", { url: `smtp://${USER}` }).send(makeMail("jürgen@mail.test"));
    expect(sent).toMatchObject({ ok: false, error: { failure: { reason: "address_refused" } } });
  });
});

describe("a server that refuses", () => {
  it.each([
    ["rcpt-550", "failed", "address_refused"],
    ["rcpt-553", "failed", "address_refused"],
    ["rcpt-450", "again", "out_of_order"],
    ["rcpt-552", "again", "out_of_order"],
    ["rcpt-530", "again", "sender_not_configured"],
    ["end-550-mailbox", "failed", "address_refused"],
    ["end-550", "failed", "mail_refused"],
    ["end-554", "failed", "mail_refused"],
    ["end-552", "failed", "mail_too_large"],
    ["end-451", "again", "out_of_order"],
    ["end-421", "again", "out_of_order"],
    ["end-535", "again", "sender_not_configured"],
    ["cut", "again", "unreachable"],
    ["cut-late", "unknown", "answer_lost"],
  ])("by %s comes to %s: %s", async (behaviour, kind, reason) => {
    const sent = await sendTo(behaviour);
    expect(sent).toMatchObject({ ok: false, error: { kind, failure: { reason } } });
  });

  it.each([
    ["silent", "again", "no_answer"],
    ["silent-late", "unknown", "answer_lost"],
  ])("to answer, %s, comes to %s: %s", async (behaviour, kind, reason) => {
    const sent = await sendTo(behaviour, { patience: HASTY });
    expect(sent).toMatchObject({ ok: false, error: { kind, failure: { reason } } });
  });

  it.each([
    ["x.sender-550@acme.test", "again", "sender_not_configured"],
    ["x.sender-530@acme.test", "again", "sender_not_configured"],
    ["x.sender-552@acme.test", "failed", "mail_too_large"],
    ["x.sender-451@acme.test", "again", "out_of_order"],
  ])("the sender %s comes to %s: %s", async (from, kind, reason) => {
    const sent = await sendTo("ok", { from });
    expect(sent).toMatchObject({ ok: false, error: { kind, failure: { reason } } });
  });

  it.each([
    ["refusing", "again", "sender_not_configured"],
    ["closing", "again", "out_of_order"],
    ["noise", "again", "unreachable"],
  ] as const)("at once, %s, comes to %s: %s", async (server, kind, reason) => {
    const sent = await makePost(server).send(makeMail("a.ok@mail.test"));
    expect(sent).toMatchObject({ ok: false, error: { kind, failure: { reason } } });
  });

  it("says with its code what it said", async () => {
    const sent = await sendTo("rcpt-550");
    expect(sent).toMatchObject({
      error: { failure: { code: "550", message: expect.stringContaining("rcpt refused") } },
    });
  });

  it("is not sent what it has said is too large for it", async () => {
    const bytes = new Uint8Array(1_600_000);
    const file = { filename: "a.pdf", contentType: "application/pdf", bytes, contentId: null };
    const sent = await makePost("open").send(makeMail(`${boxName()}.ok@mail.test`, { files: [file] }));
    expect(sent).toMatchObject({
      error: { kind: "failed", failure: { reason: "mail_too_large", message: expect.stringContaining("2000000") } },
    });
  });

  it("or that is not there, is tried again", async () => {
    const server = { host: "localhost", port: 1, privacy: "offered", credentials: null } as const;
    const post = smtpPost({ server, from: "a@acme.test", connect, now, newId });
    const sent = await post.send(makeMail("b@mail.test"));
    expect(sent).toMatchObject({ ok: false, error: { kind: "again", failure: { reason: "unreachable" } } });
  });
});

describe("a connection", () => {
  it.each([
    ["upgrading", "smtp://"],
    ["tls", "smtps://"],
  ] as const)("to a server that is %s is private before the password is told", async (server, scheme) => {
    const box = boxName();
    const sent = await makePost(server, { url: scheme + USER }).send(makeMail(`${box}.ok@mail.test`));
    expect(sent).toEqual({ ok: true, value: undefined });
    expect((await mailIn(box))[0]?.about).toMatchObject({ "x-mail-secure": "true", "x-mail-user": "carillon" });
  });

  it("to this very machine may tell it in the clear; to no other", async () => {
    const box = boxName();
    const sent = await makePost("bare", { url: `smtp://${USER}` }).send(makeMail(`${box}.ok@mail.test`));
    expect(sent.ok).toBe(true);
    const server = { host: "localhost", port: inject("mailPorts").bare, privacy: "upgrade" } as const;
    const credentials = { user: "carillon", password: "s3cret: @/%" };
    const post = smtpPost({ server: { ...server, credentials }, from: "a@acme.test", connect, now, newId });
    expect(await post.send(makeMail(`${box}.ok@mail.test`))).toMatchObject({
      error: {
        kind: "again",
        failure: { reason: "sender_not_configured", message: expect.stringContaining("STARTTLS") },
      },
    });
  });

  it.each([
    ["smtps://carillon:wrong@", "sender_not_configured", "535"],
    ["smtps://busy:x@", "out_of_order", "454"],
    ["smtps://", "sender_not_configured", "530"],
  ])("as %s is held: %s", async (url, reason, code) => {
    const sent = await makePost("tls", { url }).send(makeMail(`${boxName()}.ok@mail.test`));
    expect(sent).toMatchObject({ error: { kind: "again", failure: { reason, code } } });
  });

  it("is of no use where the server knows no way to sign in that we know", async () => {
    const sent = await makePost("odd", { url: `smtps://${USER}` }).send(makeMail("a.ok@mail.test"));
    expect(sent).toMatchObject({ error: { kind: "again", failure: { reason: "sender_not_configured" } } });
  });

  it("ends when something was said ahead of STARTTLS, which is not believed", async () => {
    const sent = await makePost("meddling", { url: `smtp://${USER}` }).send(makeMail("a.ok@mail.test"));
    expect(sent).toMatchObject({ error: { kind: "again", failure: { reason: "unreachable" } } });
  });

  it("in TLS to a server that speaks none is tried again", async () => {
    const sent = await makePost("open", { url: "smtps://", patience: HASTY }).send(makeMail("a.ok@mail.test"));
    expect(sent).toMatchObject({ error: { kind: "again" } });
  });
});
