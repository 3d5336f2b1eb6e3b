/** `/v1/webhooks/{w}/deliveries` and `/replays`: what an endpoint was sent, and sending a range of it again. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { mintProjectScope } from "../../src/domain/access.ts";
import { readNewsId, readProjectId } from "../../src/domain/ids.ts";
import type { DeliveryState } from "../../src/domain/news/delivery.ts";
import { deriveDeliveryId } from "../../src/domain/news/delivery.ts";
import { newsOf } from "../../src/domain/news/news.ts";
import { DAY_MS, HOUR_MS, type Instant, toIso } from "../../src/domain/time/instant.ts";
import { planDeliveries } from "../../src/runlog/deliveries.ts";
import { newId } from "../../src/system.ts";
import { setClock } from "../support/world.ts";
import { auditOf, expectProblem, makeTeam, type Person } from "./caller.ts";

const START = Date.parse("2027-03-01T12:00:00Z");

beforeEach(() => setClock(START));

async function makeEndpoint() {
  const { owner, outsider, project } = await makeTeam();
  const body = { name: "Hook", url: "https://example.com/", events: ["run.failed"] };
  const made = await owner.call("POST", "/v1/webhooks", { body });
  expect(made.status).toBe(201);
  return { owner, outsider, project, id: made.body.id, at: `/v1/webhooks/${made.body.id}` };
}

/** A delivery to the endpoint in this state, made at this time. */
async function keep(
  { owner, project }: { readonly owner: Person; readonly project: string },
  endpoint: string,
  { state, at }: { readonly state: DeliveryState; readonly at: Instant },
): Promise<string> {
  const scope = mintProjectScope(owner.scope.workspaceId, readProjectId(project));
  const news = newsOf("run.failed", { id: readNewsId(newId()), at });
  const recipient = { kind: "webhook", id: endpoint, name: "Hook" } as const;
  const target = { channel: "webhook", recipient, address: null, timezone: null, notification: null } as const;
  const id = deriveDeliveryId({ news: news.id, notification: null, channel: "webhook", recipient });
  await planDeliveries(env.RUNLOG, scope, news, [{ ...target, id, wants: null, suppressed: null }], at);
  const isOpen = state === "pending" || state === "retrying";
  await env.RUNLOG.prepare(
    `UPDATE deliveries SET state = ?2, settled_at = ?3, failure = ?4, next_at = ?5, attempts = 3, claim = 3 WHERE id = ?1`,
  )
    .bind(
      id,
      state,
      isOpen ? null : at,
      state === "sent" || state === "pending"
        ? null
        : '{"reason":"endpoint_refused","message":"It answered 500.","code":"500"}',
      isOpen ? at + DAY_MS : null,
    )
    .run();
  return id;
}

const RANGE = { from: toIso(START - HOUR_MS), to: toIso(START + HOUR_MS) };

describe("the deliveries of an endpoint", () => {
  it("are listed newest first, by state and in pages, with what their calls are known by", async () => {
    const made = await makeEndpoint();
    const ids: string[] = [];
    const states = ["sent", "failed", "sent", "failed", "retrying"] as const;
    for (const [index, state] of states.entries())
      ids.push(await keep(made, made.id, { state, at: START + Math.floor(index / 2) }));
    const pages: string[][] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body } = await made.owner.call(
        "GET",
        `${made.at}/deliveries?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      pages.push(body.items.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor;
    }
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(new Set(pages.flat())).toEqual(new Set(ids));
    expect(pages[0]?.[0]).toBe(ids[4]);
    const failed = (await made.owner.call("GET", `${made.at}/deliveries?state=failed`)).body.items;
    expect(new Set(failed.map(({ id }: { id: string }) => id))).toEqual(new Set([ids[1], ids[3]]));
    expect(failed[0]).toMatchObject({
      project_id: made.project,
      webhook_id: `msg_${failed[0].id}`,
      event: "run.failed",
      channel: "webhook",
      failure: { reason: "endpoint_refused", code: "500" },
    });
  });

  it("are those of one endpoint, and for nobody of another workspace", async () => {
    const made = await makeEndpoint();
    await keep(made, made.id, { state: "sent", at: START });
    const body = { name: "Other", url: "https://example.com/", events: [] };
    const other = await made.owner.call("POST", "/v1/webhooks", { body });
    expect((await made.owner.call("GET", `/v1/webhooks/${other.body.id}/deliveries`)).body.items).toEqual([]);
    expectProblem(await made.outsider.call("GET", `${made.at}/deliveries`), 404, "not_found");
    expectProblem(await made.owner.call("GET", `${made.at}/deliveries?state=lost`), 400, "invalid_request");
    expectProblem(await made.owner.call("GET", `${made.at}/deliveries?cursor=x`), 400, "invalid_cursor");
  });
});

const statesOf = async (ids: readonly string[]): Promise<readonly unknown[]> =>
  Promise.all(
    ids.map((id) =>
      env.RUNLOG.prepare("SELECT state, attempts, next_at, failure FROM deliveries WHERE id = ?1").bind(id).first(),
    ),
  );

const DUE = { state: "pending", attempts: 0, next_at: START, failure: null };

describe("a replay", () => {
  it("makes what did not arrive in the range due now, under the same ids, and leaves the rest alone", async () => {
    const made = await makeEndpoint();
    const replayed: string[] = [];
    for (const state of ["failed", "unknown", "suppressed", "retrying"] as const)
      replayed.push(await keep(made, made.id, { state, at: START }));
    const left: string[] = [];
    for (const [state, at] of [
      ["sent", START],
      ["pending", START],
      ["failed", START - HOUR_MS - 1],
      ["failed", START + HOUR_MS],
    ] as const)
      left.push(await keep(made, made.id, { state, at }));
    const before = await statesOf(left);
    const { status, body } = await made.owner.call("POST", `${made.at}/replays`, { body: RANGE });
    expect([status, body]).toEqual([200, { deliveries: 4, complete: true }]);
    expect(await statesOf(replayed)).toEqual([DUE, DUE, DUE, DUE]);
    expect(await statesOf(left)).toEqual(before);
    const [entry] = await auditOf(made.owner.scope, "webhook.replayed");
    expect(entry).toMatchObject({ target_id: made.id });
    expect(JSON.parse(String(entry?.detail))).toMatchObject({ deliveries: 4, only: "failed" });
  });

  it("of all takes also what arrived", async () => {
    const made = await makeEndpoint();
    const id = await keep(made, made.id, { state: "sent", at: START });
    const { body } = await made.owner.call("POST", `${made.at}/replays`, { body: { ...RANGE, only: "all" } });
    expect(body.deliveries).toBe(1);
    expect(await statesOf([id])).toEqual([DUE]);
  });

  it("happens once under an idempotency key", async () => {
    const made = await makeEndpoint();
    await keep(made, made.id, { state: "failed", at: START });
    const call = { body: RANGE, headers: { "idempotency-key": "replay" } };
    const first = await made.owner.call("POST", `${made.at}/replays`, call);
    const again = await made.owner.call("POST", `${made.at}/replays`, call);
    expect([first.body, again.body]).toEqual([
      { deliveries: 1, complete: true },
      { deliveries: 1, complete: true },
    ]);
    expect(await auditOf(made.owner.scope, "webhook.replayed")).toHaveLength(1);
  });

  it.each([
    [{}, "/from"],
    [{ from: RANGE.to, to: RANGE.from }, "/to"],
    [{ from: RANGE.from, to: RANGE.from }, "/to"],
    [{ from: toIso(START - 31 * DAY_MS - 1), to: toIso(START) }, "/to"],
    [{ from: "yesterday", to: RANGE.to }, "/from"],
    [{ ...RANGE, only: "sent" }, "/only"],
  ])("refuses %j and sends nothing again", async (body, path) => {
    const made = await makeEndpoint();
    const id = await keep(made, made.id, { state: "failed", at: START });
    const answer = await made.owner.call("POST", `${made.at}/replays`, { body });
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors[0].path).toBe(path);
    expect(await statesOf([id])).toMatchObject([{ state: "failed" }]);
  });

  it("waits until the endpoint is enabled", async () => {
    const made = await makeEndpoint();
    await made.owner.call("PATCH", made.at, { body: { enabled: false } });
    expectProblem(await made.owner.call("POST", `${made.at}/replays`, { body: RANGE }), 409, "conflict");
  });

  it("is for nobody of another workspace, and takes none of another endpoint's", async () => {
    const [made, other] = [await makeEndpoint(), await makeEndpoint()];
    const id = await keep(other, other.id, { state: "failed", at: START });
    expectProblem(await made.owner.call("POST", `${other.at}/replays`, { body: RANGE }), 404, "not_found");
    expect((await made.owner.call("POST", `${made.at}/replays`, { body: RANGE })).body.deliveries).toBe(0);
    expect(await statesOf([id])).toMatchObject([{ state: "failed" }]);
  });
});
