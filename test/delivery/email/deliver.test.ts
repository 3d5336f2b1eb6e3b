/** News by email: what becomes of it, by what the post answers; and what is in the mail. */
import { describe, expect, it } from "vitest";
import { bindingPost } from "../../../src/delivery/email/binding-post.ts";
import { deliverByEmail } from "../../../src/delivery/email/deliver.ts";
import { type Mail, notSent, type Post } from "../../../src/delivery/email/post.ts";
import { ok } from "../../../src/domain/result.ts";
import { Postbox } from "../../console/browser.ts";
import { makeGiven, makePicture, SCHEDULE } from "../../support/make-news.ts";

/** A post that keeps what it is given, and refuses what is larger than it takes. */
function makePost(most = Number.POSITIVE_INFINITY) {
  const mails: Mail[] = [];
  const post: Post = {
    from: "carillon@acme.test",
    send: async (mail) => {
      mails.push(mail);
      const size = (mail.files ?? []).reduce((sum, { bytes }) => sum + bytes.length, 0);
      return size > most ? notSent("failed", "mail_too_large", "Too large", "E_CONTENT_TOO_LARGE") : ok(undefined);
    },
  };
  return { post, mails };
}

describe("news by email", () => {
  it("is one mail to its recipient, with a picture where the HTML shows it", async () => {
    const { post, mails } = makePost();
    expect(await deliverByEmail(post, makeGiven({ picture: makePicture() }))).toEqual({ kind: "sent" });
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      to: "ada@acme.test",
      subject: "daily-report in Sales succeeded",
      files: [{ filename: "daily-report.png", contentType: "image/png", contentId: "capture@carillon" }],
    });
    expect(mails[0]?.html).toContain('src="cid:capture@carillon"');
    expect(mails[0]?.html).toContain('alt="The app of Sales"');
  });

  it("carries a PDF as a file, and says so", async () => {
    const { post, mails } = makePost();
    const pdf = { format: "pdf", contentType: "application/pdf", filename: "daily-report.pdf" } as const;
    await deliverByEmail(post, makeGiven({ picture: makePicture(pdf) }));
    expect(mails[0]?.files).toMatchObject([{ filename: "daily-report.pdf", contentId: null }]);
    expect(mails[0]?.text).toContain("Attached: daily-report.pdf.");
    expect(mails[0]?.html).not.toContain("cid:");
  });

  it("that is too large with its picture goes once more with a link, and says so", async () => {
    const { post, mails } = makePost(3);
    expect(await deliverByEmail(post, makeGiven({ picture: makePicture() }))).toEqual({
      kind: "sent",
      without: { reason: "picture_too_large", message: "Too large" },
    });
    expect(mails.map(({ files }) => files?.length)).toEqual([1, 0]);
    expect(mails[1]?.text).toContain("too large to go along");
    expect(mails[1]?.text).toContain("/captures/png");
  });

  it("that is too large without a picture is failed", async () => {
    const { post } = makePost(-1);
    expect(await deliverByEmail(post, makeGiven())).toMatchObject({
      kind: "failed",
      failure: { reason: "mail_too_large" },
    });
  });

  it.each([
    [{ kind: "late", format: "png" }, "picture_late", "was not there in time"],
    [
      { kind: "failed", format: "pdf", failure: { reason: "picture_failed", message: "The page never became ready" } },
      "picture_failed",
      "could not be taken: The page never became ready.",
    ],
    [makePicture({ step: "link", size: 0 }), "picture_too_large", "too large to go along"],
    [
      makePicture({ read: async () => null }),
      "picture_failed",
      "could not be taken: The capture is not kept any more.",
    ],
  ] as const)(
    "goes without its picture where there is none to carry (%#), and says why",
    async (picture, reason, words) => {
      const { post, mails } = makePost();
      expect(await deliverByEmail(post, makeGiven({ picture }))).toMatchObject({ kind: "sent", without: { reason } });
      expect(mails[0]?.text).toContain(words);
      expect(mails[0]?.html).toContain(words);
    },
  );

  it("gives each paragraph of people's own text its own direction", async () => {
    const { post, mails } = makePost();
    await deliverByEmail(post, makeGiven({ notification: { subject: null, body: "Hello\n\nשלום" } }));
    expect(mails[0]?.html.match(/<p dir="auto"[^>]*>(Hello|שלום)</g)).toHaveLength(2);
  });

  it("goes with a smaller picture, a link to the whole, and a word about it", async () => {
    const { post, mails } = makePost();
    expect(await deliverByEmail(post, makeGiven({ picture: makePicture({ step: "preview" }) }))).toEqual({
      kind: "sent",
    });
    expect(mails[0]?.text).toContain("so this is a smaller one");
    expect(mails[0]?.html).toContain("/captures/png");
  });

  it("is tried again when its picture cannot be read just now", async () => {
    const picture = makePicture({ read: () => Promise.reject(new Error("R2 is down")) });
    expect(await deliverByEmail(makePost().post, makeGiven({ picture }))).toMatchObject({
      kind: "again",
      failure: { reason: "picture_unreadable" },
    });
  });

  it("is held where the deployment sends no mail", async () => {
    expect(await deliverByEmail(null, makeGiven())).toMatchObject({
      kind: "again",
      failure: { reason: "mail_not_configured" },
    });
  });

  it("to somebody without an address is failed", async () => {
    const { target } = makeGiven();
    expect(await deliverByEmail(makePost().post, makeGiven({ target: { ...target, address: null } }))).toMatchObject({
      kind: "failed",
      failure: { reason: "address_refused" },
    });
  });
});

describe("the headers of news", () => {
  it("let a mail program unsubscribe by one click, file it by its schedule, and show a schedule's mails together", async () => {
    const { post, mails } = makePost();
    await deliverByEmail(post, makeGiven());
    await deliverByEmail(post, makeGiven({ news: { event: "run.failed" } }));
    const thread = `<schedule.${SCHEDULE}@acme.test>`;
    for (const { headers } of mails)
      expect(headers).toMatchObject({
        "List-Unsubscribe": "<https://carillon.test/unsubscribe/t0ken>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": `<${SCHEDULE}.schedules.acme.test>`,
        References: thread,
        "In-Reply-To": thread,
        "X-Carillon-News": expect.any(String),
      });
  });

  it("offer nothing that would not work: no unsubscribing of what nobody subscribed to, no click without https", async () => {
    const { post, mails } = makePost();
    await deliverByEmail(post, makeGiven({ links: { unsubscribe: null } }));
    await deliverByEmail(post, makeGiven({ links: { unsubscribe: "http://localhost:8787/unsubscribe/t" } }));
    expect(mails[0]?.headers).not.toHaveProperty("List-Unsubscribe");
    expect(mails[1]?.headers).toHaveProperty("List-Unsubscribe");
    expect(mails[1]?.headers).not.toHaveProperty("List-Unsubscribe-Post");
  });

  it("stay the same over the tries of one round, and tell a mail that was sent again from the first", async () => {
    const { post, mails } = makePost();
    for (const round of [0, 0, 1]) await deliverByEmail(post, { ...makeGiven(), round });
    const ids = mails.map(({ id }) => id);
    expect([ids[0] === ids[1], ids[2] === ids[0]]).toEqual([true, false]);
    expect(ids[2]).toMatch(/^[0-9a-f-]{36}\.1$/);
  });

  it("are of those that Email Service takes", async () => {
    const { post, mails } = makePost();
    await deliverByEmail(post, makeGiven());
    const taken = /^(?:List-Unsubscribe|List-Unsubscribe-Post|List-Id|Auto-Submitted|In-Reply-To|References|X-.+)$/;
    for (const name of Object.keys(mails[0]?.headers ?? {})) expect(name).toMatch(taken);
  });
});

describe("the platform's post", () => {
  const send = async (refusal: string | null) => {
    const postbox = new Postbox();
    postbox.refusal = refusal;
    const post = bindingPost(postbox as unknown as SendEmail, "carillon@acme.test");
    const outcome = await deliverByEmail(post, makeGiven({ picture: makePicture() }));
    return { outcome, postbox };
  };

  it("is handed pictures by content id, and its headers", async () => {
    const { postbox } = await send(null);
    expect(postbox.sent[0]).toMatchObject({
      from: { email: "carillon@acme.test", name: "Carillon" },
      headers: { "Auto-Submitted": "auto-generated", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
      attachments: [{ disposition: "inline", contentId: "capture@carillon", type: "image/png" }],
    });
  });

  it.each([
    ["E_RECIPIENT_SUPPRESSED", "failed", "address_refused"],
    ["E_RECIPIENT_NOT_ALLOWED", "failed", "address_refused"],
    ["E_SENDER_NOT_VERIFIED", "again", "sender_not_configured"],
    ["E_SENDER_DOMAIN_NOT_AVAILABLE", "again", "sender_not_configured"],
    ["E_VALIDATION_ERROR", "again", "mail_refused"],
    ["E_FIELD_MISSING", "again", "mail_refused"],
    ["E_HEADER_NOT_ALLOWED", "again", "mail_refused"],
    ["E_HEADERS_TOO_LARGE", "again", "mail_refused"],
    ["E_TOO_MANY_RECIPIENTS", "again", "mail_refused"],
    ["E_CONTENT_TOO_LARGE", "failed", "mail_too_large"],
    ["E_RATE_LIMIT_EXCEEDED", "again", "rate_limited"],
    ["E_INTERNAL_SERVER_ERROR", "again", "out_of_order"],
    ["E_DAILY_LIMIT_EXCEEDED", "again", "mail_limit"],
    ["E_DELIVERY_FAILED", "again", "mail_refused"],
    ["E_NOBODY_KNOWS", "unknown", "answer_lost"],
  ])("that refuses by %s comes to %s: %s", async (code, kind, reason) => {
    const { outcome } = await send(code);
    expect(outcome).toMatchObject({ kind, failure: { reason, code, message: expect.stringContaining(code) } });
  });

  it.each([
    ["Invalid from address: carillon@acme", "sender_not_configured"],
    ["The sender's domain is not valid.", "sender_not_configured"],
    ["Invalid to address: bob@acme", "mail_refused"],
  ])("that finds a mail wrong may mean this one alone: %s", async (message, reason) => {
    const refuse = () => Promise.reject(Object.assign(new Error(message), { code: "E_VALIDATION_ERROR" }));
    const post = bindingPost({ send: refuse } as unknown as SendEmail, "a@acme.test");
    expect(await deliverByEmail(post, makeGiven())).toMatchObject({ kind: "again", failure: { reason } });
  });

  it("that fails without a code may have sent it", async () => {
    const binding = { send: () => Promise.reject(new Error("gone")) } as unknown as SendEmail;
    const outcome = await deliverByEmail(bindingPost(binding, "a@acme.test"), makeGiven());
    expect(outcome).toEqual({ kind: "unknown", failure: { reason: "answer_lost", message: "gone" } });
  });
});
