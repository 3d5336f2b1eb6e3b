/** How a notification looks is sent at once, marked as a test: to oneself, or to all whom it names. Nothing runs for it. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { newsOfRun, type RunId, readRunId, readScheduleId } from "../../src/domain/ids.ts";
import type { Json } from "../../src/domain/json.ts";
import type { AnnounceOrder } from "../../src/domain/news/delivery-order.ts";
import { listCaptures } from "../../src/runlog/captures.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { listDeliveries } from "../../src/runlog/deliveries.ts";
import { findInOutbox, listOutbox } from "../../src/runlog/outbox.ts";
import { newId, now } from "../../src/system.ts";
import { type HandQueue, LOCAL, takeQueue } from "../support/hand-queue.ts";
import { makeRun } from "../support/make-run.ts";
import { makeRecipientsTeam, type RecipientsTeam } from "../support/recipients-team.ts";
import { eventually, setClock } from "../support/world.ts";
import { type Answered, auditOf, expectProblem, give, makeAdmin, makeMember } from "./caller.ts";

let queue: HandQueue;
let team: RecipientsTeam;
beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  queue = takeQueue({ holdsCaptures: true });
  team = await makeRecipientsTeam();
});

const test = (schedule: string, body: object = {}, by: Pick<typeof team.ada, "call"> = team.ada): Promise<Answered> =>
  by.call("POST", `${team.at}/schedules/${schedule}/test-delivery`, { body });

/** A run of the schedule that is over. */
async function ended(schedule: string, status: "succeeded" | "failed", at = now()): Promise<RunId> {
  const run = makeRun({ id: readRunId(newId()), scheduleId: readScheduleId(schedule), status, scheduledFor: at });
  await new D1RunLog(env.RUNLOG).record(team.scope, [run]);
  return run.id;
}

const deliveries = async ({ body }: Answered) =>
  listDeliveries(env.RUNLOG, team.scope, newsOfRun(readRunId(body.news_id)), 100);

/** Mail of this project, by whom it went to. */
async function mail(): Promise<Readonly<Record<string, { readonly title: string; readonly body: Json }>>> {
  const kept = await Promise.all((await listOutbox(env.RUNLOG)).map(({ id }) => findInOutbox(env.RUNLOG, id)));
  const ours = kept.filter((one) => one !== null && JSON.stringify(one.body).includes(team.scope.projectId));
  return Object.fromEntries(ours.map((one) => [one?.recipient, { title: one?.title ?? "", body: one?.body ?? null }]));
}

const announced = () =>
  queue.sent.filter((order): order is AnnounceOrder => order.kind === "announce").map(({ news }) => news);

describe("a test to oneself", () => {
  it("goes to nobody else, says that it is a test, and tells of the latest run of its kind", async () => {
    const { ada, bob, save } = team;
    const { id } = await save([
      { users: [bob.id], groups: [await team.group(bob)], webhooks: [await team.endpoint()] },
    ]);
    await ada.call("POST", "/v1/webhooks", {
      body: { name: "All", url: `${env.RECEIVER}/${newId()}/ok`, events: ["run.succeeded"] },
    });
    await ended(id, "succeeded", now() - 60_000);
    const latest = await ended(id, "succeeded");
    await ended(id, "failed", now() + 1);
    const sent = await test(id);
    expect([sent.status, sent.body]).toEqual([202, { news_id: expect.any(String), run_id: latest }]);
    expect(sent.body.news_id).not.toBe(latest);
    await queue.pump();
    expect(await deliveries(sent)).toMatchObject([{ recipient: { id: ada.id }, channel: "email", state: "sent" }]);
    const shown = await ada.call("GET", `${team.at}/runs/${sent.body.news_id}/deliveries`);
    expect(shown.body.items).toMatchObject([{ recipient: { id: ada.id }, state: "sent" }]);
    const letters = await mail();
    expect(Object.keys(letters)).toEqual([ada.email]);
    expect(letters[ada.email]?.title).toMatch(/test/i);
    expect(JSON.stringify(letters[ada.email]?.body)).toMatch(/test/i);
  });

  it("of a failure tells of the latest run that failed", async () => {
    const { id } = await team.save([{ on: "failure", users: [team.bob.id] }]);
    await ended(id, "succeeded");
    const failed = await ended(id, "failed", now() - 60_000);
    expect((await test(id)).body.run_id).toBe(failed);
    expect(announced()).toMatchObject([{ event: "run.failed", isTest: true }]);
  });

  it("of a schedule that has not run tells of none, and is sent all the same", async () => {
    const { id } = await team.save([{ users: [team.bob.id], capture: "png" }]);
    const sent = await test(id);
    expect([sent.status, sent.body.run_id]).toEqual([202, null]);
    await queue.pump();
    expect(await deliveries(sent)).toMatchObject([{ state: "sent" }]);
  });

  it("goes by the channels of one's own preferences, and to nobody who wants none", async () => {
    const { ada } = team;
    const { id } = await team.save([{ users: [ada.id] }]);
    await ada.call("PATCH", "/v1/me/preferences", { body: { notifications: { email: false, slack: false } } });
    const sent = await test(id);
    await queue.pump();
    expect(await deliveries(sent)).toMatchObject([{ state: "suppressed", failure: { reason: "preferences_off" } }]);
  });

  it("takes the notification that is named, with its own subject", async () => {
    const { id } = await team.save([{ users: [team.ada.id] }, { users: [team.ada.id], subject: "The numbers" }]);
    const sent = await test(id, { notification: 1 });
    await queue.pump();
    expect(await deliveries(sent)).toMatchObject([{ notification: 1 }]);
    expect((await mail())[team.ada.email]?.title).toContain("The numbers");
  });

  it("has the capture taken that the notification wants, and waits for it as news does", async () => {
    const { id } = await team.save([{ users: [team.ada.id], capture: "pdf" }]);
    const run = await ended(id, "succeeded");
    const sent = await test(id);
    expect(await listCaptures(env.RUNLOG, team.scope, run)).toMatchObject([{ format: "pdf", state: "pending" }]);
    await queue.pump();
    expect(await deliveries(sent)).toMatchObject([{ state: "pending", wants: "pdf" }]);
    await queue.pumpThrough(now() + 120_000);
    expect(await deliveries(sent)).toMatchObject([{ state: "sent", failure: { reason: "picture_late" } }]);
  });
});

describe("a test that is asked for twice", () => {
  it("within seconds is one test, and later another", async () => {
    setClock(Math.ceil(now() / 10_000) * 10_000);
    const { id } = await team.save([{ users: [team.ada.id] }, { users: [team.ada.id] }]);
    const first = await test(id);
    setClock(now() + 9_000);
    const again = await test(id);
    expect(again.body).toEqual(first.body);
    await queue.pump();
    expect(await deliveries(first)).toMatchObject([{ state: "sent", attempts: 1 }]);
    const others = [await test(id, { notification: 1 }), await test(id, { to: "recipients" })];
    setClock(now() + 1_000);
    const all = [first, ...others, await test(id)].map(({ body }) => body.news_id);
    expect(new Set(all).size).toBe(all.length - 1);
  });

  it("under one key is one test, however late the second", async () => {
    const { ada, at, save } = team;
    const { id } = await save([{ users: [ada.id] }]);
    const headers = { "idempotency-key": newId() };
    const ask = () => ada.call("POST", `${at}/schedules/${id}/test-delivery`, { body: {}, headers });
    const first = await ask();
    setClock(now() + 60_000);
    expect((await ask()).body).toEqual(first.body);
    expect(announced()).toHaveLength(1);
  });
});

describe("a test to the recipients", () => {
  it("goes to all whom the notification names, and to no endpoint that is not named", async () => {
    const { ada, bob } = team;
    const eve = await makeMember(ada.scope, "viewer", { name: "eve" });
    const hook = await team.endpoint();
    await ada.call("POST", "/v1/webhooks", {
      body: { name: "All", url: `${env.RECEIVER}/${newId()}/ok`, events: ["run.succeeded"] },
    });
    const { id } = await team.save([{ users: [bob.id], groups: [await team.group(eve)], webhooks: [hook] }]);
    const sent = await test(id, { to: "recipients" });
    await queue.pump();
    const found = await deliveries(sent);
    expect(new Set(found.map(({ recipient }) => recipient.id))).toEqual(new Set([bob.id, eve.id, hook]));
    expect(found.map(({ state }) => state)).toEqual(["sent", "sent", "sent"]);
  });

  it("that fails is told to nobody: it counts for nothing", async () => {
    const { ada } = team;
    const { id } = await team.save([{ users: [ada.id] }]);
    const EMAIL = {
      send: async () => {
        throw Object.assign(new Error("No"), { code: "E_RECIPIENT_SUPPRESSED" });
      },
    };
    const sent = await test(id, { to: "recipients" });
    await queue.pump({ ...LOCAL, LOCAL_OUTBOX: "", EMAIL, MAIL_FROM: "carillon@acme.test" } as never);
    expect(await deliveries(sent)).toMatchObject([{ state: "failed", told: [] }]);
    expect(announced()).toHaveLength(1);
  });

  it("makes no run, is no news of the schedule's run, and is in the audit", async () => {
    const { ada, at } = team;
    const { id } = await team.save([{ users: [ada.id] }]);
    const run = await ended(id, "succeeded");
    await test(id, { to: "recipients" });
    await queue.pump();
    expect((await ada.call("GET", `${at}/runs`)).body.items).toHaveLength(1);
    expect((await ada.call("GET", `${at}/runs/${run}/deliveries`)).body.items).toEqual([]);
    const entries = await eventually(
      () => auditOf(ada.scope, "delivery.tested"),
      (all) => all.length > 0,
    );
    expect(entries).toMatchObject([{ target_kind: "schedule", target_id: id }]);
  });
});

describe("a test is refused", () => {
  it("of a place where there is no notification", async () => {
    const { id } = await team.save([{ users: [team.ada.id] }]);
    const refused = await test(id, { notification: 1 });
    expectProblem(refused, 422, "invalid_input");
    expect(refused.body.errors).toMatchObject([{ path: "/notification", expected: "0 to 0" }]);
    const none = await test((await team.save([])).id);
    expect(none.body.errors).toMatchObject([{ path: "/notification", expected: "a schedule that has notifications" }]);
  });

  it.each([{ notification: -1 }, { notification: 0.5 }, { to: "everybody" }, { whom: "me" }])(
    "of what is no test: %j",
    async (body) => {
      const { id } = await team.save([{ users: [team.ada.id] }]);
      expectProblem(await test(id, body), 422, "invalid_input");
      expect(queue.sent).toEqual([]);
    },
  );

  it("to oneself by a token that is nobody's; to the recipients it is sent", async () => {
    const { id } = await team.save([{ users: [team.ada.id] }]);
    const refused = await test(id, {}, team.ada.workspaceToken);
    expectProblem(refused, 409, "conflict");
    expect(refused.body.detail).toContain("to: recipients");
    expect((await test(id, { to: "recipients" }, team.ada.workspaceToken)).status).toBe(202);
  });

  it("to the recipients of a notification that only keeps its capture", async () => {
    const { id } = await team.save([{ capture: "png" }]);
    expectProblem(await test(id, { to: "recipients" }), 409, "conflict");
    expect((await test(id)).status).toBe(202);
  });

  it("of a schedule that there is not, and to whoever may not edit", async () => {
    const { ada, at } = team;
    const { id } = await team.save([{ users: [ada.id] }]);
    expectProblem(await test(newId()), 404, "not_found");
    const viewer = await makeMember(ada.scope, "editor");
    await give(ada, at, { user: viewer.id }, "can_view");
    expectProblem(await test(id, {}, viewer), 403, "forbidden");
    expectProblem(await test(id, {}, await makeAdmin()), 404, "not_found");
    expect(queue.sent).toEqual([]);
  });
});
