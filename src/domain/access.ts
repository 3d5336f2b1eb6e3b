/**
 * Who may see and do what. Pure.
 *
 * A scope is a proof: a store takes one and nothing else, so there is no way to name a row of another workspace. It is
 * minted where somebody was recognised (the directory, a run token), where an actor speaks of itself, and where a queue
 * brings back what an actor had sent; `test/architecture.test.ts` names the files and holds them.
 *
 * Within a workspace, effective access is the smaller of what a member's role allows and the largest grant that reaches
 * them.
 */
import type { GroupId, MemberId, ProjectId, WorkspaceId } from "./ids.ts";

declare const minted: unique symbol;

/** Everything in one workspace. */
export interface WorkspaceScope {
  readonly [minted]: "workspace";
  readonly workspaceId: WorkspaceId;
}

/** Everything in one project of one workspace. */
export interface ProjectScope {
  readonly [minted]: "project";
  readonly workspaceId: WorkspaceId;
  readonly projectId: ProjectId;
}

export const mintWorkspaceScope = (workspaceId: WorkspaceId): WorkspaceScope => ({ workspaceId }) as WorkspaceScope;

export const mintProjectScope = (workspaceId: WorkspaceId, projectId: ProjectId): ProjectScope =>
  ({ workspaceId, projectId }) as ProjectScope;

/** Whoever has proved a project has proved the workspace that it is in. */
export const workspaceOf = (scope: ProjectScope): WorkspaceScope => mintWorkspaceScope(scope.workspaceId);

/** The name of a project's actor, and the prefix of its keys elsewhere. */
export const projectObjectName = (scope: ProjectScope): string => `${scope.workspaceId}:${scope.projectId}`;

/** What one may do in a project; each level includes those before it. */
export const ACCESS_LEVELS = ["none", "app_only", "can_explore", "can_view", "can_edit", "full_access"] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** Throws for anything else: the database's CHECK lets only these in. */
export const readAccessLevel = (text: string): AccessLevel => readOneOf(ACCESS_LEVELS, text);

/** Whether a level is enough where another is needed. */
export const reaches = (access: AccessLevel, needed: AccessLevel): boolean =>
  ACCESS_LEVELS.indexOf(access) >= ACCESS_LEVELS.indexOf(needed);

export const smaller = (a: AccessLevel, b: AccessLevel): AccessLevel => (reaches(a, b) ? b : a);

/** What a member is in the workspace, the mightiest first. */
export const ROLES = ["admin", "manager", "editor", "explorer", "viewer", "guest"] as const;
export type Role = (typeof ROLES)[number];

/** Throws for anything else: the database's CHECK lets only these in. */
export const readRole = (text: string): Role => readOneOf(ROLES, text);

/** The most that a grant can give to somebody of a role. */
export const ROLE_CAPS: Readonly<Record<Role, AccessLevel>> = {
  admin: "full_access",
  manager: "full_access",
  editor: "full_access",
  explorer: "can_view",
  viewer: "can_view",
  guest: "can_view",
};

/** What a role lets one do in the workspace, whatever the projects grant. */
export const ABILITIES = [
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
] as const;
export type Ability = (typeof ABILITIES)[number];

export const ROLE_ABILITIES: Readonly<Record<Role, ReadonlySet<Ability>>> = {
  admin: new Set(ABILITIES),
  manager: new Set([
    "manage_members",
    "manage_groups",
    "read_usage",
    "create_projects",
    "create_tokens",
    "see_people",
  ] as const),
  editor: new Set(["read_usage", "create_projects", "create_tokens", "see_people"] as const),
  explorer: new Set(["create_tokens", "see_people"] as const),
  viewer: new Set(["see_people"] as const),
  guest: new Set(),
};

/** Whether somebody of a role may give, change or take away another role: only those below their own, admins all. */
export const mayManageRole = (own: Role, other: Role): boolean =>
  ROLE_ABILITIES[own].has("manage_members") && (own === "admin" || ROLES.indexOf(other) > ROLES.indexOf(own));

/** To whom a project is shared. */
export type Grantee =
  | { readonly kind: "user"; readonly id: MemberId }
  | { readonly kind: "group"; readonly id: GroupId }
  | { readonly kind: "workspace" };

export const GRANTEE_KINDS = ["user", "group", "workspace"] as const satisfies readonly Grantee["kind"][];

/** What a project gave to one grantee. */
export interface Grant {
  readonly grantee: Grantee;
  readonly access: AccessLevel;
}

/**
 * Why somebody's access is what it is: the grant as it stands, a grant lowered to what the role allows, no grant at all, or
 * for a guest none but the workspace's, which is not for guests.
 */
export const ACCESS_REASONS = ["granted", "lowered_by_role", "not_shared", "guests_need_their_own_share"] as const;
export type AccessReason = (typeof ACCESS_REASONS)[number];

/** Somebody's access to a project, with both numbers that it is the smaller of. */
export interface EffectiveAccess {
  readonly access: AccessLevel;
  readonly cap: AccessLevel;
  readonly granted: AccessLevel;
  /** The grant that gave the most; null when none reaches them. */
  readonly through: Grantee | null;
  readonly reason: AccessReason;
}

/** The access of somebody with a role whom these grants reach: their own, their groups', and the workspace's. */
export function effectiveAccess(role: Role, grants: readonly Grant[]): EffectiveAccess {
  const cap = ROLE_CAPS[role];
  const forThem = role === "guest" ? grants.filter(({ grantee }) => grantee.kind !== "workspace") : grants;
  const largest = largestOf(forThem);
  if (largest === undefined) {
    const isKeptOut = largestOf(grants) !== undefined;
    const reason = isKeptOut ? "guests_need_their_own_share" : "not_shared";
    return { access: "none", cap, granted: "none", through: null, reason };
  }
  const access = smaller(cap, largest.access);
  return {
    access,
    cap,
    granted: largest.access,
    through: largest.grantee,
    reason: access === largest.access ? "granted" : "lowered_by_role",
  };
}

function largestOf(grants: readonly Grant[]): Grant | undefined {
  const giving = grants.filter(({ access }) => access !== "none");
  return giving.reduce<Grant | undefined>(
    (best, grant) => (best === undefined || !reaches(best.access, grant.access) ? grant : best),
    undefined,
  );
}

function readOneOf<Value extends string>(values: readonly Value[], text: string): Value {
  const value = values.find((one) => one === text);
  if (value === undefined) throw new TypeError(`Not one of ${values.join(", ")}: ${JSON.stringify(text.slice(0, 60))}`);
  return value;
}
