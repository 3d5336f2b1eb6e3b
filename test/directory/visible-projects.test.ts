/** The list of projects is made by SQL, access to one by the domain: for any grants they agree. */
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import type { Caller } from "../../src/directory/callers.ts";
import { accessOf, forgetAccess } from "../../src/directory/grants.ts";
import { listPeopleAccess } from "../../src/directory/people-access.ts";
import { addProject, draftProject, listProjects } from "../../src/directory/projects.ts";
import { ACCESS_LEVELS, type Grant, ROLES, reaches, type WorkspaceScope } from "../../src/domain/access.ts";
import { type MemberId, readGroupId, readMemberId, readProjectId, readTokenId } from "../../src/domain/ids.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { scribeAt } from "../support/scribe.ts";

const db = env.DIRECTORY;

const AnyWorld = fc.record({
  role: fc.constantFrom(...ROLES),
  /** Whether the member is in the first and in the second group. */
  isIn: fc.tuple(fc.boolean(), fc.boolean()),
  /** For each project: what it gives to the member, to somebody else, to the two groups, to the workspace. */
  projects: fc.array(fc.tuple(...[1, 2, 3, 4, 5].map(() => fc.option(fc.constantFrom(...ACCESS_LEVELS)))), {
    minLength: 1,
    maxLength: 4,
  }),
  isHeldToFirst: fc.boolean(),
});
type World = typeof AnyWorld extends fc.Arbitrary<infer Value> ? Value : never;

async function build({ role, isIn, projects, isHeldToFirst }: World) {
  const facts = { name: "Acme", plan: "team", email: "ada@acme.test" } as const;
  const { scope } = await foundWorkspace(db, facts, { now: now(), newId, randomBytes });
  const [member, other] = [readMemberId(newId()), readMemberId(newId())];
  const groups = [readGroupId(newId()), readGroupId(newId())];
  await db.batch([
    ...[member, other].map((id) => insertMember(scope, id, id === member ? role : "editor")),
    ...groups.map((id) =>
      db
        .prepare("INSERT INTO groups (id, workspace_id, name, created_at, updated_at) VALUES (?1, ?2, ?1, 1, 1)")
        .bind(id, scope.workspaceId),
    ),
    ...groups
      .filter((_, index) => isIn[index])
      .map((id) => db.prepare("INSERT INTO group_members (group_id, member_id) VALUES (?1, ?2)").bind(id, member)),
  ]);
  const grantees: readonly Grant["grantee"][] = [
    { kind: "user", id: member },
    { kind: "user", id: other },
    ...groups.map((id) => ({ kind: "group", id }) as const),
    { kind: "workspace" },
  ];
  const made = await Promise.all(
    projects.map(async (levels, index) => {
      const id = readProjectId(newId());
      const project = draftProject(scope, { id, slug: `p${index}`, name: "P", createdAt: now() });
      const grants = grantees.flatMap((grantee, at) => {
        const access = levels[at] ?? null;
        return access === null ? [] : [{ grantee, access }];
      });
      await addProject(db, scope, project, { wish: undefined, grants, scribe: scribeAt() });
      return project;
    }),
  );
  const tokenId = readTokenId(newId());
  const held = made.slice(0, 1).map(({ id }) => id);
  const caller: Caller = {
    scope,
    plan: "team",
    doer: { kind: "token", id: tokenId, name: "token" },
    credential: { kind: "token", id: tokenId },
    memberId: member,
    role,
    mode: "read",
    projects: isHeldToFirst ? held : null,
    expiresAt: null,
  };
  return { caller, made, member, scope };
}

const insertMember = ({ workspaceId }: WorkspaceScope, id: MemberId, role: string) =>
  db
    .prepare(
      `INSERT INTO members (id, workspace_id, email, role, state, created_at, updated_at, joined_at)
       VALUES (?1, ?2, ?3, ?4, 'active', 1, 1, 1)`,
    )
    .bind(id, workspaceId, `${id}@acme.test`, role);

it("the list shows just the projects that one has access to, and with that access", async () => {
  await fc.assert(
    fc.asyncProperty(AnyWorld, async (world) => {
      const { caller, made } = await build(world);
      forgetAccess(db, {});
      const expected = new Map<string, string>();
      for (const { id } of made) {
        const { access } = await accessOf(db, caller, id, { now: now() });
        if (reaches(access, "app_only")) expected.set(id, access);
      }
      const listed = await listProjects(db, caller, {}, { limit: 100 });
      expect(new Map(listed.map(({ id, access }) => [id, access]))).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

it("access that a remembered role came to is not that of the role of now", async () => {
  const world = {
    role: "editor",
    isIn: [false, false],
    projects: [["full_access", null, null, null, null]],
    isHeldToFirst: false,
  } as unknown as World;
  const { caller, made } = await build(world);
  const [id] = made.map((project) => project.id);
  const at = now();
  const accessAs = async (role: Caller["role"]) =>
    (await accessOf(db, { ...caller, role }, id ?? expect.fail("none"), { now: at })).access;
  expect(await accessAs("editor")).toBe("full_access");
  expect(await accessAs("viewer")).toBe("can_view");
});

it("what is told of a person is what that person has", async () => {
  await fc.assert(
    fc.asyncProperty(AnyWorld, async (world) => {
      const { caller, made, member, scope } = await build({ ...world, isHeldToFirst: false });
      for (const { id } of made) {
        const [told] = await listPeopleAccess(db, scope, id, { limit: 1, only: member });
        const { access, granted, cap, reason } = await accessOf(db, caller, id, { now: now() });
        expect(told?.found).toMatchObject({ access, granted, cap, reason });
      }
    }),
    { numRuns: 40 },
  );
});
