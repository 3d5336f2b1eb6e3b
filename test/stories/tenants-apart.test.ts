/** Two companies on one deployment: whatever of the other's somebody names, and wherever, it is not there. */
import { describe, expect, it } from "vitest";
import { newId } from "../../src/system.ts";
import {
  type Answered,
  expectProblem,
  functionAt,
  makeProjectOwner,
  makeTeam,
  type ProjectOwner,
  schedule,
} from "../api/caller.ts";

/** Ada's and Bo's companies, alike down to the names. */
async function makeTwo() {
  const [ada, bo] = [await makeProjectOwner(), await makeProjectOwner()];
  return { ada, bo, hers: await schedule(ada, { key: "nightly" }) };
}

const stateOf = async (owner: ProjectOwner, id: string) =>
  (await owner.call("GET", `${owner.at}/schedules/${id}`)).body.state;

describe("an id of another workspace", () => {
  it("in the path is not there, under a project of one's own either", async () => {
    const { ada, bo, hers } = await makeTwo();
    for (const path of [`${ada.at}/schedules/${hers.id}`, `${bo.at}/schedules/${hers.id}`])
      for (const method of ["GET", "DELETE"]) expectProblem(await bo.call(method, path), 404, "not_found");
    expect(await stateOf(ada, hers.id)).toBe("active");
  });

  it.each([
    ["POST", "runs", {}],
    ["POST", "skips", {}],
    ["POST", "backfills", { from: "2026-01-01T00:00:00Z", to: "2026-01-03T00:00:00Z" }],
    ["PUT", "pause", {}],
    ["DELETE", "pause", undefined],
  ])("has nothing done to it: %s %s", async (method, what, body) => {
    const { ada, bo, hers } = await makeTwo();
    const shown = async () => (await ada.call("GET", `${ada.at}/schedules/${hers.id}`)).body;
    const before = await shown();
    for (const at of [ada.at, bo.at]) {
      const answer = await bo.call(method, `${at}/schedules/${hers.id}/${what}`, body === undefined ? {} : { body });
      expectProblem(answer, 404, "not_found");
    }
    expect(await shown()).toEqual(before);
    expect((await ada.call("GET", `${ada.at}/schedules/${hers.id}/runs`)).body.items).toEqual([]);
  });

  it("in a query finds nothing", async () => {
    const { bo, hers } = await makeTwo();
    expect((await bo.call("GET", `${bo.at}/runs?schedule=${hers.id}`)).body.items).toEqual([]);
    expect((await bo.call("GET", `/v1/audit?target=${hers.id}`)).body.items).toEqual([]);
  });

  it("in an event cancels nothing", async () => {
    const { ada, bo, hers } = await makeTwo();
    const data = { "schedule-id": hers.id };
    const answer = await bo.call("POST", `${bo.at}/events`, { body: { event: "hot:schedule:cancel", data } });
    expect(answer.body).toEqual({ cancelled: 0 });
    expect(await stateOf(ada, hers.id)).toBe("active");
  });

  it("in an event is no function that one could call: a name is of one's own project", async () => {
    const ada = await makeProjectOwner([functionAt("payroll")]);
    const bo = await makeProjectOwner();
    const data = { fn: "payroll", schedule: "in 10 minutes" };
    const send = (owner: ProjectOwner) =>
      owner.call("POST", `${owner.at}/events`, { body: { event: "hot:schedule:new", data } });
    expectProblem(await send(bo), 422, "invalid_input");
    expect((await bo.call("GET", `${bo.at}/schedules`)).body.items).toEqual([]);
    expect((await send(ada)).status).toBe(201);
  });

  it("in a body names nobody and nothing", async () => {
    const [mine, theirs] = [await makeTeam(), await makeTeam()];
    const { call } = mine.owner;
    const grant = { user: theirs.colleague.id, access: "full_access" };
    expectProblem(await call("PATCH", `${mine.at}/access`, { body: grant }), 422, "invalid_input");
    const token = { name: "far", projects: [theirs.project] };
    expectProblem(await call("POST", "/v1/tokens", { body: token }), 422, "invalid_input");
    const group = await call("POST", "/v1/groups", { body: { name: "Ours" } });
    const joining = await call("PUT", `/v1/groups/${group.body.id}/members/${theirs.colleague.id}`);
    expectProblem(joining, 404, "not_found");
  });

  it("is no more there by its slug", async () => {
    const { ada, bo } = await makeTwo();
    const { slug } = (await ada.call("GET", ada.at)).body;
    expectProblem(await bo.call("GET", `/v1/projects/${slug}`), 404, "not_found");
  });
});

describe("a key of one's own", () => {
  it("makes a schedule of one's own, whoever else has the same key", async () => {
    const { ada, bo, hers } = await makeTwo();
    const his = await schedule(bo, { key: "nightly" });
    expect(his.change).toBe("created");
    expect(his.id).not.toBe(hers.id);
    expect(await stateOf(ada, hers.id)).toBe("active");
  });

  it("makes a write happen once for oneself, and once for another", async () => {
    const { ada, bo } = await makeTwo();
    const headers = { "idempotency-key": "the same" };
    const make = (owner: ProjectOwner) => owner.call("POST", "/v1/projects", { headers, body: { name: "Twins" } });
    const [first, other, again] = [await make(ada), await make(bo), await make(ada)];
    expect(other.body.id).not.toBe(first.body.id);
    expect(again.body.id).toBe(first.body.id);
    expect(other.headers.get("idempotency-replayed")).toBeNull();
  });
});

/** A list: its name, its address, and what makes it longer by one. */
type Listing = [string, (owner: ProjectOwner) => string, (owner: ProjectOwner) => Promise<Answered>];

const TOKEN = { name: "spare", kind: "workspace" };
const startRun = (owner: ProjectOwner) => owner.call("POST", `${owner.at}/runs`, { body: { fn: "work" } });
const invite = (owner: ProjectOwner) =>
  owner.call("POST", "/v1/members", { body: { email: `new-${newId()}@acme.test`, role: "viewer" } });

describe("a cursor", () => {
  async function pagesOf(owner: ProjectOwner): Promise<string> {
    await schedule(owner, { key: "second" });
    return (await owner.call("GET", `${owner.at}/schedules?limit=1`)).body.next_cursor;
  }

  it("is good for nobody else's list", async () => {
    const { ada, bo } = await makeTwo();
    const cursor = await pagesOf(ada);
    expectProblem(await bo.call("GET", `${bo.at}/schedules?limit=1&cursor=${cursor}`), 400, "invalid_cursor");
    expect((await ada.call("GET", `${ada.at}/schedules?limit=1&cursor=${cursor}`)).status).toBe(200);
  });

  it.each([
    ["projects", () => "/v1/projects", (owner) => owner.call("POST", "/v1/projects", { body: { name: "Second" } })],
    ["runs", ({ at }) => `${at}/runs`, startRun],
    ["members", () => "/v1/members", invite],
    ["tokens", () => "/v1/tokens", (owner) => owner.call("POST", "/v1/tokens", { body: TOKEN })],
    ["audit", () => "/v1/audit", invite],
  ] satisfies readonly Listing[])("of %s is good for nobody of another workspace", async (_, listOf, add) => {
    const { ada, bo } = await makeTwo();
    for (const owner of [ada, ada, bo, bo]) expect((await add(owner)).status).toBeLessThan(300);
    const page = (owner: ProjectOwner, more = "") => owner.call("GET", `${listOf(owner)}?limit=1${more}`);
    const cursor = (await page(ada)).body.next_cursor;
    expect(cursor).toEqual(expect.any(String));
    expectProblem(await page(bo, `&cursor=${cursor}`), 400, "invalid_cursor");
    expect((await page(ada, `&cursor=${cursor}`)).status).toBe(200);
  });

  it("cannot be guessed: with any one character changed it is none", async () => {
    const { ada } = await makeTwo();
    const cursor = await pagesOf(ada);
    for (let index = 0; index < cursor.length; index += 7) {
      const other = cursor[index] === "A" ? "B" : "A";
      const guess = cursor.slice(0, index) + other + cursor.slice(index + 1);
      expectProblem(await ada.call("GET", `${ada.at}/schedules?limit=1&cursor=${guess}`), 400, "invalid_cursor");
    }
  });
});
