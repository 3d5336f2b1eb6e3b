/** Who was sent what, and what became of it: listed, looked up, and sent again; for those who may know. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { JUST_TRIED_MS } from "../../src/delivery/sending-again.ts";
import { type NewsId, newsOfRun, type RunId, readRunId, readScheduleId } from "../../src/domain/ids.ts";
import type { Delivery } from "../../src/domain/news/delivery.ts";
import { newsOf, newsRunOf } from "../../src/domain/news/news.ts";
import { readNotification } from "../../src/domain/notification.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { listDeliveries } from "../../src/runlog/deliveries.ts";
import { claimDelivery, SENDING_LASTS_MS } from "../../src/runlog/delivery-claims.ts";
import { newId, now } from "../../src/system.ts";
import { type HandQueue, handle, LOCAL, takeQueue } from "../support/hand-queue.ts";
import { makeRun } from "../support/make-run.ts";
import { makeRecipientsTeam, type RecipientsTeam } from "../support/recipients-team.ts";
import { connectSlack } from "../support/slack-connected.ts";
import { eventually, setClock } from "../support/world.ts";
import { auditOf, expectProblem, give, makeMember, type Owner } from "./caller.ts";

let queue: HandQueue;
let team: RecipientsTeam;
beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  queue = takeQueue();
  team = await makeRecipientsTeam();
});

const SCHEDULE = {
  ...{ id: readScheduleId(newId()), expression: "every day at 9am", description: "every day at 9:00 AM in UTC" },
  ...{ timezone: "UTC", fn: "work" },
};

/** A run that is over and whose news was sent, with a mail service that refuses these. */
async function told(notifications: readonly object[], refused: readonly string[] = []): Promise<RunId> {
  const run = makeRun({ id: readRunId(newId()), scheduleId: SCHEDULE.id, scheduledFor: now() });
  await new D1RunLog(env.RUNLOG).record(team.scope, [run]);
  const { workspaceId: workspace, projectId: project } = team.scope;
  const news = newsOf("run.succeeded", {
    ...{ id: newsOfRun(run.id), at: now(), run: newsRunOf(run), schedule: SCHEDULE },
    notifications: notifications.map(readNotification),
  });
  await handle([{ kind: "announce", workspace, project, news }]);
  await queue.pump({ ...LOCAL, ...(refused.length === 0 ? {} : refusing(refused)) } as never);
  queue.held = [];
  return run.id;
}

const refusing = (addresses: readonly string[]) => ({
  LOCAL_OUTBOX: "",
  MAIL_FROM: "carillon@acme.test",
  EMAIL: {
    send: async (letter: unknown) => {
      const to = JSON.stringify(Object(letter).to);
      if (addresses.some((one) => to.includes(one)))
        throw Object.assign(new Error("Suppressed"), { code: "E_RECIPIENT_SUPPRESSED" });
    },
  },
});

const ledger = (run: RunId): Promise<readonly Delivery[]> =>
  listDeliveries(env.RUNLOG, team.scope, newsOfRun(run) as NewsId, 100);

const list = async (query = "", by: Owner = team.ada) =>
  (await by.call("GET", `${team.at}/deliveries${query}`)).body as { items: Shown[]; next_cursor: string | null };

interface Shown {
  readonly id: string;
  readonly news_id: string;
  readonly event: string;
  readonly state: string;
  readonly channel: string;
  readonly recipient: { readonly id: string };
}

const redeliver = (run: string, delivery: string, by: Owner = team.ada, at = team.at) =>
  by.call("POST", `${at}/runs/${run}/deliveries/${delivery}/redelivery`, { body: {} });

describe("the deliveries of a project", () => {
  it("are listed newest news first, in full, with what mends those that failed", async () => {
    const { ada, bob } = team;
    await give(ada, team.at, { user: bob.id }, "app_only");
    const first = await told([{ users: [ada.id] }]);
    const second = await told([{ users: [bob.id], subject: "Numbers" }], [bob.email]);
    const { items } = await list();
    const runs = items.filter(({ event }) => event === "run.succeeded");
    expect(runs.map(({ news_id }) => news_id)).toEqual([second, first]);
    expect(runs[0]).toMatchObject({
      ...{ event: "run.succeeded", notification: 0, channel: "email", state: "failed", attempts: 1, next_at: null },
      recipient: { kind: "user", id: bob.id, name: bob.email },
      failure: { reason: "address_refused", fault: "recipient", fix: expect.stringContaining("address") },
      log: [{ outcome: "failed", failure: { reason: "address_refused" } }],
      settled_at: expect.any(String),
    });
    expect(runs[1]).toMatchObject({ state: "sent", failure: null, log: [{ outcome: "sent", failure: null }] });
    expect(items.map(({ event }) => event).toSorted()).toEqual(["delivery.failed", "run.succeeded", "run.succeeded"]);
  });

  it("are filtered by state and by channel", async () => {
    const { ada, bob } = team;
    await give(ada, team.at, { user: bob.id }, "app_only");
    const hook = await team.endpoint();
    await told([{ users: [ada.id, bob.id], webhooks: [hook] }], [bob.email]);
    const whom = async (query: string) =>
      (await list(query)).items
        .filter(({ event }) => event === "run.succeeded")
        .map(({ recipient }) => recipient.id)
        .toSorted();
    expect(await whom("?state=failed")).toEqual([bob.id]);
    expect(await whom("?state=sent&channel=webhook")).toEqual([hook]);
    expect(await whom("?channel=webhook")).toEqual([hook]);
    expect(await whom("?state=failed&channel=webhook")).toEqual([]);
    expect(await whom("?state=retrying")).toEqual([]);
    expectProblem(await ada.call("GET", `${team.at}/deliveries?state=lost`), 400, "invalid_request");
    expectProblem(await ada.call("GET", `${team.at}/deliveries?channel=fax`), 400, "invalid_request");
  });

  it("come in pages that hold each once, also with several of one run on either side", async () => {
    const { ada, bob } = team;
    await give(ada, team.at, { user: bob.id }, "app_only");
    for (let runs = 0; runs < 3; runs += 1) await told([{ users: [ada.id, bob.id] }]);
    const all = (await list()).items.map(({ id }) => id);
    expect(all).toHaveLength(6);
    const paged: string[] = [];
    for (let query = "?limit=4"; query !== ""; ) {
      const page = await list(query);
      paged.push(...page.items.map(({ id }) => id));
      query = page.next_cursor === null ? "" : `?limit=4&cursor=${encodeURIComponent(page.next_cursor)}`;
    }
    expect(paged).toEqual(all);
    const { next_cursor: cursor } = await list("?limit=1&state=sent");
    const other = await ada.call("GET", `${team.at}/deliveries?limit=1&cursor=${encodeURIComponent(cursor ?? "")}`);
    expectProblem(other, 400, "invalid_cursor");
  });

  it("are for those who decide who is told", async () => {
    const { ada, at } = team;
    const viewer = await makeMember(ada.scope, "editor");
    await give(ada, at, { user: viewer.id }, "can_view");
    const run = await told([{ users: [ada.id] }]);
    for (const path of [`${at}/deliveries`, `${at}/runs/${run}/deliveries`])
      expectProblem(await viewer.call("GET", path), 403, "forbidden");
  });
});

describe("the deliveries of a run", () => {
  it("are shown to editors in the order of the notifications, and to others with the run, their own alone", async () => {
    const { ada, bob, at } = team;
    const eve = await makeMember(ada.scope, "editor", { name: "eve" });
    for (const { id } of [bob, eve]) await give(ada, at, { user: id }, "can_view");
    const run = await told([{ users: [bob.id] }, { users: [ada.id, bob.id] }]);
    const { items } = (await ada.call("GET", `${at}/runs/${run}/deliveries`)).body;
    const places = items.map(({ notification, recipient }: { notification: number; recipient: { id: string } }) => [
      notification,
      recipient.id,
    ]);
    expect(places).toEqual([
      [0, bob.id],
      [1, ada.id],
      [1, bob.id],
    ]);
    const shownTo = async (one: Owner) => (await one.call("GET", `${at}/runs/${run}`)).body.deliveries;
    expect(await shownTo(ada)).toHaveLength(3);
    expect((await shownTo(bob)).map(({ recipient }: Shown) => recipient.id)).toEqual([bob.id, bob.id]);
    expect(JSON.stringify(await shownTo(bob))).not.toContain(ada.email);
    expect(await shownTo(eve)).toEqual([]);
  });

  it("are none of a run that nobody was told of", async () => {
    const run = await told([]);
    const { body } = await team.ada.call("GET", `${team.at}/runs/${run}/deliveries`);
    expect(body).toEqual({ items: [], next_cursor: null });
  });

  it("are not found of a run that there is not, nor of one of another project", async () => {
    const { ada, at } = team;
    expectProblem(await ada.call("GET", `${at}/runs/${newId()}/deliveries`), 404, "not_found");
    const run = await told([{ users: [ada.id] }]);
    const other = await ada.call("POST", "/v1/projects", { body: { name: "Other" } });
    const path = `/v1/projects/${other.body.id}/runs/${run}/deliveries`;
    expectProblem(await ada.call("GET", path), 404, "not_found");
  });

  it("come in pages that hold each once, also those for which no notification had to ask", async () => {
    const { ada, bob, at } = team;
    await give(ada, at, { user: bob.id }, "app_only");
    const [one, other] = [await team.endpoint(), await team.endpoint()];
    const run = await told([{ users: [ada.id, bob.id], webhooks: [one, other] }, { users: [ada.id, bob.id] }]);
    const page = async (query: string) => (await ada.call("GET", `${at}/runs/${run}/deliveries${query}`)).body;
    const all = (await page("")).items.map(({ id }: Shown) => id);
    expect(all).toHaveLength(6);
    const paged: string[] = [];
    for (let query = "?limit=1"; query !== ""; ) {
      const { items, next_cursor: next } = await page(query);
      paged.push(...items.map(({ id }: Shown) => id));
      query = next === null ? "" : `?limit=1&cursor=${encodeURIComponent(next)}`;
    }
    expect(paged).toEqual(all);
  });
});

/** What was tried a moment ago is not sent again. */
const later = () => setClock(now() + JUST_TRIED_MS);
const toldBefore = async (...how: Parameters<typeof told>): Promise<RunId> => {
  const run = await told(...how);
  later();
  return run;
};

describe("a redelivery", () => {
  it("of one that failed begins anew, keeps what the attempts came to, and is sent without running", async () => {
    const { ada, at } = team;
    const run = await toldBefore([{ users: [ada.id] }], [ada.email]);
    const [failed] = await ledger(run);
    const { status, body } = await redeliver(run, failed?.id ?? "");
    expect([status, body.state, body.attempts, body.failure]).toEqual([202, "pending", 0, null]);
    expect(body.log).toHaveLength(1);
    await queue.pump();
    expect(await ledger(run)).toMatchObject([
      { state: "sent", attempts: 1, log: [{ outcome: "failed" }, { outcome: "sent" }] },
    ]);
    expect((await ada.call("GET", `${at}/runs`)).body.items).toHaveLength(1);
    const entries = await eventually(
      () => auditOf(ada.scope, "delivery.repeated"),
      (all) => all.length > 0,
    );
    expect(entries).toMatchObject([{ target_kind: "delivery", target_id: failed?.id }]);
  });

  it("of one that was tried a moment ago is refused: a button that is pressed twice sends once", async () => {
    const run = await told([{ users: [team.ada.id] }]);
    const [one] = await ledger(run);
    const id = one?.id ?? "";
    expectProblem(await redeliver(run, id), 409, "conflict");
    later();
    for (const _ of ["once", "twice"]) expect((await redeliver(run, id)).status).toBe(202);
    await queue.pump();
    expect((await ledger(run))[0]?.log).toHaveLength(2);
  });

  it("is made once for its Idempotency-Key", async () => {
    const run = await toldBefore([{ users: [team.ada.id] }]);
    const [one] = await ledger(run);
    later();
    const path = `${team.at}/runs/${run}/deliveries/${one?.id}/redelivery`;
    const headers = { "idempotency-key": newId() };
    const first = await team.ada.call("POST", path, { body: {}, headers });
    await queue.pump();
    later();
    const again = await team.ada.call("POST", path, { body: {}, headers });
    expect([first.status, again.status, again.body]).toEqual([202, 202, first.body]);
    await queue.pump();
    expect((await ledger(run))[0]?.log).toHaveLength(2);
  });

  it("of a group that nobody was in is sent to nobody, whoever is in it by now", async () => {
    const { bob } = team;
    const group = await team.group();
    const run = await toldBefore([{ groups: [group] as never }]);
    const [one] = await ledger(run);
    expect(one).toMatchObject({ recipient: { kind: "group", id: group }, state: "suppressed" });
    await team.ada.call("PUT", `/v1/groups/${group}/members/${bob.id}`, { body: {} });
    expect((await redeliver(run, one?.id ?? "")).status).toBe(202);
    await queue.pump();
    expect(await ledger(run)).toMatchObject([{ state: "suppressed", failure: { reason: "recipient_missing" } }]);
  });

  it("of one that arrived is sent again, under the same id", async () => {
    const hook = await team.endpoint();
    const run = await toldBefore([{ webhooks: [hook] }]);
    const [sent] = await ledger(run);
    expect((await redeliver(run, sent?.id ?? "")).status).toBe(202);
    await queue.pump();
    expect(await ledger(run)).toMatchObject([{ id: sent?.id, state: "sent", log: [{}, {}] }]);
  });

  it("of one that was suppressed asks again whether it may be sent, and is not made against a wish", async () => {
    const { ada, bob, at } = team;
    await give(ada, at, { user: bob.id }, "app_only");
    await bob.call("PATCH", "/v1/me/preferences", { body: { notifications: { email: false, slack: false } } });
    const run = await toldBefore([{ users: [bob.id] }]);
    const [suppressed] = await ledger(run);
    expect(suppressed).toMatchObject({ state: "suppressed", failure: { reason: "preferences_off" } });
    expect((await redeliver(run, suppressed?.id ?? "")).status).toBe(202);
    await queue.pump();
    expect(await ledger(run)).toMatchObject([{ state: "suppressed", attempts: 0, nextAt: null }]);
    await bob.call("PATCH", "/v1/me/preferences", { body: { notifications: { email: true, slack: false } } });
    await redeliver(run, suppressed?.id ?? "");
    await queue.pump();
    expect(await ledger(run)).toMatchObject([{ state: "sent", attempts: 1 }]);
  });

  it("of one to a Slack channel is not made by a plan that has no Slack any more", async () => {
    const { ada } = team;
    await connectSlack(ada.scope, "xoxb-ground");
    const run = await toldBefore([{ slack_channels: ["C000000001"] as const, subject: "By plan" }]);
    const [sent] = await ledger(run);
    expect(sent).toMatchObject({ channel: "slack", state: "sent" });
    await env.DIRECTORY.prepare("UPDATE workspaces SET plan = 'professional' WHERE id = ?1")
      .bind(ada.scope.workspaceId)
      .run();
    expect((await redeliver(run, sent?.id ?? "")).status).toBe(202);
    await queue.pump();
    expect(await ledger(run)).toMatchObject([{ state: "suppressed", failure: { reason: "plan" } }]);
  });

  it("of one that is being sent at this moment is refused, and not of one whose sender is gone", async () => {
    const run = await toldBefore([{ users: [team.ada.id] }], [team.ada.email]);
    const [one] = await ledger(run);
    const id = one?.id ?? "";
    await redeliver(run, id);
    queue.held = [];
    await claimDelivery(env.RUNLOG, team.scope, one ?? expect.fail(), "send", now());
    expectProblem(await redeliver(run, id), 409, "conflict");
    setClock(now() + SENDING_LASTS_MS);
    expect((await redeliver(run, id)).status).toBe(202);
    await queue.pump();
    expect(await ledger(run)).toMatchObject([{ state: "sent" }]);
  });

  it("stays due though the queue does not take it", async () => {
    const run = await toldBefore([{ users: [team.ada.id] }], [team.ada.email]);
    const [one] = await ledger(run);
    queue.isDown = true;
    expect((await redeliver(run, one?.id ?? "")).status).toBe(202);
    expect((await ledger(run))[0]?.nextAt).toBeLessThanOrEqual(now());
  });

  it("of what there is not, or of another project, or another workspace, is of nothing", async () => {
    const { ada, bob, at } = team;
    const run = await toldBefore([{ users: [ada.id] }]);
    const [one] = await ledger(run);
    const id = one?.id ?? "";
    expectProblem(await redeliver(run, newId()), 404, "not_found");
    expectProblem(await redeliver(newId(), id), 404, "not_found");
    const other = await ada.call("POST", "/v1/projects", { body: { name: "Other" } });
    expectProblem(await redeliver(run, id, ada, `/v1/projects/${other.body.id}`), 404, "not_found");
    const stranger = await makeRecipientsTeam();
    expectProblem(await redeliver(run, id, stranger.ada, stranger.at), 404, "not_found");
    expectProblem(await redeliver(run, id, stranger.ada), 404, "not_found");
    await give(ada, at, { user: bob.id }, "can_view");
    expectProblem(await redeliver(run, id, bob), 403, "forbidden");
    expect(queue.held).toEqual([]);
  });
});
