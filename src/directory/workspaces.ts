/** Workspaces: the tenants. */
import { mintWorkspaceScope, type WorkspaceScope } from "../domain/access.ts";
import type { WorkspaceId } from "../domain/ids.ts";
import type { PlanName } from "../domain/plan.ts";
import type { Instant } from "../domain/time/instant.ts";

/** A workspace that is being made. */
export interface NewWorkspace {
  readonly id: WorkspaceId;
  readonly name: string;
  readonly plan: PlanName;
  readonly createdAt: Instant;
}

/** Makes a workspace; the same id again changes nothing. */
export async function addWorkspace(db: D1Database, workspace: NewWorkspace): Promise<WorkspaceScope> {
  await db
    .prepare("INSERT INTO workspaces (id, name, plan, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO NOTHING")
    .bind(workspace.id, workspace.name, workspace.plan, workspace.createdAt)
    .run();
  return mintWorkspaceScope(workspace.id);
}
