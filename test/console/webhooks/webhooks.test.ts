/** `/webhooks`: endpoints made, tried, changed, their secrets, what they were sent, and their end. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { mintProjectScope } from "../../../src/domain/access.ts";
import { readNewsId, readProjectId } from "../../../src/domain/ids.ts";
import { deriveDeliveryId } from "../../../src/domain/news/delivery.ts";
import { newsOf } from "../../../src/domain/news/news.ts";
import { planDeliveries } from "../../../src/runlog/deliveries.ts";
import { newId, now } from "../../../src/system.ts";
import { hold, makeMember } from "../../api/caller.ts";
import { makeTeam } from "../browser.ts";
import { browserOf } from "../project-team.ts";

let box = "";
beforeEach(() => {
  box = newId();
});

async function makeScene(behaviour = "ok") {
  const team = await makeTeam();
  const owner = await hold(team.scope, team.adminId, team.email);
  const browser = await browserOf({ id: team.adminId });
  const made = await browser.post("/webhooks/new", [
    ["name", "Hook <i>"],
    ["url", `${env.RECEIVER}/${box}/${behaviour}`],
    ["events", "run.failed"],
    ["events", "run.missed"],
    ["signatures", "v1"],
  ]);
  const [webhook] = (await owner.call("GET", "/v1/webhooks")).body.items;
  const [id, at] = [String(webhook.id), `/v1/webhooks/${webhook.id}`];
  return { ...team, owner, browser, made, webhook, id, at, path: `/webhooks/${id}` };
}

/** A delivery to the endpoint that did not arrive. */
async function keepFailed({ owner, webhook }: Awaited<ReturnType<typeof makeScene>>) {
  const { body } = await owner.call("POST", "/v1/projects", { body: { name: "Sales" } });
  const scope = mintProjectScope(owner.scope.workspaceId, readProjectId(body.id));
  const at = now() - 60_000;
  const news = newsOf("run.failed", { id: readNewsId(newId()), at });
  const recipient = { kind: "webhook", id: String(webhook.id), name: "Hook" } as const;
  const target = { channel: "webhook", recipient, address: null, timezone: null, notification: null } as const;
  const id = deriveDeliveryId({ news: news.id, notification: null, channel: "webhook", recipient });
  await planDeliveries(env.RUNLOG, scope, news, [{ ...target, id, wants: null, suppressed: null }], at);
  const failure = '{"reason":"endpoint_refused","message":"It answered <500>.","code":"500"}';
  await env.RUNLOG.prepare(
    "UPDATE deliveries SET state = 'failed', settled_at = ?2, failure = ?3, attempts = 3, claim = 3 WHERE id = ?1",
  )
    .bind(id, at, failure)
    .run();
  return { id, project: String(body.id) };
}

describe("a webhook endpoint", () => {
  it("is made once, and its secret replaced once, however often the forms are sent", async () => {
    const { browser, owner, webhook, path } = await makeScene();
    const once = { once: "one-form" };
    const fields = { name: "Once", url: `${env.RECEIVER}/${box}/ok`, events: "run.failed", signatures: "v1", ...once };
    const [made, again] = [await browser.post("/webhooks/new", fields), await browser.post("/webhooks/new", fields)];
    expect([made.status, again.text.includes("Once is made")]).toEqual([200, true]);
    expect((await owner.call("GET", "/v1/webhooks")).body.items).toHaveLength(2);
    const secretOf = async () => (await owner.call("GET", `/v1/webhooks/${webhook.id}/secret`)).body.secret;
    await browser.post(`${path}/secret/rotation`, { once: "other" });
    const replaced = await secretOf();
    expect((await browser.post(`${path}/secret/rotation`, { once: "other" })).text).toContain(replaced);
    expect(await secretOf()).toBe(replaced);
  });

  it("keeps what somebody else changed since the form was drawn", async () => {
    const { browser, owner, at, path } = await makeScene();
    const was = Object.fromEntries(
      [...(await browser.get(path)).text.matchAll(/name="(was_\w+)" value="([^"]*)"/g)].map(
        ([, name = "", held = ""]) => [name, held],
      ),
    );
    expect(was).toMatchObject({ was_events: "run.failed run.missed", was_projects: "" });
    await owner.call("PATCH", at, { body: { events: ["run.failed"] } });
    const held = { url: was.was_url ?? "", signatures: "v1" };
    const fields: [string, string][] = [
      ...Object.entries({ ...was, ...held, name: "Renamed" }),
      ["events", "run.failed"],
      ["events", "run.missed"],
    ];
    expect((await browser.post(path, fields)).location).toBe(`${path}?did=saved`);
    expect((await owner.call("GET", at)).body).toMatchObject({ name: "Renamed", events: ["run.failed"] });
  });

  it("is made with what it asks for, and its secret is shown in the answer", async () => {
    const { made, webhook, owner, at, browser } = await makeScene();
    expect(webhook).toMatchObject({ name: "Hook <i>", events: ["run.failed", "run.missed"], all_projects: true });
    const { secret, public_key: publicKey } = (await owner.call("GET", `${at}/secret`)).body;
    expect(made.text).toContain(secret);
    expect(made.text).toContain(publicKey);
    const list = (await browser.get("/webhooks")).text;
    expect(list).toContain("Hook &lt;i&gt;");
    expect(list).not.toContain(secret);
  });

  it("is refused beside the field with what was typed, and none is made", async () => {
    const { browser, owner } = await makeScene();
    const refused = await browser.post("/webhooks/new", {
      name: "Two",
      url: "http://10.0.0.1/",
      events: "run.skipped",
      signatures: "v1",
    });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('id="url-wrong"')]);
    expect(refused.text).toContain('value="http://10.0.0.1/"');
    expect(refused.text).toMatch(/id="event-run.skipped"[^>]*checked/);
    expect(refused.text).not.toMatch(/id="event-run.failed"[^>]*checked/);
    expect((await owner.call("GET", "/v1/webhooks")).body.items).toHaveLength(1);
  });

  it("is changed, disabled and enabled again", async () => {
    const { browser, owner, path, at, webhook } = await makeScene();
    const typed = { name: "Hook", url: webhook.url, events: "run.skipped", signatures: "both" };
    expect((await browser.post(path, typed)).location).toBe(`${path}?did=saved`);
    expect((await owner.call("GET", at)).body).toMatchObject({ events: ["run.skipped"], signatures: "both" });
    expect((await browser.post(`${path}/state`, { enabled: "no" })).location).toBe(`${path}?did=disabled`);
    expect((await browser.get(path)).text).toContain("Somebody disabled it.");
    await browser.post(`${path}/state`, { enabled: "yes" });
    expect((await owner.call("GET", at)).body.enabled).toBe(true);
    expect((await browser.post(path, { ...typed, name: "" })).text).toContain('id="name-wrong"');
  });

  it("is tried with an example, and what it answered is shown with what it was sent", async () => {
    const { browser, path } = await makeScene();
    const { text } = await browser.post(`${path}/test`, { event: "run.missed" });
    expect(text).toContain("took it: it answered 200");
    expect(text).toContain("&quot;type&quot;: &quot;run.missed&quot;");
    const failing = await makeScene("status-500");
    expect((await failing.browser.post(`${failing.path}/test`)).text).toContain("It answered 500");
  });

  it("shows its secret when asked, and replaces it with the overlap that was asked for", async () => {
    const { browser, owner, path, at } = await makeScene();
    const { secret } = (await owner.call("GET", `${at}/secret`)).body;
    expect((await browser.get(`${path}/secret`)).text).not.toContain(secret);
    expect((await browser.post(`${path}/secret`)).text).toContain(secret);
    const refused = await browser.post(`${path}/secret/rotation`, { overlap: "8 days" });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('id="overlap-wrong"')]);
    const rotated = (await browser.post(`${path}/secret/rotation`, { overlap: "2 days" })).text;
    expect(rotated).not.toContain(secret);
    expect(rotated).toContain((await owner.call("GET", `${at}/secret`)).body.secret);
    expect(rotated).toContain("Calls carry the signature of the one before");
  });

  it("has a list of what it was sent, and sends a range of it again, read by the visitor's clock", async () => {
    const { browser, path } = await makeScene();
    expect((await browser.get(`${path}/deliveries`)).text).toContain("It was sent nothing yet");
    await browser.post("/preferences", { timezone: "Europe/Berlin" });
    const range = { from: "2027-01-15T09:00", to: "2027-01-15T12:00", only: "all" };
    const replayed = await browser.post(`${path}/replays`, range);
    expect(replayed.location).toBe(`${path}/deliveries?did=replayed&count=0`);
    const refused = await browser.post(`${path}/replays`, { ...range, to: "2027-01-15T08:00" });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('id="to-wrong"')]);
    expect(refused.text).toContain('value="2027-01-15T09:00"');
  });

  it("shows why something did not arrive, and sends that one again", async () => {
    const scene = await makeScene();
    const { browser, path } = scene;
    const { id, project } = await keepFailed(scene);
    const { text } = await browser.get(`${path}/deliveries?state=failed`);
    expect(text).toContain("It answered &lt;500&gt;.");
    const [, news = ""] = /name="news" value="([\w-]+)"/.exec(text) ?? [];
    const sent = await browser.post(`${path}/redelivery`, { project, news, delivery: id });
    expect(sent.location).toBe(`${path}/deliveries?did=sent`);
    expect((await browser.get(`${path}/deliveries?state=failed`)).text).toContain("No delivery is like that");
  });

  it("is deleted after it was said what that does", async () => {
    const { browser, path } = await makeScene();
    expect((await browser.get(`${path}/deletion`)).text).toContain("To only stop it, disable it.");
    expect((await browser.post(`${path}/deletion`)).location).toBe("/webhooks?did=deleted");
    expect((await browser.get(path)).status).toBe(404);
    expect((await browser.get("/webhooks")).text).toContain("Nothing is called yet");
  });

  it("shows an editor its host alone, and lets nobody of less than admin change it", async () => {
    const { path, scope, webhook } = await makeScene();
    const editor = await browserOf(await makeMember(scope, "editor"));
    const { text } = await editor.get(path);
    expect(text).not.toContain(box);
    expect(text).toContain(webhook.host);
    for (const form of ["deletion", "secret", "secret/rotation", "test"])
      expect((await editor.post(`${path}/${form}`)).status, form).not.toBe(200);
    expect((await editor.get(path)).status).toBe(200);
  });
});
