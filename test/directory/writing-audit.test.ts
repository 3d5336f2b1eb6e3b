/** Entries of the audit: each is there just when its act was done. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { entriesWhere, entryIfDone, entryOf, PROJECT_OF_ENTRY, recordEntries } from "../../src/directory/audit.ts";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import type { WorkspaceScope } from "../../src/domain/access.ts";
import type { Entry } from "../../src/domain/audit.ts";
import { readMemberId, readProjectId } from "../../src/domain/ids.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { scribeAt } from "../support/scribe.ts";

const db = env.DIRECTORY;
const scribe = scribeAt();
const PROJECTS = [readProjectId(newId()), readProjectId(newId())];

const makeWorkspace = async (): Promise<WorkspaceScope> =>
  (await foundWorkspace(db, { name: "Acme", plan: "team", email: "ada@acme.test" }, { now: now(), newId, randomBytes }))
    .scope;

const renamed = (scope: WorkspaceScope, name: string): Entry => ({
  act: "workspace.changed",
  target: { kind: "workspace", id: scope.workspaceId, name },
});

const rename = (id: string, name: string) => db.prepare("UPDATE workspaces SET name = ?2 WHERE id = ?1").bind(id, name);

async function written(scope: WorkspaceScope): Promise<readonly Record<string, unknown>[]> {
  const { results } = await db
    .prepare("SELECT * FROM audit WHERE workspace_id = ?1 ORDER BY id")
    .bind(scope.workspaceId)
    .all();
  return results;
}

describe("an entry", () => {
  it("is written when the statement before it changed something, and only then", async () => {
    const scope = await makeWorkspace();
    await db.batch([
      rename(scope.workspaceId, "Bell"),
      entryIfDone(db, scope, scribe, renamed(scope, "Bell")),
      rename(newId(), "Cobb"),
      entryIfDone(db, scope, scribe, renamed(scope, "Cobb")),
    ]);
    expect((await written(scope)).map(({ target_name }) => target_name)).toEqual(["Bell"]);
  });

  it("is not written where the batch that does its act fails", async () => {
    const scope = await makeWorkspace();
    const batch = db.batch([
      entryOf(db, scope, scribe, renamed(scope, "Bell")),
      db.prepare("UPDATE workspaces SET name = '' WHERE id = ?1").bind(scope.workspaceId),
    ]);
    await expect(batch).rejects.toThrow(/CHECK constraint failed/);
    expect(await written(scope)).toEqual([]);
  });

  it("is one of several, each with a condition of its own", async () => {
    const scope = await makeWorkspace();
    const lines = PROJECTS.map((project) => ({ scribe, entry: { ...renamed(scope, "Bell"), project } }));
    await entriesWhere(db, scope, lines, `${PROJECT_OF_ENTRY} = ?2`, PROJECTS[1] ?? "").run();
    expect((await written(scope)).map(({ project_id }) => project_id)).toEqual([PROJECTS[1]]);
  });

  it("says who it was, from where, by which request, and what changed", async () => {
    const scope = await makeWorkspace();
    const id = readMemberId(newId());
    const doing = {
      doer: { kind: "member", id, name: "ada@acme.test" },
      at: 1_000,
      requestId: "request",
      address: "192.0.2.1",
    } as const;
    const entry: Entry = { ...renamed(scope, "Bell"), project: PROJECTS[0], detail: { before: "Acme" } };
    await recordEntries(db, scope, [{ scribe: { doing, newId }, entry }]);
    expect(await written(scope)).toMatchObject([
      {
        at: 1_000,
        doer_kind: "member",
        doer_id: id,
        doer_name: "ada@acme.test",
        act: "workspace.changed",
        target_kind: "workspace",
        target_id: scope.workspaceId,
        target_name: "Bell",
        project_id: PROJECTS[0],
        detail: '{"before":"Acme"}',
        address: "192.0.2.1",
        request_id: "request",
      },
    ]);
  });
});
