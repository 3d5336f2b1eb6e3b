/**
 * What every endpoint does with input that is not right: a clear problem, and nothing changed. One right request for each
 * endpoint is written down; each test spoils it in one way.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/system.ts";
import {
  type Answered,
  call,
  expectProblem,
  functionAt,
  makeOwner,
  makeProjectOwner,
  type Owner,
  type ProjectOwner,
  schedule,
  WORKER,
} from "./caller.ts";

const save = { schedule: "every day at 9:00 am", fn: "work" };
const from = "2026-11-01T00:00:00Z";

/** Method, path and a right body of every operation that takes one. */
const WRITES: readonly (readonly [string, string, object])[] = [
  ["POST", "/v1/previews", { schedule: "every hour" }],
  ["POST", "/v1/projects", { name: "Reports" }],
  ["PATCH", "{p}", { name: "Reports" }],
  ["POST", "{p}/versions", { functions: [{ name: "a", kind: "http", url: "https://example.com/" }] }],
  ["PUT", "{p}/published", { version: 1 }],
  ["POST", "{p}/schedules", save],
  ["POST", "{p}/schedule-batches", { items: [save] }],
  ["PATCH", "{s}", { retry: 1 }],
  ["PUT", "{s}/pause", { reason: "moving" }],
  ["POST", "{s}/runs", {}],
  ["POST", "{s}/skips", {}],
  ["POST", "{s}/backfills", { from, to: "2026-11-02T00:00:00Z" }],
  ["POST", "{p}/runs", { fn: "work" }],
  ["POST", "{p}/events", { event: "hot:schedule:cancel", data: { fn: "work" } }],
  ["PATCH", "{p}/settings", { timezone: "UTC" }],
];

/** Every operation on a project, for those who may not see it. */
const ON_PROJECTS: readonly (readonly [string, string])[] = [
  ...WRITES.filter(([, path]) => path.startsWith("{")).map(([method, path]) => [method, path] as const),
  ["GET", "{p}"],
  ["DELETE", "{p}"],
  ["GET", "{p}/versions"],
  ["GET", "{p}/versions/1"],
  ["GET", "{p}/published"],
  ["GET", "{p}/schedules"],
  ["DELETE", "{p}/schedules?fn=work"],
  ["GET", "{s}"],
  ["DELETE", "{s}"],
  ["DELETE", "{s}/pause"],
  ["GET", "{s}/upcoming"],
  ["GET", "{s}/runs"],
  ["GET", "{p}/runs"],
  ["GET", `{p}/runs/${newId()}`],
  ["GET", `{p}/runs/${newId()}/output`],
  ["POST", `{p}/runs/${newId()}/cancellation`],
  ["GET", "{p}/settings"],
  ["GET", "{p}/secret"],
  ["POST", "{p}/secret"],
];

let owner: ProjectOwner;
let outsider: Owner;
let id: string;
let before: unknown;

const at = (path: string) => path.replace("{s}", `${owner.at}/schedules/${id}`).replace("{p}", owner.at);

/** Everything that a bad request might have changed. */
const state = async () =>
  Promise.all(
    [`${owner.at}`, `${owner.at}/schedules`, `${owner.at}/versions`, `${owner.at}/runs`, `${owner.at}/settings`].map(
      async (path) => (await owner.call("GET", path)).body,
    ),
  );

beforeAll(async () => {
  owner = await makeProjectOwner();
  outsider = await makeOwner();
  id = (await schedule(owner)).id;
  before = await state();
});

const refused = async (answer: Answered, status: number, code: string): Promise<Answered> => {
  expectProblem(answer, status, code);
  expect(await state()).toEqual(before);
  return answer;
};

describe.each(WRITES)("%s %s", (method, path, right) => {
  const send = (body: unknown, headers: Record<string, string> = {}) => owner.call(method, at(path), { body, headers });

  it("names a field that it does not know", async () => {
    const answer = await refused(await send({ ...right, colour: "red" }), 422, "invalid_input");
    expect(answer.body.errors[0].path).toBe("/colour");
  });

  it("refuses a list, a text and null where the body should be an object", async () => {
    for (const body of [[right], '"text"', "null", "42"]) await refused(await send(body), 422, "invalid_input");
  });

  it("refuses text that is not JSON, and says where", async () => {
    const answer = await refused(await send('{"schedule": '), 400, "malformed_json");
    expect(answer.body.errors[0].position).toBe(13);
  });

  it("refuses another content type, and none", async () => {
    const text = JSON.stringify({ ...right, more: 1 });
    await refused(await send(text, { "content-type": "text/plain" }), 415, "unsupported_media_type");
    await refused(
      await send(text, { "content-type": "application/x-www-form-urlencoded" }),
      415,
      "unsupported_media_type",
    );
  });

  it("refuses a body that is too large", async () => {
    const text = JSON.stringify({ ...right, padding: "x".repeat(11 * 1_048_576) });
    await refused(await send(text), 413, "body_too_large");
  });

  it("refuses every field of the wrong type, naming it", async () => {
    for (const field of Object.keys(right)) {
      const answer = await refused(await send({ ...right, [field]: { not: ["this"] } }), 422, "invalid_input");
      expect(answer.body.errors[0].path, field).toMatch(new RegExp(`^/${field}`));
    }
  });
});

describe.each(ON_PROJECTS)("%s %s", (method, path) => {
  it("wants a token", async () => {
    const answer = await refused(await call(method, at(path)), 401, "unauthorized");
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="carillon"');
  });

  it("shows nothing to someone of another workspace, whatever is sent", async () => {
    for (const body of method === "GET" || method === "DELETE" ? [undefined] : [{}, "not json"]) {
      await refused(await outsider.call(method, at(path), { body }), 404, "not_found");
    }
  });
});

describe("a schedule", () => {
  const REFUSED: readonly (readonly [object, string])[] = [
    [{}, "/schedule"],
    [{ schedule: 5 }, "/schedule"],
    [{ schedule: "" }, "/schedule"],
    [{ schedule: "every blue moon" }, "/schedule"],
    [{ schedule: "x".repeat(9_999) }, "/schedule"],
    [{ schedule: "61 * * * *" }, "/schedule"],
    [{ schedule: "0 0 30 2 *" }, "/schedule"],
    [{ schedule: "2020-01-01T00:00:00Z" }, "/schedule"],
    [{ ...save, timezone: "Mars/Olympus" }, "/timezone"],
    [{ ...save, timezone: "+02:00" }, "/timezone"],
    [{ ...save, timezone: 5 }, "/timezone"],
    [{ ...save, retry: -1 }, "/retry"],
    [{ ...save, retry: 1.5 }, "/retry"],
    [{ ...save, retry: "3" }, "/retry"],
    [{ ...save, retry: {} }, "/retry/attempts"],
    [{ ...save, retry: { attempts: 1, dealy: 5 } }, "/retry/dealy"],
    [{ ...save, retry: { attempts: 1, backoff: "linear" } }, "/retry/backoff"],
    [{ ...save, overlap: "slip" }, "/overlap"],
    [{ ...save, catchup: true }, "/catchup"],
    [{ ...save, catchup_window: -5 }, "/catchup_window"],
    [{ ...save, catchup_window: "soon" }, "/catchup_window"],
    [{ ...save, dst: { gap: "run" } }, "/dst/gap"],
    [{ ...save, dst: "skip" }, "/dst"],
    [{ ...save, spread: "a bit" }, "/spread"],
    [{ ...save, starts_at: "monday" }, "/starts_at"],
    [{ ...save, ends_at: "2020-01-01T00:00:00Z" }, "/ends_at"],
    [{ ...save, max_runs: 0 }, "/max_runs"],
    [{ ...save, max_runs: 1e300 }, "/max_runs"],
    [{ ...save, timeout: "3 days" }, "/timeout"],
    [{ ...save, key: "" }, "/key"],
    [{ ...save, fn: "no such function" }, "/fn"],
    [{ ...save, fn: "nosuchfunction" }, "/fn"],
    [{ ...save, fn: null }, "/fn"],
    [{ ...save, timeZone: "UTC" }, "/timeZone"],
    [{ ...save, args: nested(100) }, "/args"],
    [{ ...save, __proto__: null, constructor: 1 }, "/constructor"],
  ];

  it.each(REFUSED.map(([body, path]) => [path, JSON.stringify(body).slice(0, 120), body] as const))(
    "%s: is not made of %s",
    async (path, _, body) => {
      const answer = await refused(await owner.call("POST", `${owner.at}/schedules`, { body }), 422, "invalid_input");
      const { errors } = answer.body;
      expect(errors.map((error: { path: string }) => error.path)).toContain(path);
      for (const error of errors) expect(error.message.length).toBeGreaterThan(10);
    },
  );

  it("names everything that is wrong at once", async () => {
    const body = { ...save, overlap: "slip", retyr: 3, max_runs: 0 };
    const { errors } = (await owner.call("POST", `${owner.at}/schedules`, { body })).body;
    expect(errors.map((error: { path: string }) => error.path).sort()).toEqual(["/max_runs", "/overlap", "/retyr"]);
    expect(errors.find((error: { path: string }) => error.path === "/overlap").suggestion).toBe("skip");
  });

  it("is not changed by a key, an empty expression or a bad value", async () => {
    for (const body of [
      { key: "x" },
      { schedule: null },
      { schedule: "" },
      { timezone: "Nowhere" },
      { fn: "absent" },
    ]) {
      await refused(await owner.call("PATCH", at("{s}"), { body }), 422, "invalid_input");
    }
  });

  it("does not hold prototypes that a body smuggles in", async () => {
    const text = '{"schedule": "every hour", "fn": "work", "__proto__": {"retry": 5}}';
    await refused(await owner.call("POST", `${owner.at}/schedules`, { body: text }), 422, "invalid_input");
  });
});

describe("any request", () => {
  it("is refused with a query that nobody knows, or given twice", async () => {
    const unknown = await refused(await owner.call("GET", `${owner.at}/schedules?stat=active`), 400, "invalid_request");
    expect(unknown.body.errors[0]).toMatchObject({ path: "/stat", suggestion: "state" });
    await refused(await owner.call("GET", `${owner.at}/schedules?limit=1&limit=2`), 400, "invalid_request");
    for (const limit of ["0", "-1", "201", "1.5", "ten", ""]) {
      await refused(await owner.call("GET", `${owner.at}/schedules?limit=${limit}`), 400, "invalid_request");
    }
  });

  it("is refused with an idempotency key that is empty, endless or unprintable", async () => {
    for (const key of ["", "x".repeat(256), "ümlaut", "a\tb"]) {
      const answer = await owner.call("POST", `${owner.at}/schedules`, {
        body: save,
        headers: { "idempotency-key": key },
      });
      await refused(answer, 400, "invalid_request");
    }
  });

  it("is refused with a token that is malformed, unknown or of another scheme", async () => {
    for (const authorization of [
      "",
      "Bearer",
      "Bearer x",
      `Bearer car_${"a".repeat(43)}`,
      `Basic ${owner.token}`,
      owner.token,
    ]) {
      const answer = await refused(await call("GET", owner.at, { headers: { authorization } }), 401, "unauthorized");
      expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    }
  });

  it("is refused when its body is not UTF-8", async () => {
    const response = await WORKER.fetch(
      new Request("https://carillon.test/v1/previews", {
        method: "POST",
        headers: { authorization: `Bearer ${owner.token}`, "content-type": "application/json" },
        body: new Uint8Array([0x7b, 0xff, 0x7d]),
      }),
    );
    expect(response.status).toBe(400);
  });

  it("leaves the project as it was when a version is refused", async () => {
    const functions = [functionAt("work"), functionAt("work")];
    await refused(await owner.call("POST", `${owner.at}/versions`, { body: { functions } }), 422, "invalid_input");
  });
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}
