/** Who may do what: the whole table, row by row, so that a change of any of it is seen here. */
import { describe, expect, it } from "vitest";
import {
  ABILITIES,
  ACCESS_LEVELS,
  type AccessLevel,
  effectiveAccess,
  type Grant,
  mayManageRole,
  ROLE_ABILITIES,
  ROLES,
  type Role,
  reaches,
  readAccessLevel,
  readRole,
  smaller,
} from "../../src/domain/access.ts";
import { readGroupId, readMemberId } from "../../src/domain/ids.ts";

const ADA = readMemberId("01900000-0000-7000-8000-000000000001");
const FINANCE = readGroupId("01900000-0000-7000-8000-000000000002");

const toAda = (access: AccessLevel): Grant => ({ grantee: { kind: "user", id: ADA }, access });
const toFinance = (access: AccessLevel): Grant => ({ grantee: { kind: "group", id: FINANCE }, access });
const toAll = (access: AccessLevel): Grant => ({ grantee: { kind: "workspace" }, access });

/** Role, what was granted to them, what they have, the most their role allows, and why. */
const TABLE = [
  ["admin", "none", "none", "full_access", "not_shared"],
  ["admin", "app_only", "app_only", "full_access", "granted"],
  ["admin", "can_explore", "can_explore", "full_access", "granted"],
  ["admin", "can_view", "can_view", "full_access", "granted"],
  ["admin", "can_edit", "can_edit", "full_access", "granted"],
  ["admin", "full_access", "full_access", "full_access", "granted"],
  ["manager", "none", "none", "full_access", "not_shared"],
  ["manager", "app_only", "app_only", "full_access", "granted"],
  ["manager", "can_explore", "can_explore", "full_access", "granted"],
  ["manager", "can_view", "can_view", "full_access", "granted"],
  ["manager", "can_edit", "can_edit", "full_access", "granted"],
  ["manager", "full_access", "full_access", "full_access", "granted"],
  ["editor", "none", "none", "full_access", "not_shared"],
  ["editor", "app_only", "app_only", "full_access", "granted"],
  ["editor", "can_explore", "can_explore", "full_access", "granted"],
  ["editor", "can_view", "can_view", "full_access", "granted"],
  ["editor", "can_edit", "can_edit", "full_access", "granted"],
  ["editor", "full_access", "full_access", "full_access", "granted"],
  ["explorer", "none", "none", "can_view", "not_shared"],
  ["explorer", "app_only", "app_only", "can_view", "granted"],
  ["explorer", "can_explore", "can_explore", "can_view", "granted"],
  ["explorer", "can_view", "can_view", "can_view", "granted"],
  ["explorer", "can_edit", "can_view", "can_view", "lowered_by_role"],
  ["explorer", "full_access", "can_view", "can_view", "lowered_by_role"],
  ["viewer", "none", "none", "can_view", "not_shared"],
  ["viewer", "app_only", "app_only", "can_view", "granted"],
  ["viewer", "can_explore", "can_explore", "can_view", "granted"],
  ["viewer", "can_view", "can_view", "can_view", "granted"],
  ["viewer", "can_edit", "can_view", "can_view", "lowered_by_role"],
  ["viewer", "full_access", "can_view", "can_view", "lowered_by_role"],
  ["guest", "none", "none", "can_view", "not_shared"],
  ["guest", "app_only", "app_only", "can_view", "granted"],
  ["guest", "can_explore", "can_explore", "can_view", "granted"],
  ["guest", "can_view", "can_view", "can_view", "granted"],
  ["guest", "can_edit", "can_view", "can_view", "lowered_by_role"],
  ["guest", "full_access", "can_view", "can_view", "lowered_by_role"],
] as const;

describe("a grant to somebody", () => {
  it("is tabled for every role and every level", () => {
    const pairs = TABLE.map(([role, granted]) => `${role} ${granted}`);
    expect(pairs).toEqual(ROLES.flatMap((role) => ACCESS_LEVELS.map((level) => `${role} ${level}`)));
  });

  it.each(TABLE)("lets a %s who was given %s have %s", (role, granted, access, cap, reason) => {
    const through = granted === "none" ? null : { kind: "user", id: ADA };
    expect(effectiveAccess(role, [toAda(granted)])).toEqual({ access, cap, granted, through, reason });
  });
});

describe("of several grants", () => {
  it.each<readonly [readonly Grant[], AccessLevel, Grant["grantee"]["kind"]]>([
    [[toAda("can_view"), toFinance("can_edit"), toAll("app_only")], "can_edit", "group"],
    [[toAda("full_access"), toFinance("can_edit"), toAll("can_view")], "full_access", "user"],
    [[toAda("none"), toFinance("app_only"), toAll("can_explore")], "can_explore", "workspace"],
    [[toAda("none"), toFinance("none"), toAll("app_only")], "app_only", "workspace"],
    [[toAda("can_edit"), toFinance("can_edit")], "can_edit", "user"],
  ])("the largest counts: %j", (grants, access, kind) => {
    for (const order of [grants, [...grants].reverse()]) {
      expect(effectiveAccess("editor", order)).toMatchObject({ access, granted: access, reason: "granted" });
    }
    expect(effectiveAccess("editor", grants).through?.kind).toBe(kind);
  });

  it("a small one takes nothing away from a large one", () => {
    expect(effectiveAccess("editor", [toAda("none"), toFinance("can_edit")]).access).toBe("can_edit");
  });

  it("the largest is taken before the role lowers it, and both numbers are told", () => {
    expect(effectiveAccess("viewer", [toAda("app_only"), toFinance("full_access")])).toEqual({
      access: "can_view",
      cap: "can_view",
      granted: "full_access",
      through: { kind: "group", id: FINANCE },
      reason: "lowered_by_role",
    });
  });
});

describe("what is given to the whole workspace", () => {
  it.each([
    ["admin", "can_edit"],
    ["manager", "can_edit"],
    ["editor", "can_edit"],
    ["explorer", "can_view"],
    ["viewer", "can_view"],
    ["guest", "none"],
  ] as const)("makes can_edit for a %s %s", (role, access) => {
    expect(effectiveAccess(role, [toAll("can_edit")]).access).toBe(access);
  });

  it("is not for guests, and says so", () => {
    expect(effectiveAccess("guest", [toAll("can_view")])).toEqual({
      access: "none",
      cap: "can_view",
      granted: "none",
      through: null,
      reason: "guests_need_their_own_share",
    });
    expect(effectiveAccess("guest", [toAll("none")]).reason).toBe("not_shared");
    expect(effectiveAccess("guest", []).reason).toBe("not_shared");
  });

  it("does not add to what a guest has of their own or through a group", () => {
    expect(effectiveAccess("guest", [toAll("can_view"), toAda("app_only")]).access).toBe("app_only");
    expect(effectiveAccess("guest", [toAll("can_view"), toFinance("can_explore")]).access).toBe("can_explore");
  });
});

describe("levels", () => {
  it("include those before them, and no other", () => {
    const reached = ACCESS_LEVELS.map((level) => ACCESS_LEVELS.filter((needed) => reaches(level, needed)).length);
    expect(reached).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("are compared, not counted: the smaller of two is one of them", () => {
    expect(smaller("can_edit", "app_only")).toBe("app_only");
    expect(smaller("app_only", "can_edit")).toBe("app_only");
    expect(smaller("can_view", "can_view")).toBe("can_view");
  });

  it("and roles of another name are refused", () => {
    expect(readAccessLevel("can_edit")).toBe("can_edit");
    expect(readRole("guest")).toBe("guest");
    expect(() => readAccessLevel("owner")).toThrow(/Not one of none/);
    expect(() => readRole("owner")).toThrow(/Not one of admin/);
  });
});

/** Row by row whom a role manages, in the order of the roles: admin, manager, editor, explorer, viewer, guest. */
const MANAGED: readonly (readonly [Role, readonly boolean[]])[] = [
  ["admin", [true, true, true, true, true, true]],
  ["manager", [false, false, true, true, true, true]],
  ["editor", [false, false, false, false, false, false]],
  ["explorer", [false, false, false, false, false, false]],
  ["viewer", [false, false, false, false, false, false]],
  ["guest", [false, false, false, false, false, false]],
];

describe("managing members", () => {
  it.each(MANAGED)("as a %s reaches just the roles below", (own, managed) => {
    expect(ROLES.map((other) => mayManageRole(own, other))).toEqual(managed);
  });
});

/** Row by row what a role can do in the workspace. */
const ABLE: readonly (readonly [Role, readonly string[]])[] = [
  [
    "admin",
    [
      "manage_workspace",
      "manage_members",
      "manage_groups",
      "share_any_project",
      "manage_workspace_tokens",
      "read_audit",
      "read_usage",
      "create_projects",
      "create_tokens",
      "see_people",
    ],
  ],
  ["manager", ["manage_members", "manage_groups", "read_usage", "create_projects", "create_tokens", "see_people"]],
  ["editor", ["read_usage", "create_projects", "create_tokens", "see_people"]],
  ["explorer", ["create_tokens", "see_people"]],
  ["viewer", ["see_people"]],
  ["guest", []],
];

describe("abilities", () => {
  it.each(ABLE)("of a %s", (role, able) => {
    expect(ABILITIES.filter((ability) => ROLE_ABILITIES[role].has(ability))).toEqual(able);
  });

  it("of a role hold those of the roles below", () => {
    for (const [index, role] of ROLES.slice(0, -1).entries()) {
      const below = ROLES[index + 1] ?? "guest";
      for (const ability of ROLE_ABILITIES[below]) expect(ROLE_ABILITIES[role].has(ability)).toBe(true);
    }
  });
});
