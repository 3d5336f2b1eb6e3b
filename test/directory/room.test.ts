/** Nothing is added to a workspace that is deleted, nor to one that is full. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { entriesWhere, recordEntries } from "../../src/directory/audit.ts";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { reactivateMember } from "../../src/directory/changing-members.ts";
import { keepGrants } from "../../src/directory/grants.ts";
import { addGroup, joinGroup, renameGroup } from "../../src/directory/groups.ts";
import { answerGiven } from "../../src/directory/idempotency.ts";
import { inviteMember } from "../../src/directory/inviting.ts";
import { findMember, type Member } from "../../src/directory/members.ts";
import { addProject, deleteProject, draftProject } from "../../src/directory/projects.ts";
import { secretText } from "../../src/directory/sessions.ts";
import { changeShare } from "../../src/directory/sharing.ts";
import { addToken, tokenText } from "../../src/directory/tokens.ts";
import { buryWorkspace } from "../../src/directory/tombstones.ts";
import { addWebhook } from "../../src/directory/webhooks.ts";
import type { Grant, WorkspaceScope } from "../../src/domain/access.ts";
import { type MemberId, readGroupId, readMemberId, readProjectId, readTokenId } from "../../src/domain/ids.ts";
import { WORKSPACE_LIMITS, type WorkspaceLimit } from "../../src/domain/workspace-limits.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { draftWebhook } from "../support/make-webhook.ts";
import { scribeAt } from "../support/scribe.ts";

const db = env.DIRECTORY;
const WISH = { key: "k", fingerprint: "f", answer: { status: 201, body: "{}" } };

async function makeWorkspace() {
  const facts = { name: "Acme", plan: "team", email: "ada@acme.test" } as const;
  const { scope, adminId } = await foundWorkspace(db, facts, { now: now(), newId, randomBytes });
  const admin = (await findMember(db, scope, adminId)) ?? expect.fail("gone");
  return { scope, admin };
}

const add = (scope: WorkspaceScope, wish: typeof WISH | undefined = undefined) => ({
  project: (grants: readonly Grant[] = []) => {
    const project = draftProject(scope, {
      id: readProjectId(newId()),
      slug: newId().slice(-8),
      name: "R",
      createdAt: now(),
    });
    return addProject(db, scope, project, { wish, grants, scribe: scribeAt() });
  },
  group: () => addGroup(db, scope, { id: readGroupId(newId()), name: newId() }, wish, scribeAt()),
  member: (seen: Member | null = null) => {
    const facts = {
      id: readMemberId(newId()),
      email: seen?.email ?? `${newId()}@acme.test`,
      name: "",
      role: "editor",
    } as const;
    return inviteMember(db, scope, { ...facts, seen }, secretText(randomBytes(32)), scribeAt());
  },
  token: (memberId: MemberId | null = null) => {
    const id = readTokenId(newId());
    const facts = { id, name: "N", memberId, mode: "read", projects: null, createdAt: now(), expiresAt: null } as const;
    return addToken(db, scope, facts, tokenText(randomBytes(32)), { wish, scribe: scribeAt() });
  },
});

const addHook = (scope: WorkspaceScope, wish: typeof WISH | undefined = undefined) =>
  addWebhook(db, scope, draftWebhook(), "s2", { wish, scribe: scribeAt() });

const countOf = async (table: string, scope: WorkspaceScope): Promise<number> =>
  (await db
    .prepare(`SELECT count(*) AS rows FROM ${table} WHERE workspace_id = ?1`)
    .bind(scope.workspaceId)
    .first<number>("rows")) ?? 0;

describe("a workspace that was deleted a moment ago", () => {
  const makeBuried = async () => {
    const made = await makeWorkspace();
    await buryWorkspace(db, made.scope, "Acme", scribeAt());
    return made;
  };

  it.each([
    ["projects", (scope: WorkspaceScope) => add(scope, WISH).project()],
    ["groups", (scope: WorkspaceScope) => add(scope, WISH).group()],
    ["members", (scope: WorkspaceScope) => add(scope).member()],
    ["tokens", (scope: WorkspaceScope) => add(scope, WISH).token()],
    ["webhooks", (scope: WorkspaceScope) => addHook(scope, WISH)],
  ] as const)("takes in no more %s, keeps no answer and writes nothing down", async (table, addOne) => {
    const { scope } = await makeBuried();
    const before = [await countOf(table, scope), await countOf("audit", scope)];
    expect(await addOne(scope)).toMatchObject({ ok: false, error: { code: "not_found" } });
    expect([await countOf(table, scope), await countOf("audit", scope)]).toEqual(before);
    expect(await answerGiven(db, scope, WISH, now())).toEqual({ ok: true, value: null });
  });

  it("takes nobody into a group", async () => {
    const { scope, admin } = await makeWorkspace();
    const group = { id: readGroupId(newId()), name: "G", size: 0, createdAt: 0, updatedAt: 0 };
    await addGroup(db, scope, group, undefined, scribeAt());
    await buryWorkspace(db, scope, "Acme", scribeAt());
    expect((await joinGroup(db, scope, group, admin, scribeAt())).ok).toBe(false);
  });

  it("has no more entries in its audit, whatever tells of an act", async () => {
    const { scope } = await makeBuried();
    const before = await countOf("audit", scope);
    const entry = { act: "alarm.repaired", target: { kind: "project", id: "p" } } as const;
    await recordEntries(db, scope, [{ scribe: scribeAt(), entry }]);
    await entriesWhere(db, scope, [{ scribe: scribeAt(), entry }], "true").run();
    expect(await countOf("audit", scope)).toBe(before);
  });
});

describe("a grant", () => {
  it("is made for a living project alone", async () => {
    const { scope, admin } = await makeWorkspace();
    const project = draftProject(scope, { id: readProjectId(newId()), slug: "r", name: "R", createdAt: now() });
    await addProject(db, scope, project, { wish: undefined, grants: [], scribe: scribeAt() });
    await deleteProject(db, scope, project, scribeAt());
    const grant: Grant = { grantee: { kind: "user", id: admin.id }, access: "can_view" };
    await keepGrants(db, project.scope, [grant], scribeAt()).run();
    expect(await countOf("grants", scope)).toBe(0);
    expect(await changeShare(db, scope, project, grant, scribeAt())).toMatchObject({
      ok: false,
      error: { code: "not_found", what: "project" },
    });
  });

  it("is made to those whom the workspace has", async () => {
    const [{ scope }, other] = [await makeWorkspace(), await makeWorkspace()];
    const project = draftProject(scope, { id: readProjectId(newId()), slug: "r", name: "R", createdAt: now() });
    await addProject(db, scope, project, { wish: undefined, grants: [], scribe: scribeAt() });
    const strangers: readonly Grant["grantee"][] = [
      { kind: "user", id: other.admin.id },
      { kind: "user", id: readMemberId(newId()) },
      { kind: "group", id: readGroupId(newId()) },
    ];
    for (const grantee of strangers) {
      const answer = await changeShare(db, scope, project, { grantee, access: "can_view" }, scribeAt());
      expect(answer).toMatchObject({ ok: false, error: { code: "not_found" } });
    }
    expect(await countOf("grants", scope)).toBe(0);
  });
});

describe("a token that acts as somebody", () => {
  it("is made for an active member alone", async () => {
    const { scope, admin } = await makeWorkspace();
    await db.prepare("UPDATE members SET state = 'deactivated', deactivated_at = 1 WHERE id = ?1").bind(admin.id).run();
    expect(await add(scope).token(admin.id)).toMatchObject({ ok: false, error: { code: "not_found", what: "member" } });
  });
});

describe("a group that is gone", () => {
  it("is not renamed", async () => {
    const { scope } = await makeWorkspace();
    const group = { id: readGroupId(newId()), name: "G", size: 0, createdAt: 0, updatedAt: 0 };
    expect(await renameGroup(db, scope, group, "H", scribeAt())).toMatchObject({
      ok: false,
      error: { code: "not_found", what: "group" },
    });
  });
});

/** Statements that fill a workspace, `?2` rows of them; `?1` is the workspace, `?3` a member. Ids are told apart by the start. */
const NUMBERS = "WITH RECURSIVE number (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < ?2)";
const FILL: Readonly<Record<WorkspaceLimit, string>> = {
  projects: `${NUMBERS} INSERT INTO projects (id, workspace_id, slug, name, created_at, updated_at)
    SELECT ?1 || i, ?1, 's' || i, 'P', 1, 1 FROM number WHERE ?3 IS NOT NULL`,
  members: `${NUMBERS} INSERT INTO members (id, workspace_id, email, role, state, created_at, updated_at)
    SELECT ?1 || i, ?1, i || '@full.test', 'guest', 'invited', 1, 1 FROM number WHERE ?3 IS NOT NULL`,
  groups: `${NUMBERS} INSERT INTO groups (id, workspace_id, name, created_at, updated_at)
    SELECT ?1 || i, ?1, 'g' || i, 1, 1 FROM number WHERE ?3 IS NOT NULL`,
  tokens: `${NUMBERS} INSERT INTO tokens (id, workspace_id, name, hash, created_at)
    SELECT ?1 || i, ?1, 'T', substr(replace(?1, '-', '') || printf('%064d', i), -64), 1 FROM number WHERE ?3 IS NOT NULL`,
  webhooks: `${NUMBERS}
    INSERT INTO webhooks (id, workspace_id, name, url, events, signatures, secret, state, created_at, updated_at)
    SELECT ?1 || i, ?1, 'W', 'https://example.com/', '[]', 'v1', 's2', 'enabled', 1, 1
    FROM number WHERE ?3 IS NOT NULL`,
  personal_tokens: `${NUMBERS} INSERT INTO tokens (id, workspace_id, name, hash, created_at, member_id)
    SELECT ?1 || i, ?1, 'T', substr(?3 || hex(randomblob(32)), -64), 1, ?3 FROM number`,
};
/** What already lives there: the first admin, and the first token, which is not personal. */
const THERE: Readonly<Record<WorkspaceLimit, number>> = {
  projects: 0,
  members: 1,
  groups: 0,
  tokens: 1,
  webhooks: 0,
  personal_tokens: 0,
};

const FREE: Readonly<Record<WorkspaceLimit, string>> = {
  projects: "UPDATE projects SET deleted_at = 1 WHERE id = ?1 || 1",
  members: "UPDATE members SET state = 'deactivated', deactivated_at = 1 WHERE id = ?1 || 1",
  groups: "DELETE FROM groups WHERE id = ?1 || 1",
  tokens: "UPDATE tokens SET expires_at = 2 WHERE id = ?1 || 1",
  webhooks: "DELETE FROM webhooks WHERE id = ?1 || 1",
  personal_tokens: "UPDATE tokens SET revoked_at = 2 WHERE id = ?1 || 1",
};

describe.each(Object.keys(FILL) as WorkspaceLimit[])("the limit %s", (limit) => {
  const addOne = (scope: WorkspaceScope, member: MemberId) => {
    const { project, member: invite, group, token } = add(scope);
    return {
      projects: project,
      members: invite,
      groups: group,
      tokens: token,
      webhooks: () => addHook(scope),
      personal_tokens: () => token(member),
    }[limit]();
  };

  it("is kept, and what is no more makes room", async () => {
    const { scope, admin } = await makeWorkspace();
    const [allowed, id] = [WORKSPACE_LIMITS[limit], scope.workspaceId];
    await db
      .prepare(FILL[limit])
      .bind(id, allowed - THERE[limit], admin.id)
      .run();
    const refused = { ok: false, error: { code: "limit_reached", limit, allowed, used: allowed + 1 } };
    expect(await addOne(scope, admin.id)).toEqual(refused);
    await db.prepare(FREE[limit]).bind(id).run();
    expect((await addOne(scope, admin.id)).ok).toBe(true);
    expect(await addOne(scope, admin.id)).toEqual(refused);
  });
});

it("a full workspace lets nobody back in who was deactivated", async () => {
  const { scope, admin } = await makeWorkspace();
  await db
    .prepare(FILL.members)
    .bind(scope.workspaceId, WORKSPACE_LIMITS.members - 1, admin.id)
    .run();
  const gone = { ...admin, state: "deactivated", joinedAt: 1 } as const;
  expect(await reactivateMember(db, scope, gone, scribeAt())).toMatchObject({
    ok: false,
    error: { code: "limit_reached", limit: "members" },
  });
});
