/** Who calls: what a token or a session proves, and the short memory of those who proved it. */
import { type Ability, ROLE_ABILITIES, type Role, type WorkspaceScope } from "../domain/access.ts";
import type { Credential, Doer } from "../domain/audit.ts";
import type { MemberId, ProjectId } from "../domain/ids.ts";
import type { PlanName } from "../domain/plan.ts";
import type { Instant } from "../domain/time/instant.ts";
import { recallOf } from "./recall.ts";

/** An authenticated caller of the API or the console. */
export interface Caller {
  readonly scope: WorkspaceScope;
  readonly plan: PlanName;
  /** As the audit names them. */
  readonly doer: Extract<Doer, { kind: "member" | "token" }>;
  readonly credential: Credential;
  /** Who it is that acts; null for a workspace's own token, which acts as an admin. */
  readonly memberId: MemberId | null;
  readonly role: Role;
  readonly mode: "read" | "write";
  /** The projects that a token is held to; null: not held. */
  readonly projects: readonly ProjectId[] | null;
  /** A remembered caller must still be refused from here on. */
  readonly expiresAt: Instant | null;
}

/** Whether the caller may do it. A token that is held to projects does nothing to the workspace around them. */
export const isAble = (caller: Caller, ability: Ability): boolean =>
  caller.projects === null && ROLE_ABILITIES[caller.role].has(ability);

/** Callers by the hash of their token, or of their session's secret. */
export const callersOf = recallOf<Caller>();

/** Drops whoever proved themselves with this token or session. */
export const forgetCredential = (db: D1Database, id: Credential["id"]): void =>
  callersOf(db).drop(({ credential }) => credential.id === id);

/** Drops a member, however they proved themselves: their role or state has changed. */
export const forgetMember = (db: D1Database, id: MemberId): void =>
  callersOf(db).drop(({ memberId }) => memberId === id);

/** Drops everybody of a workspace: its plan has changed, or it is gone. */
export const forgetWorkspace = (db: D1Database, scope: WorkspaceScope): void =>
  callersOf(db).drop((caller) => caller.scope.workspaceId === scope.workspaceId);
