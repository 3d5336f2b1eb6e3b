/** `/v1/webhooks`: endpoints that are made, seen, changed, deleted; and what projects hear of that. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { mintProjectScope, projectObjectName, type WorkspaceScope } from "../../src/domain/access.ts";
import { readProjectId } from "../../src/domain/ids.ts";
import { WORKSPACE_LIMITS } from "../../src/domain/workspace-limits.ts";
import { newId } from "../../src/system.ts";
import { setClock } from "../support/world.ts";
import { type Answered, auditOf, expectProblem, hold, makeAdmin, makeMember, makeTeam, type Owner } from "./caller.ts";

const URL = "https://example.com/hooks/s3cret-path";

beforeEach(() => setClock("2027-03-01T12:00:00Z"));

const make = (owner: Owner, body: object = {}, headers: Record<string, string> = {}): Promise<Answered> =>
  owner.call("POST", "/v1/webhooks", {
    body: { name: "Data platform", url: URL, events: ["run.failed"], ...body },
    headers,
  });

async function made(owner: Owner, body: object = {}) {
  const answer = await make(owner, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

/** What a project was told that endpoints ask for. */
const eventsOf = ({ workspaceId }: WorkspaceScope, project: string): Promise<readonly string[]> =>
  runInDurableObject(
    env.PROJECT.getByName(projectObjectName(mintProjectScope(workspaceId, readProjectId(project)))),
    (_, { storage }) => {
      const [row] = storage.sql.exec("SELECT value FROM settings WHERE name = 'events'").toArray();
      return row === undefined ? [] : JSON.parse(String(row.value));
    },
  );

describe("making an endpoint", () => {
  it("answers it with its secret and its public key, which lie nowhere unsealed", async () => {
    const owner = await makeAdmin();
    const {
      secret,
      public_key: publicKey,
      ...shown
    } = await made(owner, { events: ["schedule.paused", "run.failed"] });
    expect(Buffer.from(secret.replace(/^whsec_/, ""), "base64")).toHaveLength(32);
    expect(Buffer.from(publicKey.replace(/^whpk_/, ""), "base64")).toHaveLength(32);
    expect(shown).toEqual({
      id: shown.id,
      name: "Data platform",
      host: "example.com",
      url: URL,
      events: ["run.failed", "schedule.paused"],
      all_projects: true,
      projects: null,
      signatures: "v1",
      enabled: true,
      disabled_reason: null,
      disabled_at: null,
      failing_since: null,
      created_at: "2027-03-01T12:00:00.000Z",
      updated_at: "2027-03-01T12:00:00.000Z",
    });
    expect((await owner.call("GET", `/v1/webhooks/${shown.id}`)).body).toEqual(shown);
    expect((await owner.call("GET", "/v1/webhooks")).body).toEqual({ items: [shown], next_cursor: null });
    const kept = await env.DIRECTORY.prepare("SELECT * FROM webhooks").all();
    expect(JSON.stringify(kept.results)).not.toContain(secret.slice(6));
  });

  it("is audited, without its secret and of its address with the host alone", async () => {
    const owner = await makeAdmin();
    const { id, secret } = await made(owner);
    const entries = await auditOf(owner.scope, "webhook.created");
    expect(entries).toMatchObject([{ target_kind: "webhook", target_id: id, target_name: "Data platform" }]);
    expect(entries[0]?.detail).toContain("example.com");
    expect(JSON.stringify(entries)).not.toContain("s3cret-path");
    expect(JSON.stringify(entries)).not.toContain(secret);
  });

  it("happens once under an idempotency key, and answers the secret every time, which is not kept with the answer", async () => {
    const owner = await makeAdmin();
    const answers = await Promise.all([1, 2, 3].map(() => make(owner, {}, { "idempotency-key": "hook" })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get("idempotency-replayed") === "true")).toHaveLength(2);
    expect((await owner.call("GET", "/v1/webhooks")).body.items).toHaveLength(1);
    const kept = await env.DIRECTORY.prepare("SELECT body FROM idempotency_answers").all();
    expect(JSON.stringify(kept.results)).not.toContain(answers[0]?.body.secret);
    await owner.call("DELETE", `/v1/webhooks/${answers[0]?.body.id}`);
    expectProblem(await make(owner, {}, { "idempotency-key": "hook" }), 409, "conflict");
  });

  it("takes projects by id and slug, and answers their ids", async () => {
    const { owner, project } = await makeTeam();
    const { projects, all_projects } = await made(owner, { projects: ["reports", project] });
    expect([projects, all_projects]).toEqual([[project], false]);
  });

  it("stops at the limit of the workspace", async () => {
    const owner = await makeAdmin();
    for (let count = 0; count < WORKSPACE_LIMITS.webhooks; count += 1) await made(owner, { events: [] });
    const refused = await make(owner);
    expectProblem(refused, 403, "limit_reached");
    expect(refused.body).toMatchObject({ limit: "webhooks", allowed: 50, used: 51 });
  });

  it.each([
    [{ name: "" }, "/name"],
    [{ name: "a\nb" }, "/name"],
    [{ url: "example.com" }, "/url"],
    [{ url: "http://example.com/" }, "/url"],
    [{ url: "https://10.0.0.1/" }, "/url"],
    [{ url: "https://0x0a000001/" }, "/url"],
    [{ url: "https://[fd00::1]/" }, "/url"],
    [{ url: "https://db.internal/" }, "/url"],
    [{ url: "https://carillon.test/v1/projects" }, "/url"],
    [{ url: "https://a:b@example.com/" }, "/url"],
    [{ url: `https://example.com/${"x".repeat(2_048)}` }, "/url"],
    [{ url: `https://example.com/${"ü".repeat(1_000)}` }, "/url"],
    [{ events: undefined }, "/events"],
    [{ events: ["run.started"] }, "/events/0"],
    [{ events: ["delivery.at_risk"] }, "/events/0"],
    [{ events: Array.from({ length: 7 }, () => "run.failed") }, "/events"],
    [{ projects: [] }, "/projects"],
    [{ projects: ["nothing"] }, "/projects/0"],
    [{ projects: Array.from({ length: 101 }, () => "reports") }, "/projects"],
    [{ signatures: "v2" }, "/signatures"],
    [{ enabled: "yes" }, "/enabled"],
    [{ secret: "whsec_mine" }, "/secret"],
  ])("refuses %j and makes nothing", async (spoiled, path) => {
    const owner = await makeAdmin();
    const answer = await make(owner, spoiled);
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors).toMatchObject([{ path }]);
    expect((await owner.call("GET", "/v1/webhooks")).body.items).toEqual([]);
  });

  it("refuses the projects of another workspace as if there were none", async () => {
    const [owner, other] = [await makeAdmin(), await makeTeam()];
    const answer = await make(owner, { projects: [other.project] });
    expect(answer.body.errors).toMatchObject([{ path: "/projects/0" }]);
  });
});

describe("an endpoint", () => {
  it("is managed by admins, and seen by its host by those who may make projects, and by nobody else", async () => {
    const { owner, project } = await makeTeam();
    const { id } = await made(owner, { projects: [project] });
    for (const role of ["manager", "editor"] as const) {
      const member = await makeMember(owner.scope, role);
      const { body } = await member.call("GET", `/v1/webhooks/${id}`);
      expect(body).toMatchObject({ host: "example.com", url: null, projects: null, all_projects: false });
      expect((await member.call("GET", "/v1/webhooks")).body.items).toEqual([body]);
      for (const [method, path] of [
        ["POST", ""],
        ["PATCH", `/${id}`],
        ["DELETE", `/${id}`],
        ["GET", `/${id}/secret`],
        ["POST", `/${id}/secret`],
        ["POST", `/${id}/test`],
        ["GET", `/${id}/deliveries`],
        ["POST", `/${id}/replays`],
      ] as const)
        expect((await member.call(method, `/v1/webhooks${path}`, method === "GET" ? {} : { body: {} })).status).toBe(
          403,
        );
    }
    for (const role of ["explorer", "viewer", "guest"] as const) {
      const member = await makeMember(owner.scope, role);
      expect((await member.call("GET", "/v1/webhooks")).status).toBe(403);
      expect((await member.call("GET", `/v1/webhooks/${id}`)).status).toBe(403);
    }
    const held = await hold(owner.scope, owner.id, owner.email, { projects: [readProjectId(project)] });
    expect((await held.call("GET", "/v1/webhooks")).status).toBe(403);
  });

  it("of another workspace is not there", async () => {
    const [owner, outsider] = [await makeAdmin(), await makeAdmin()];
    const { id } = await made(owner);
    for (const method of ["GET", "DELETE"])
      expectProblem(await outsider.call(method, `/v1/webhooks/${id}`), 404, "not_found");
    const patched = await outsider.call("PATCH", `/v1/webhooks/${id}`, { body: { url: "https://evil.example.com/" } });
    expectProblem(patched, 404, "not_found");
    expectProblem(await owner.call("GET", "/v1/webhooks/not-an-id"), 404, "not_found");
    expect((await outsider.call("GET", "/v1/webhooks")).body.items).toEqual([]);
    expect((await owner.call("GET", `/v1/webhooks/${id}`)).body.url).toBe(URL);
  });

  it("is changed field by field, and the audit says what was and what is", async () => {
    const { owner, project } = await makeTeam();
    const { id, secret: _, public_key: __, ...before } = await made(owner);
    const change = { name: "Lake", events: ["run.missed", "run.failed"], projects: ["reports"], signatures: "both" };
    setClock("2027-03-01T12:05:00Z");
    const { status, body } = await owner.call("PATCH", `/v1/webhooks/${id}`, { body: change });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...before,
      id,
      name: "Lake",
      events: ["run.failed", "run.missed"],
      all_projects: false,
      projects: [project],
      signatures: "both",
      updated_at: "2027-03-01T12:05:00.000Z",
    });
    const back = await owner.call("PATCH", `/v1/webhooks/${id}`, { body: { projects: null } });
    expect(back.body).toMatchObject({ name: "Lake", all_projects: true, projects: null });
    const entries = await auditOf(owner.scope, "webhook.changed");
    expect(entries.map(({ detail }) => JSON.parse(String(detail)))).toMatchObject([
      { before: { name: "Data platform", projects: null }, after: { name: "Lake", projects: [project] } },
      { before: { projects: [project] }, after: { projects: null } },
    ]);
  });

  it("that a change would spoil stays as it is", async () => {
    const owner = await makeAdmin();
    const { id } = await made(owner);
    const { body: before } = await owner.call("GET", `/v1/webhooks/${id}`);
    for (const body of [
      { name: "X", url: "https://10.0.0.1/" },
      { name: "X", projects: ["nothing"] },
      { name: "X", more: 1 },
    ])
      expectProblem(await owner.call("PATCH", `/v1/webhooks/${id}`, { body }), 422, "invalid_input");
    expect((await owner.call("GET", `/v1/webhooks/${id}`)).body).toEqual(before);
    expect(await auditOf(owner.scope, "webhook.changed")).toEqual([]);
  });

  it("is disabled by hand and enabled again", async () => {
    const owner = await makeAdmin();
    const { id } = await made(owner, { enabled: false });
    expect((await owner.call("GET", `/v1/webhooks/${id}`)).body).toMatchObject({
      enabled: false,
      disabled_reason: "by_hand",
      disabled_at: "2027-03-01T12:00:00.000Z",
    });
    const { body } = await owner.call("PATCH", `/v1/webhooks/${id}`, { body: { enabled: true } });
    expect(body).toMatchObject({ enabled: true, disabled_reason: null, disabled_at: null });
  });

  it("is deleted with its secrets, and that is audited", async () => {
    const owner = await makeAdmin();
    const { id } = await made(owner);
    expect((await owner.call("DELETE", `/v1/webhooks/${id}`)).status).toBe(204);
    expectProblem(await owner.call("GET", `/v1/webhooks/${id}`), 404, "not_found");
    expectProblem(await owner.call("DELETE", `/v1/webhooks/${id}`), 404, "not_found");
    expect(await env.DIRECTORY.prepare("SELECT * FROM webhooks WHERE id = ?1").bind(id).first()).toBeNull();
    expect(await auditOf(owner.scope, "webhook.deleted")).toMatchObject([{ target_id: id }]);
  });
});

describe("projects", () => {
  it("hear at once of what endpoints ask for, and no longer when nobody does", async () => {
    const { owner, project } = await makeTeam();
    expect(await eventsOf(owner.scope, project)).toEqual([]);
    const { id } = await made(owner, { events: ["run.failed", "run.missed"] });
    expect(await eventsOf(owner.scope, project)).toEqual(["run.failed", "run.missed"]);
    await owner.call("PATCH", `/v1/webhooks/${id}`, { body: { events: ["run.succeeded"] } });
    expect(await eventsOf(owner.scope, project)).toEqual(["run.succeeded"]);
    await owner.call("PATCH", `/v1/webhooks/${id}`, { body: { enabled: false } });
    expect(await eventsOf(owner.scope, project)).toEqual([]);
    await owner.call("PATCH", `/v1/webhooks/${id}`, { body: { enabled: true } });
    await owner.call("DELETE", `/v1/webhooks/${id}`);
    expect(await eventsOf(owner.scope, project)).toEqual([]);
  });

  it("hear of it from the start, unless the endpoint is for others alone", async () => {
    const { owner, project } = await makeTeam();
    await made(owner, { events: ["run.failed"] });
    await made(owner, { events: ["run.succeeded"], projects: [project] });
    const { body } = await owner.call("POST", "/v1/projects", { body: { name: `New ${newId()}` } });
    expect(await eventsOf(owner.scope, body.id)).toEqual(["run.failed"]);
    expect(await eventsOf(owner.scope, project)).toEqual(["run.succeeded", "run.failed"]);
  });

  it("are not called where nothing changes for them", async () => {
    const { owner } = await makeTeam();
    const { id } = await made(owner);
    const called = vi.spyOn(env.PROJECT, "getByName");
    await owner.call("PATCH", `/v1/webhooks/${id}`, { body: { name: "Other" } });
    expect(called).not.toHaveBeenCalled();
  });
});
