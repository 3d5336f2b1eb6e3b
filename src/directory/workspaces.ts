/** Workspaces: their names and plans. */
import { mintWorkspaceScope, type WorkspaceScope } from "../domain/access.ts";
import type { Entry } from "../domain/audit.ts";
import { readWorkspaceId, type WorkspaceId } from "../domain/ids.ts";
import { type PlanName, readPlanName } from "../domain/plan.ts";
import type { Instant } from "../domain/time/instant.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { forgetWorkspace } from "./callers.ts";

/** A living workspace. */
export interface Workspace {
  readonly id: WorkspaceId;
  readonly scope: WorkspaceScope;
  readonly name: string;
  readonly plan: PlanName;
  /** Counts the changes of plan and of endpoints. */
  readonly planOrder: number;
  readonly createdAt: Instant;
}

interface WorkspaceRow {
  readonly id: string;
  readonly name: string;
  readonly plan: string;
  readonly plan_order: number;
  readonly created_at: number;
}

const COLUMNS = "id, name, plan, plan_order, created_at";

/** The workspace of the scope; null when it is deleted. */
export const findWorkspace = (db: D1Database, { workspaceId }: WorkspaceScope): Promise<Workspace | null> =>
  findWorkspaceById(db, workspaceId);

/** The workspace of that id, for whoever runs the deployment; null when there is none. */
export async function findWorkspaceById(db: D1Database, id: WorkspaceId): Promise<Workspace | null> {
  const row = await db
    .prepare(`SELECT ${COLUMNS} FROM workspaces WHERE id = ?1 AND deleted_at IS NULL`)
    .bind(id)
    .first<WorkspaceRow>();
  return row === null ? null : toWorkspace(row);
}

/** All workspaces of the deployment, oldest first, after the given one; for whoever runs it. */
export async function listWorkspaces(
  db: D1Database,
  page: { readonly limit: number; readonly after?: string | undefined },
): Promise<readonly Workspace[]> {
  const { results } = await db
    .prepare(`SELECT ${COLUMNS} FROM workspaces WHERE deleted_at IS NULL AND id > ?1 ORDER BY id LIMIT ?2`)
    .bind(page.after ?? "", page.limit)
    .all<WorkspaceRow>();
  return results.map(toWorkspace);
}

/** Gives a workspace another name. Null when it is gone. */
export const renameWorkspace = (
  db: D1Database,
  workspace: Workspace,
  name: string,
  scribe: Scribe,
): Promise<Workspace | null> =>
  name === workspace.name
    ? Promise.resolve(workspace)
    : change(db, workspace, { sql: "UPDATE workspaces SET name = ?2", value: name }, scribe, {
        act: "workspace.changed",
        target: targetOf({ ...workspace, name }),
        detail: { before: { name: workspace.name }, after: { name } },
      });

/** Gives a workspace another plan. Null when it is gone. */
export const changePlan = (
  db: D1Database,
  workspace: Workspace,
  plan: PlanName,
  scribe: Scribe,
): Promise<Workspace | null> =>
  plan === workspace.plan
    ? Promise.resolve(workspace)
    : change(
        db,
        workspace,
        { sql: "UPDATE workspaces SET plan = ?2, plan_order = plan_order + 1", value: plan },
        scribe,
        {
          act: "workspace.plan_changed",
          target: targetOf(workspace),
          detail: { before: { plan: workspace.plan }, after: { plan } },
        },
      );

/** One column alone, and the answer as the row is then: its name and its plan are changed by different people. */
async function change(
  db: D1Database,
  { scope }: Workspace,
  { sql, value }: { readonly sql: string; readonly value: string },
  scribe: Scribe,
  entry: Entry,
): Promise<Workspace | null> {
  const [updated] = await db.batch<WorkspaceRow>([
    db.prepare(`${sql} WHERE id = ?1 AND deleted_at IS NULL RETURNING ${COLUMNS}`).bind(scope.workspaceId, value),
    entryIfDone(db, scope, scribe, entry),
  ]);
  forgetWorkspace(db, scope);
  const [row] = updated?.results ?? [];
  return row === undefined ? null : toWorkspace(row);
}

/** A workspace as the audit names it. */
export const targetOf = ({ id, name }: Pick<Workspace, "id" | "name">) => ({ kind: "workspace", id, name });

const toWorkspace = (row: WorkspaceRow): Workspace => {
  const id = readWorkspaceId(row.id);
  const plan = readPlanName(row.plan);
  const { name, plan_order: planOrder, created_at: createdAt } = row;
  return { id, scope: mintWorkspaceScope(id), name, plan, planOrder, createdAt };
};
