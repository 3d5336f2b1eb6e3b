/** Mails: what they say, and what a refusal of the platform means. */
import { describe, expect, it } from "vitest";
import { sendInvitation } from "../../../src/delivery/mail/invitation.ts";
import { mailerOf, sendMail } from "../../../src/delivery/mail/mailer.ts";
import { sendSignInLink } from "../../../src/delivery/mail/sign-in.ts";
import { Postbox } from "../../console/browser.ts";

const LINK = "https://carillon.test/invitations/s3cret";
const EXPIRES = Date.UTC(2026, 10, 29, 9, 30);

function makeMailer() {
  const postbox = new Postbox();
  const mailer = mailerOf({ EMAIL: postbox as unknown as SendEmail, MAIL_FROM: "carillon@acme.test" });
  if (mailer === null) throw new Error("No mailer");
  return { postbox, mailer };
}

describe("a deployment", () => {
  it("sends mail when it has a binding and a sender, and else does not", () => {
    const email = new Postbox() as unknown as SendEmail;
    expect(mailerOf({ EMAIL: email, MAIL_FROM: "a@b.test" })).toEqual({ email, from: "a@b.test" });
    for (const env of [{}, { EMAIL: email }, { EMAIL: email, MAIL_FROM: "" }, { MAIL_FROM: "a@b.test" }])
      expect(mailerOf(env)).toBeNull();
  });
});

describe("an invitation", () => {
  const invitation = {
    to: "bo@acme.test",
    workspace: "Acme <b>&</b>\r\nBcc: eve@evil.test",
    inviter: "ada@acme.test",
    role: "editor",
    link: LINK,
    expiresAt: EXPIRES,
  } as const;

  it("says who invites to what and until when, as text and as HTML, and asks for no automatic answer", async () => {
    const { postbox, mailer } = makeMailer();
    expect(await sendInvitation(mailer, invitation)).toEqual({ ok: true, value: undefined });
    const [mail] = postbox.sent;
    expect(mail).toMatchObject({
      to: "bo@acme.test",
      from: { email: "carillon@acme.test", name: "Carillon" },
      headers: { "Auto-Submitted": "auto-generated" },
    });
    for (const body of [mail?.text, mail?.html])
      for (const said of ["ada@acme.test", "editor", LINK, "29 November 2026", "09:30 UTC"])
        expect(body).toContain(said);
  });

  it("lets no name become markup, nor a header", async () => {
    const { postbox, mailer } = makeMailer();
    await sendInvitation(mailer, invitation);
    expect(postbox.sent[0]?.html).toContain("Acme &lt;b&gt;&amp;&lt;/b&gt;");
    expect(postbox.sent[0]?.subject).toBe("Join Acme <b>&</b> Bcc: eve@evil.test on Carillon");
  });
});

describe("a sign-in link", () => {
  it("is sent with where it signs in, and that it works once", async () => {
    const { postbox, mailer } = makeMailer();
    await sendSignInLink(mailer, { to: "a@b.test", link: LINK, expiresAt: EXPIRES, host: "carillon.test" });
    for (const body of [postbox.sent[0]?.text, postbox.sent[0]?.html])
      for (const said of [LINK, "at carillon.test", "works once"]) expect(body).toContain(said);
  });
});

describe("a refusal of the platform", () => {
  it.each([
    ["E_RECIPIENT_SUPPRESSED", { kind: "recipient_refused", to: "bo@acme.test" }],
    ["E_RECIPIENT_NOT_ALLOWED", { kind: "recipient_refused", to: "bo@acme.test" }],
    ["E_SENDER_NOT_VERIFIED", { kind: "sender_not_configured", from: "carillon@acme.test" }],
    ["E_SENDER_DOMAIN_NOT_AVAILABLE", { kind: "sender_not_configured", from: "carillon@acme.test" }],
    ["E_HEADER_NOT_ALLOWED", { kind: "sender_not_configured", from: "carillon@acme.test" }],
    ["E_CONTENT_TOO_LARGE", { kind: "too_large" }],
    ["E_RATE_LIMIT_EXCEEDED", { kind: "try_later", until: "soon" }],
    ["E_INTERNAL_SERVER_ERROR", { kind: "try_later", until: "soon" }],
    ["E_DAILY_LIMIT_EXCEEDED", { kind: "try_later", until: "day" }],
    ["E_DELIVERY_FAILED", { kind: "unknown", code: "E_DELIVERY_FAILED" }],
  ])("%s is a failure that the sender can act on: %j", async (code, failure) => {
    const { postbox, mailer } = makeMailer();
    postbox.refusal = code;
    const sent = await sendMail(mailer, { to: "bo@acme.test", subject: "x", text: "x", html: "x" });
    expect(sent).toMatchObject({ ok: false, error: { ...failure, message: expect.stringContaining(code) } });
  });

  it("without a code is of an unknown kind", async () => {
    const email = { send: () => Promise.reject(new Error("email from x not allowed")) } as unknown as SendEmail;
    const sent = await sendMail({ email, from: "x" }, { to: "y", subject: "x", text: "x", html: "x" });
    expect(sent).toMatchObject({ ok: false, error: { kind: "unknown", code: null } });
  });
});
