/**
 * Who may see what. Pure. A scope is a proof: a store takes one and nothing else, so there is no way to name a row of
 * another workspace. It is minted where somebody was recognised (the directory, a run token), where an actor speaks of
 * itself, and where a queue brings back what an actor had sent; `test/architecture.test.ts` names the files and holds them.
 */
import type { ProjectId, WorkspaceId } from "./ids.ts";

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

/** The name of a project's actor, and the prefix of its keys elsewhere. */
export const projectObjectName = (scope: ProjectScope): string => `${scope.workspaceId}:${scope.projectId}`;
