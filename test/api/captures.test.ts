/** Captures of a run: ordered over the API, listed, and shown with their run. The camera itself: `test/capture`. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApi } from "../../src/api/api.ts";
import { appPages } from "../../src/app/app.tsx";
import { mintProjectScope } from "../../src/domain/access.ts";
import { type CaptureOrder, NEWS_BUDGET_MS } from "../../src/domain/captures/capture.ts";
import { readProjectId, readRunId } from "../../src/domain/ids.ts";
import { PLANS } from "../../src/domain/plan.ts";
import { MINUTE_MS } from "../../src/domain/time/instant.ts";
import { newId, now } from "../../src/system.ts";
import { keepCaptured, keepFailed, keepPending } from "../support/captured.ts";
import { type CodeProject, makeCodeProject } from "../support/code-project.ts";
import { eventually, setClock } from "../support/world.ts";
import { type Answered, auditOf, expectProblem, give, makeAdmin, makeMember, type Owner } from "./caller.ts";

const REPORT = { "index.js": "export const report = () => 'All is well';" };
const BLANK = { reason: "blank", message: "The picture was all of one colour." } as const;
const SCRIPT_ERROR = { reason: "script_error", message: "A script of the page failed." } as const;
/** What the page of the kept captures wrote and asked for. */
const PAGE_WORDS = /No data|a\.js/;

const api = createApi({ app: appPages });
const sent: CaptureOrder[] = [];
let isQueueDown = false;

afterEach(() => {
  sent.length = 0;
  isQueueDown = false;
  vi.restoreAllMocks();
});

/** What a queue is to whoever sends: here nobody takes what arrives, so that nothing moves by itself. */
const CAPTURES = {
  send: async (order: CaptureOrder) => {
    if (isQueueDown) throw new Error("Queue sending failed");
    sent.push(order);
  },
};

/** Orders by the API itself, whose queue is the tests' own. */
async function order(
  { at }: Pick<CodeProject, "at">,
  who: Owner,
  run: string,
  body: unknown,
  more: { readonly headers?: Record<string, string>; readonly env?: object } = {},
): Promise<Answered> {
  const context = createExecutionContext();
  const response = await api.fetch(
    new Request(`https://carillon.test${at}/runs/${run}/captures`, {
      method: "POST",
      headers: { authorization: `Bearer ${who.token}`, "content-type": "application/json", ...more.headers },
      body: JSON.stringify(body),
    }),
    { ...env, CAPTURES, ...more.env },
    context,
  );
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function ranProject() {
  const project = await makeCodeProject(REPORT);
  const { run } = await project.run();
  const { workspaceId } = project.owner.scope;
  const scope = mintProjectScope(workspaceId, readProjectId(project.at.split("/").at(-1) ?? ""));
  const of = (format: "png" | "pdf") => ({ scope, run: readRunId(run.id), format });
  const post = (body: unknown, more: Parameters<typeof order>[4] = {}) =>
    order(project, project.owner, run.id, body, more);
  const get = async (rest = "", who: Owner = project.owner) =>
    (await who.call("GET", `${project.at}/runs/${run.id}${rest}`)).body;
  return { ...project, run, scope, of, post, get };
}

describe("ordering captures", () => {
  it("writes them down, sends one message for all formats, and answers that they are on their way", async () => {
    const { scope, run, post, get, owner } = await ranProject();
    const { status, headers, body } = await post({ formats: ["pdf", "png", "png"].slice(0, 2) });
    expect([status, headers.get("retry-after")]).toEqual([202, "2"]);
    const pending = { state: "pending", cause: "demand", attempts: 0, settled_at: null, facts: null, failure: null };
    expect(body.items).toMatchObject([
      { ...pending, format: "png" },
      { ...pending, format: "pdf" },
    ]);
    expect(sent).toEqual([
      {
        ...{ workspace: scope.workspaceId, project: scope.projectId, run: run.id, plan: "enterprise" },
        ...{ formats: ["png", "pdf"], cause: "demand", newsBy: null, orderedAt: expect.any(Number) },
      },
    ]);
    expect((await get("/captures")).items).toEqual(body.items);
    const [act] = await eventually(
      () => auditOf(owner.scope, "capture.ordered"),
      (entries) => entries.length > 0,
    );
    expect(act).toMatchObject({ target_kind: "run", target_id: run.id });
  });

  it("leaves alone what is on its way or there, and says that there is nothing to wait for", async () => {
    const { of, post, owner } = await ranProject();
    await keepCaptured(of("png"));
    const there = await post({ formats: ["png"] });
    expect([there.status, there.body.items[0].state]).toEqual([200, "captured"]);
    await keepPending(of("pdf"));
    expect((await post({ formats: ["png", "pdf"] })).status).toBe(202);
    expect(sent).toEqual([]);
    expect(await auditOf(owner.scope, "capture.ordered")).toEqual([]);
  });

  it("takes anew what failed, and what is there when it is asked to", async () => {
    const { of, post } = await ranProject();
    await keepFailed(of("pdf"), BLANK);
    await keepCaptured(of("png"));
    const failed = await post({ formats: ["png", "pdf"] });
    expect(failed.body.items.map(({ state }: { state: string }) => state)).toEqual(["captured", "pending"]);
    const again = await post({ formats: ["png", "pdf"], again: true });
    expect(again.body.items).toMatchObject([
      { state: "pending", facts: { bytes: expect.any(Number) } },
      { state: "pending" },
    ]);
    expect(sent.map(({ formats }) => formats)).toEqual([["pdf"], ["png"]]);
  });

  it("happens once for an Idempotency-Key", async () => {
    const { of, post } = await ranProject();
    await keepCaptured(of("png"));
    const headers = { "idempotency-key": "again" };
    const first = await post({ formats: ["png"], again: true }, { headers });
    const second = await post({ formats: ["png"], again: true }, { headers });
    expect(second.body).toEqual(first.body);
    expect([first.status, second.status, second.headers.get("idempotency-replayed")]).toEqual([202, 202, "true"]);
    expect([first, second].map((one) => one.headers.get("retry-after"))).toEqual(["2", "2"]);
    expect(sent).toHaveLength(1);
    expectProblem(await post({ formats: ["pdf"] }, { headers }), 422, "idempotency_key_reused");
  });

  it("is refused over the plan's limit for a day, and nothing of it is written", async () => {
    const { scope, post, get } = await ranProject();
    await env.RUNLOG.prepare("INSERT INTO capture_days (workspace_id, day, ordered) VALUES (?1, ?2, ?3)")
      .bind(scope.workspaceId, Math.floor(now() / 86_400_000), PLANS.enterprise.capturesPerDay - 1)
      .run();
    const refused = await post({ formats: ["png", "pdf"] });
    expectProblem(refused, 403, "limit_reached");
    expect(refused.body).toMatchObject({ limit: "captures_per_day", allowed: 20_000, used: 20_001 });
    expect([await get("/captures"), sent]).toEqual([{ items: [] }, []]);
    expect((await post({ formats: ["png"] })).status).toBe(202);
  });

  it("is refused by a deployment that has no browser, with what to do", async () => {
    const { post, get } = await ranProject();
    const refused = await post({ formats: ["png"] }, { env: { BROWSER: undefined } });
    expectProblem(refused, 422, "captures_unavailable");
    expect(refused.body.detail).toContain("BROWSER");
    expect([await get("/captures"), sent]).toEqual([{ items: [] }, []]);
  });

  it("is kept when the queue is down: the sweep finds it", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { post, get } = await ranProject();
    isQueueDown = true;
    expect((await post({ formats: ["png"] })).status).toBe(202);
    expect((await get("/captures")).items).toMatchObject([{ state: "pending" }]);
  });

  it.each([
    [{}, "/formats"],
    [{ formats: [] }, "/formats"],
    [{ formats: ["gif"] }, "/formats/0"],
    [{ formats: "png" }, "/formats"],
    [{ formats: ["png", "png", "pdf"] }, "/formats"],
    [{ formats: ["png"], again: "yes" }, "/again"],
    [{ formats: ["png"], width: 7 }, "/width"],
  ])("refuses %j", async (body, path) => {
    const { post } = await ranProject();
    const refused = await post(body);
    expectProblem(refused, 422, "invalid_input");
    expect(refused.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect(sent).toEqual([]);
  });

  it("is for runs that have ended and ran: another one says why not", async () => {
    const { owner, at } = await makeCodeProject({
      "index.js": "export const report = () => new Promise((done) => setTimeout(done, 30_000));",
    });
    const { body: run } = await owner.call("POST", `${at}/runs`, { body: {} });
    const refused = await order({ at }, owner, run.id, { formats: ["png"] });
    expectProblem(refused, 409, "conflict");
    expect(refused.body.detail).toMatch(/^The run is (queued|running); it is captured when it has ended/);
    await owner.call("POST", `${at}/runs/${run.id}/cancellation`, { body: {} });
    expect((await order({ at }, owner, run.id, { formats: ["png"] })).status).toBe(202);
    expectProblem(await order({ at }, owner, newId(), { formats: ["png"] }), 404, "not_found");
  });

  it("needs can_edit; a list needs can_explore, and to an outsider there is nothing", async () => {
    const { owner, at, run, post } = await ranProject();
    await post({ formats: ["png"] });
    const colleague = await makeMember(owner.scope, "editor");
    const list = (who: Owner) => who.call("GET", `${at}/runs/${run.id}/captures`);
    for (const [access, mayOrder, mayList] of [
      ["app_only", 403, 403],
      ["can_explore", 403, 200],
      ["can_view", 403, 200],
      ["can_edit", 202, 200],
    ] as const) {
      await give(owner, at, { user: colleague.id }, access);
      const ordered = await order({ at }, colleague, run.id, { formats: ["png"] });
      expect([access, ordered.status, (await list(colleague)).status]).toEqual([access, mayOrder, mayList]);
    }
    const outsider = await makeAdmin();
    expectProblem(await order({ at }, outsider, run.id, { formats: ["png"] }), 404, "not_found");
    expectProblem(await list(outsider), 404, "not_found");
  });
});

describe("the captures of a run", () => {
  it("are shown with it: what was taken, why not, and what was seen", async () => {
    const { of, get } = await ranProject();
    await keepCaptured(of("png"));
    await keepFailed(of("pdf"), BLANK);
    const { captures, news } = await get();
    expect(captures).toMatchObject([
      {
        format: "png",
        state: "captured",
        attempts: 1,
        facts: {
          hash: expect.stringMatching(/^[0-9a-f]{64}$/),
          took_ms: 1_200,
          picture: { width: 2_560, height: 1_600, device_scale: 2, page_width: 1_280, page_height: 800, is_cut: false },
          print: null,
          preview: { type: "image/png", width: 1_280 },
          carried_by: { email: "full", slack: "full" },
        },
        failure: null,
        evidence: { ready_by: "flag", waits: [{ name: "flag", passed: true, took_ms: 40 }], content_share: 0.12 },
      },
      {
        format: "pdf",
        state: "failed",
        facts: null,
        failure: { ...BLANK, fix: expect.stringContaining("See that the page shows something") },
        evidence: { has_partial_picture: true },
      },
    ]);
    expect(news).toBeNull();
  });

  it("say of a print on how many sheets of what it is, and whether all of the page is in it", async () => {
    const { of, get } = await ranProject();
    await keepCaptured(of("pdf"));
    const [{ facts }] = (await get("/captures")).items;
    expect(facts.print).toEqual({ pages: 3, paper: "a4", orientation: "portrait", is_cut: false });
    expect([facts.picture, facts.preview]).toEqual([null, null]);
  });

  it("tell what a page wrote and asked for to editors alone", async () => {
    const { owner, at, of, get } = await ranProject();
    await keepCaptured(of("png"));
    await keepFailed(of("pdf"), { ...SCRIPT_ERROR, detail: "No data at a.js" });
    const colleague = await makeMember(owner.scope, "editor");
    const addresses = ["/captures", "/captures/pdf"];
    await give(owner, at, { user: colleague.id }, "can_explore");
    for (const address of addresses) expect(JSON.stringify(await get(address, colleague))).not.toMatch(PAGE_WORDS);
    await give(owner, at, { user: colleague.id }, "can_view");
    for (const address of ["", ...addresses])
      expect(JSON.stringify(await get(address, colleague))).not.toMatch(PAGE_WORDS);
    await give(owner, at, { user: colleague.id }, "can_edit");
    const [png, pdf] = (await get("", colleague)).captures;
    expect(png.evidence).toMatchObject({
      waits: [{ name: "flag", detail: "No data at first" }],
      console: [{ level: "error", text: "No data" }],
      requests: [{ url: "https://example.com/a.js", outcome: "bad_status", status: 404, type: "script" }],
    });
    expect(pdf.failure).toMatchObject({ ...SCRIPT_ERROR, detail: "No data at a.js" });
    expect((await get("/captures/pdf", colleague)).failure).toEqual(pdf.failure);
  });

  it("say whether news still waits for them, and never beyond its budget", async () => {
    const { of, get } = await ranProject();
    setClock("2027-01-15T09:00:00Z");
    const newsBy = now() + NEWS_BUDGET_MS;
    await keepCaptured(of("png"), newsBy);
    await keepPending(of("pdf"), newsBy);
    expect((await get()).news).toEqual({ kind: "wait", until: "2027-01-15T09:01:00.000Z" });
    setClock(now() + MINUTE_MS);
    expect((await get()).news).toEqual({ kind: "go", carries: ["png"], without: [{ format: "pdf", why: "late" }] });
  });

  it("are none of a run that was never captured, and not there of one that never was", async () => {
    const { owner, at, get } = await ranProject();
    expect(await get("/captures")).toEqual({ items: [] });
    expect(await get()).toMatchObject({ captures: [], news: null });
    expectProblem(await owner.call("GET", `${at}/runs/${newId()}/captures`), 404, "not_found");
  });
});
