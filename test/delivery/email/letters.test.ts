/** Letters of the deployment itself: what they say, and which post takes them. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { bindingPost } from "../../../src/delivery/email/binding-post.ts";
import { postOf } from "../../../src/delivery/email/choosing.ts";
import { sendInvitation } from "../../../src/delivery/email/invitation.ts";
import { sendSignInLink } from "../../../src/delivery/email/sign-in.ts";
import { readMailServer } from "../../../src/domain/news/mail-server.ts";
import { findInOutbox, listOutbox } from "../../../src/runlog/outbox.ts";
import { newId, now } from "../../../src/system.ts";
import { Postbox } from "../../console/browser.ts";

const LINK = "https://carillon.test/invitations/s3cret";
const EXPIRES = Date.UTC(2026, 10, 29, 9, 30);

const asBinding = (postbox: Postbox) => postbox as unknown as SendEmail;

function makePost() {
  const postbox = new Postbox();
  return { postbox, post: bindingPost(asBinding(postbox), "carillon@acme.test") };
}

describe("a deployment", () => {
  const none = { localOutbox: false, mailServer: null };
  const chance = { now, newId };
  const { RUNLOG } = env;

  it("sends mail when it has a binding and a sender, and else does not", () => {
    const EMAIL = asBinding(new Postbox());
    expect(postOf({ RUNLOG, EMAIL, MAIL_FROM: "a@b.test" }, none, chance)).toMatchObject({ from: "a@b.test" });
    for (const bound of [{}, { EMAIL }, { EMAIL, MAIL_FROM: "" }, { MAIL_FROM: "a@b.test" }])
      expect(postOf({ RUNLOG, ...bound }, none, chance)).toBeNull();
  });

  it("sends by its mail server where it has one, with no binding", () => {
    const server = readMailServer("smtps://a:b@smtp.acme.test", false);
    if (!server.ok) throw new Error(server.error);
    const post = postOf({ RUNLOG, MAIL_FROM: "a@b.test" }, { ...none, mailServer: server.value }, chance);
    expect(post).toMatchObject({ from: "a@b.test" });
  });

  it("on one's own machine keeps mail in the outbox, whatever it has", async () => {
    const postbox = new Postbox();
    const post = postOf(
      { RUNLOG, EMAIL: asBinding(postbox), MAIL_FROM: "a@b.test" },
      { ...none, localOutbox: true },
      chance,
    );
    const to = `${newId()}@acme.test`;
    if (post === null) throw new Error("No post");
    await sendSignInLink(post, { to, link: LINK, expiresAt: EXPIRES, host: "carillon.test" });
    expect(postbox.sent).toEqual([]);
    const kept = (await listOutbox(RUNLOG)).find(({ recipient }) => recipient === to);
    expect(kept).toMatchObject({ channel: "email", title: "Your sign-in link for Carillon", workspace: null });
    expect(await findInOutbox(RUNLOG, kept?.id ?? "")).toMatchObject({
      body: { from: "Carillon <a@b.test>", to, text: expect.stringContaining(LINK) },
      files: [],
    });
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
    const { postbox, post } = makePost();
    expect(await sendInvitation(post, invitation)).toEqual({ ok: true, value: undefined });
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
    const { postbox, post } = makePost();
    await sendInvitation(post, invitation);
    expect(postbox.sent[0]?.html).toContain("Acme &lt;b&gt;&amp;&lt;/b&gt;");
    expect(postbox.sent[0]?.subject).toBe("Join Acme <b>&</b> Bcc: eve@evil.test on Carillon");
  });
});

describe("a sign-in link", () => {
  it("is sent with where it signs in, and that it works once", async () => {
    const { postbox, post } = makePost();
    await sendSignInLink(post, { to: "a@b.test", link: LINK, expiresAt: EXPIRES, host: "carillon.test" });
    for (const body of [postbox.sent[0]?.text, postbox.sent[0]?.html])
      for (const said of [LINK, "at carillon.test", "works once"]) expect(body).toContain(said);
  });
});
