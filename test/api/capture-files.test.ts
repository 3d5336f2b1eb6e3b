/** The bytes of a capture: to whom they are sent, how, and what is said where there are none. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createApi } from "../../src/api/api.ts";
import { appPages } from "../../src/app/app.tsx";
import { deleteCaptures, fullFile, putCapture } from "../../src/artifacts/captures.ts";
import { mintProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readRunId } from "../../src/domain/ids.ts";
import { orderCaptures } from "../../src/runlog/captures.ts";
import { newId, now } from "../../src/system.ts";
import { bytesOf, keepCaptured, keepFailed, keepPending } from "../support/captured.ts";
import { makeCodeProject } from "../support/code-project.ts";
import { setClock } from "../support/world.ts";
import { expectProblem, give, makeAdmin, makeMember, type Owner } from "./caller.ts";

const REPORT = { "index.js": "export const report = () => 'All is well';" };
const BLANK = { reason: "blank", message: "The picture was all of one colour." } as const;

async function ranProject() {
  const project = await makeCodeProject(REPORT);
  setClock("2027-01-15T20:00:00Z");
  const { run } = await project.run();
  const scope = mintProjectScope(project.owner.scope.workspaceId, readProjectId(project.at.split("/").at(-1) ?? ""));
  const of = (format: "png" | "pdf") => ({ scope, run: readRunId(run.id), format });
  const get = (rest: string, who: Owner = project.owner, headers: Record<string, string> = {}) =>
    who.call("GET", `${project.at}/runs/${run.id}/captures/${rest}`, { headers });
  /** The PNG, of a deployment some of whose bindings are these. */
  const getWith = async (bindings: object): Promise<Response> => {
    const headers = { authorization: `Bearer ${project.owner.token}` };
    const request = new Request(`https://carillon.test${project.at}/runs/${run.id}/captures/png`, { headers });
    return createApi({ app: appPages }).fetch(request, { ...env, ...bindings }, createExecutionContext());
  };
  return { ...project, run, scope, of, get, getWith };
}

const textOf = (format: Parameters<typeof bytesOf>[0]): string => new TextDecoder().decode(bytesOf(format));

describe("a capture", () => {
  it.each([
    ["png", "image/png"],
    ["pdf", "application/pdf"],
  ] as const)("is sent as what it is, under a name that says of when: %s", async (format, type) => {
    const { of, get } = await ranProject();
    await keepCaptured(of(format));
    const { status, headers, body } = await get(format);
    expect([status, body]).toEqual([200, textOf(format)]);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": type,
      "content-length": String(bytesOf(format).length),
      "content-disposition": `inline; filename="reports-2027-01-15.${format}"`,
      "cache-control": "private, no-cache",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringMatching(/^default-src 'none'; /),
      "x-frame-options": "SAMEORIGIN",
      "carillon-capture-state": "captured",
    });
  });

  it("stays to be had while it is taken anew, and when that failed", async () => {
    const { of, get, at, run, owner } = await ranProject();
    await keepCaptured(of("png"));
    const takenBefore = async (rest: string, status: number, headers = {}) => {
      const [listed] = (await owner.call("GET", `${at}/runs/${run.id}/captures`)).body.items;
      const answer = await get(rest, owner, headers);
      expect([answer.status, answer.headers.get("carillon-capture-state")]).toEqual([status, listed.state]);
      return { listed, answer };
    };
    const { format: _, ...rest } = of("png");
    const wish = { ...rest, formats: ["png"], cause: "demand", orderedAt: now(), newsBy: null, plan: "team" } as const;
    await orderCaptures(env.RUNLOG, wish.scope, { ...wish, again: true });
    const meanwhile = await takenBefore("png", 200);
    expect([meanwhile.listed.state, meanwhile.answer.body]).toEqual(["pending", textOf("png")]);
    const etag = meanwhile.answer.headers.get("etag") ?? "";
    await takenBefore("png", 304, { "if-none-match": etag });
    expect((await takenBefore("png?size=preview", 200)).answer.body).toBe(textOf("preview"));
    await keepFailed(of("png"), BLANK);
    const after = await takenBefore("png", 200);
    expect(after.answer.body).toBe(textOf("png"));
    expect(after.listed).toMatchObject({ failure: BLANK, facts: { bytes: bytesOf("png").length } });
  });

  it("is the one that took its place, when it did so while it was looked for", async () => {
    const { of, getWith } = await ranProject();
    await keepCaptured(of("png"));
    const bytes = new TextEncoder().encode("Another picture.");
    const hash = createHash("sha256").update(bytes).digest("hex");
    const { scope, run: id } = of("png");
    let asked = 0;
    const get = async (key: string) => {
      asked += 1;
      if (asked > 1) return env.ARTIFACTS.get(key);
      await putCapture(env.ARTIFACTS, scope, id, fullFile("png", hash), { bytes, hash });
      await env.RUNLOG.prepare("UPDATE captures SET facts = json_set(facts, '$.hash', ?1) WHERE run_id = ?2")
        .bind(hash, id)
        .run();
      return null;
    };
    const answer = await getWith({ ARTIFACTS: { get } });
    expect([answer.status, await answer.text(), asked]).toEqual([200, "Another picture.", 2]);
  });

  it("is sent without a word to the project: the run's id says of when it is", async () => {
    const { of, getWith } = await ranProject();
    await keepCaptured(of("png"));
    const asked = () => {
      throw new Error("The project was asked");
    };
    const { status, headers } = await getWith({ PROJECT: { idFromName: asked, getByName: asked, get: asked } });
    expect([status, headers.get("content-disposition")]).toEqual([200, 'inline; filename="reports-2027-01-15.png"']);
  });

  it("is not sent again to whoever has it, and is another one to nobody else", async () => {
    const { of, get, owner } = await ranProject();
    await keepCaptured(of("png"));
    const etag = (await get("png")).headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await get("png", owner, { "if-none-match": known });
      expect([again.status, again.body, again.headers.get("etag")]).toEqual([304, "", etag]);
      expect(again.headers.get("cache-control")).toBe("private, no-cache");
    }
    expect((await get("png", owner, { "if-none-match": '"other"' })).status).toBe(200);
    expect((await get("png?size=preview", owner, { "if-none-match": etag })).status).toBe(200);
  });

  it("has a smaller rendition, which a print has not", async () => {
    const { of, get } = await ranProject();
    await Promise.all([keepCaptured(of("png")), keepCaptured(of("pdf"))]);
    const { body, headers } = await get("png?size=preview");
    expect(body).toBe(textOf("preview"));
    expect(headers.get("content-disposition")).toBe('inline; filename="reports-2027-01-15-preview.png"');
    expectProblem(await get("pdf?size=preview"), 404, "not_found");
    expectProblem(await get("png?size=huge"), 400, "invalid_request");
  });

  it("that is being taken is its state, with when to look again", async () => {
    const { of, get } = await ranProject();
    await keepPending(of("pdf"));
    const { status, headers, body } = await get("pdf");
    expect([status, headers.get("retry-after")]).toEqual([202, "2"]);
    expect(body).toMatchObject({ format: "pdf", state: "pending" });
  });

  it("that failed says why, what would mend it and what was seen; to editors also what the page wrote and showed", async () => {
    const { owner, at, of, get } = await ranProject();
    await keepFailed(of("pdf"), BLANK);
    const failed = await get("pdf");
    expectProblem(failed, 409, "capture_failed");
    expect(failed.body).toMatchObject({
      detail: BLANK.message,
      failure: { ...BLANK, fix: expect.stringContaining("See that the page shows something") },
      evidence: { waits: [{ name: "flag" }], console: [{ text: "No data" }], has_partial_picture: true },
    });
    const partial = await get("pdf/partial");
    expect([partial.status, partial.body]).toEqual([200, textOf("failed")]);
    expect(partial.headers.get("content-type")).toBe("image/png");
    expect(partial.headers.get("cache-control")).toBe("no-store");
    const colleague = await makeMember(owner.scope, "editor");
    await give(owner, at, { user: colleague.id }, "can_view");
    expect((await get("pdf", colleague)).body.evidence).not.toHaveProperty("console");
    expectProblem(await get("pdf/partial", colleague), 403, "forbidden");
  });

  it("that nobody ordered is not there, and the answer says how to have it taken", async () => {
    const { run, get, at, owner } = await ranProject();
    const missing = await get("png");
    expectProblem(missing, 404, "not_found");
    expect(missing.body.detail).toContain(`POST {"formats": ["png"]} to /v1/projects/reports/runs/${run.id}/captures`);
    expectProblem(await get("pdf/partial"), 404, "not_found");
    expectProblem(await get("gif"), 404, "not_found");
    expectProblem(await owner.call("GET", `${at}/runs/${newId()}/captures/png`), 404, "not_found");
  });

  it("that has no partial picture says so", async () => {
    const { of, get } = await ranProject();
    await keepCaptured(of("png"));
    const none = await get("png/partial");
    expectProblem(none, 404, "not_found");
    expect(none.body.detail).toContain("did not fail");
  });

  it("whose bytes are no longer kept says so", async () => {
    const { of, scope, run, get } = await ranProject();
    await keepCaptured(of("png"));
    await deleteCaptures(env.ARTIFACTS, scope, [readRunId(run.id)]);
    const gone = await get("png");
    expectProblem(gone, 404, "not_found");
    expect(gone.body.detail).toContain("no longer kept");
  });

  it("is for can_explore, and for nobody of another workspace", async () => {
    const { owner, at, of, get } = await ranProject();
    await keepCaptured(of("png"));
    const colleague = await makeMember(owner.scope, "editor");
    for (const [access, status] of [
      ["none", 404],
      ["app_only", 403],
      ["can_explore", 200],
    ] as const) {
      await give(owner, at, { user: colleague.id }, access);
      expect([access, (await get("png", colleague)).status]).toEqual([access, status]);
    }
    expectProblem(await get("png", await makeAdmin()), 404, "not_found");
  });
});
