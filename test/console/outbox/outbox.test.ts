/** `/outbox`: what would have left one's own machine, as its recipients would see it. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { deliverByEmail } from "../../../src/delivery/email/deliver.ts";
import { outboxPost } from "../../../src/delivery/email/outbox-post.ts";
import type { Env } from "../../../src/env.ts";
import { keepInOutbox, listOutbox, OUTBOX_KEPT, readOutboxFile } from "../../../src/runlog/outbox.ts";
import { newId, now } from "../../../src/system.ts";
import { makeGiven, makePicture } from "../../support/make-news.ts";
import { Browser, makeTeam } from "../browser.ts";

const LOCAL: Partial<Env> = { LOCAL_OUTBOX: "true", LOCAL_SIGN_IN: "true" };
const PNG = Uint8Array.of(137, 80, 78, 71);
const HOSTILE = '<img src=x onerror=alert(1)>"';

const open = (settings: Partial<Env> = LOCAL) => new Browser(undefined, settings);

/** Keeps news with a picture of so many bytes, and answers the message's path. */
async function keepMail(size = 4, address = `${newId()}@acme.test`): Promise<string> {
  const post = outboxPost({ db: env.RUNLOG, from: "carillon@acme.test", now, newId });
  const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251);
  const { target } = makeGiven();
  const notification = { subject: HOSTILE, body: HOSTILE };
  const picture = makePicture({ read: async () => bytes });
  await deliverByEmail(post, makeGiven({ picture, notification, target: { ...target, address } }));
  const kept = (await listOutbox(env.RUNLOG)).find(({ recipient }) => recipient === address);
  return `/outbox/${kept?.id}`;
}

describe("the outbox", () => {
  it.each([[{}], [{ LOCAL_SIGN_IN: "true" }], [{ LOCAL_OUTBOX: "true" }]])(
    "is nowhere to be found with the settings %j, by nobody",
    async (settings) => {
      const path = await keepMail();
      for (const address of ["/outbox", path, `${path}/html`, `${path}/files/0`])
        expect((await open(settings).get(address)).status).toBe(404);
    },
  );

  it("is shown to whoever is signed in", async () => {
    const { email } = await makeTeam();
    const browser = open({ LOCAL_OUTBOX: "true" });
    const postbox = open({});
    await postbox.signIn(email);
    for (const [name, value] of postbox.cookies) browser.cookies.set(name, value);
    expect((await browser.get("/outbox")).status).toBe(200);
  });

  it("keeps the mail with a link to sign in with, by which one signs in", async () => {
    const { email } = await makeTeam();
    const browser = open();
    await browser.get("/sign-in");
    await browser.post("/sign-in", { email });
    expect(browser.postbox.sent).toEqual([]);
    const list = (await browser.get("/outbox")).text;
    expect(list).toContain(email);
    const [, id] = new RegExp(`href="/outbox/([0-9a-f-]+)">Your sign-in link[\\s\\S]*?${email}`).exec(list) ?? [];
    const mail = (await browser.get(`/outbox/${id}`)).text;
    const [, path = ""] = /https:\/\/carillon\.test(\/sign-in\/[\w-]+)/.exec(mail) ?? [];
    await browser.get(path);
    expect(await browser.isSignedIn()).toBe(true);
  });

  it("shows a mail with its headers, its text and its files, and lets none of it be markup", async () => {
    const path = await keepMail();
    const page = await open().get(path);
    expect(page.text).toContain("List-Unsubscribe-Post");
    expect(page.text).toContain("daily-report.png");
    expect(page.text).not.toContain("<img src=x");
    expect(page.headers.get("content-security-policy")).toContain("frame-src 'self'");
  });

  it("shows the mail's own HTML in a frame that can do nothing, with its pictures in it", async () => {
    const path = await keepMail();
    const frame = await open().get(`${path}/html`);
    const policy = frame.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("sandbox");
    expect(policy).not.toContain("allow-scripts");
    expect(frame.text).toContain('src="data:image/png;base64,AAECAw=="');
    expect(frame.text).not.toContain("<img src=x");
  });

  it("keeps files that are larger than a row, and hands them over as files", async () => {
    const path = await keepMail(2_500_000);
    const file = await open().get(`${path}/files/0`);
    expect(file.headers.get("content-disposition")).toContain("attachment");
    const bytes = await readOutboxFile(env.RUNLOG, path.slice("/outbox/".length), 0);
    expect(bytes).toHaveLength(2_500_000);
    expect(bytes[2_400_000]).toBe(2_400_000 % 251);
    expect((await open().get(`${path}/files/1`)).status).toBe(404);
    expect((await open().get(`${path}/files/x`)).status).toBe(404);
  });

  it("draws a Slack message about as Slack does", async () => {
    const id = newId();
    await keepInOutbox(env.RUNLOG, {
      ...{ id, workspace: null, channel: "slack", recipient: "#reports", title: "It failed", at: now() },
      body: {
        channel: "C1",
        text: "plain",
        thread: "1",
        blocks: [
          { type: "header", text: { type: "plain_text", text: "It *failed*" } },
          {
            type: "section",
            text: { type: "mrkdwn", text: ":x: *Failed* &lt;b&gt; <https://carillon.test/runs/1|the run>" },
            fields: [{ type: "mrkdwn", text: "*Due*\n9:00" }],
          },
          {
            type: "actions",
            elements: [{ type: "button", url: "javascript:alert(1)", text: { text: "See the run" } }],
          },
          { type: "unknown_block", text: HOSTILE },
          "no block",
        ],
      },
    });
    const { text } = await open().get(`/outbox/${id}`);
    for (const said of [
      '<h2 dir="auto">It *failed*</h2>',
      "<strong>Failed</strong> &lt;b&gt;",
      '<a href="https://carillon.test/runs/1"',
      "<strong>Due</strong>",
      "in a thread of #reports",
    ])
      expect(text).toContain(said);
    for (const never of ["javascript:alert", "<img src=x"]) expect(text).not.toContain(`href="${never}`);
    expect(text).not.toContain("<img src=x");
  });

  it("shows a picture that went to Slack, links a PDF, and says under which message they are", async () => {
    const [ts, recipient] = [newId(), `#${newId()}`];
    const keep = async (title: string, body: { readonly [key: string]: string }, contentType?: string) => {
      const message = { id: newId(), workspace: null, channel: "slack", recipient, title, at: now() } as const;
      const file = { filename: title, contentType: contentType ?? "", contentId: null, bytes: PNG };
      const files = contentType === undefined ? [] : [file];
      await keepInOutbox(env.RUNLOG, { ...message, body: { ...body, channel: "C1", blocks: [] } }, files);
      return `/outbox/${message.id}`;
    };
    const text = await keep(`It <b>${ts}`, { ts, text: "שלום" });
    const picture = await keep("a.png", { thread: ts, text: `Of "${ts}"` }, "image/png");
    const pdf = await keep("b.pdf", { thread: ts, text: "A PDF" }, "application/pdf");
    expect((await open().get(text)).text).toContain('<p dir="auto">שלום</p>');
    const shown = await open().get(picture);
    expect(shown.text).toContain(`<img src="${picture}/files/0" alt="Of &quot;${ts}&quot;"/>`);
    expect(shown.text).toContain(`in a thread of ${recipient}, under <a href="${text}">It &lt;b&gt;${ts}</a>`);
    expect(shown.headers.get("content-security-policy")).toContain("img-src 'self'");
    const carded = (await open().get(pdf)).text;
    expect(carded).toContain(`<a href="${pdf}/files/0" download="b.pdf">b.pdf</a>`);
    expect(carded).not.toContain("<img");
    await env.RUNLOG.prepare("DELETE FROM outbox WHERE title = ?1").bind(`It <b>${ts}`).run();
    expect((await open().get(pdf)).text).toMatch(/in a thread of #[\w-]+</);
  });

  it("says so when a message has had to make room", async () => {
    expect((await open().get(`/outbox/${newId()}`)).status).toBe(404);
    const first = await keepMail();
    await env.RUNLOG.batch(
      Array.from({ length: OUTBOX_KEPT }, () =>
        env.RUNLOG.prepare(
          "INSERT INTO outbox (id, channel, recipient, title, body, at) VALUES (?1, 'email', 'x', 'x', '{}', 0)",
        ).bind(newId()),
      ),
    );
    await keepMail();
    expect((await open().get(first)).text).toContain("This message is not here");
    const { results } = await env.RUNLOG.prepare("SELECT count(*) AS rows FROM outbox").all();
    expect(results).toEqual([{ rows: OUTBOX_KEPT }]);
    await env.RUNLOG.prepare("DELETE FROM outbox WHERE recipient = 'x'").run();
  });
});
