/**
 * The projects that the sweep looks after. It runs for the deployment and not for a caller, so it is the one reader that
 * goes across workspaces; what it gets are scopes, each of one project.
 */
import { mintProjectScope, type ProjectScope } from "../domain/access.ts";
import { readProjectId, readWorkspaceId } from "../domain/ids.ts";
import type { WebhookEvent } from "../domain/news/news.ts";
import { readWebhookEvents } from "../domain/news/webhook.ts";
import { type PlanName, readPlanName } from "../domain/plan.ts";
import { EVENTS_OF_PROJECT } from "./subscriptions.ts";

interface ScopeRow {
  readonly id: string;
  readonly workspace_id: string;
}

interface PlannedRow extends ScopeRow {
  readonly plan: string;
  readonly plan_order: number;
  readonly events: string;
}

/** A project, what its workspace bought, and what its endpoints ask for. */
export interface PlannedProject {
  readonly scope: ProjectScope;
  readonly plan: PlanName;
  /** Counts the workspace's changes of plan and of endpoints. */
  readonly planOrder: number;
  readonly events: readonly WebhookEvent[];
}

/** A page of the walk. */
export interface SweepPage {
  readonly limit: number;
  readonly after?: ProjectScope | undefined;
}

/** The directory as the sweep and the actors see it. */
export class ProjectRegistry {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /**
   * Notes whether a project has something to wake for. `order` counts up with each telling of the actor, so that one
   * that was delayed cannot undo a newer one.
   */
  async setActive(scope: ProjectScope, active: boolean, order: number): Promise<void> {
    await this.#db
      .prepare(
        `UPDATE projects SET active = ?3, active_order = ?4
         WHERE id = ?1 AND workspace_id = ?2 AND deleted_at IS NULL AND active_order < ?4`,
      )
      .bind(scope.projectId, scope.workspaceId, active ? 1 : 0, order)
      .run();
  }

  /** Living projects of living workspaces with active schedules, after the given one. */
  listActive(page: SweepPage): Promise<readonly PlannedProject[]> {
    const isLiving = "projects.deleted_at IS NULL AND workspaces.deleted_at IS NULL";
    return this.#list(`projects.active = 1 AND ${isLiving}`, page);
  }

  /** Every living project of a living workspace, after the given one: a daily visit makes up for a telling that was lost. */
  listAll(page: SweepPage): Promise<readonly PlannedProject[]> {
    return this.#list("projects.deleted_at IS NULL AND workspaces.deleted_at IS NULL", page);
  }

  /** Every project that may have rows in the run log, deleted ones until they are known to be empty. */
  listLogged(page: SweepPage): Promise<readonly PlannedProject[]> {
    return this.#list("projects.closed_at IS NULL", page);
  }

  async #list(condition: string, { after, limit }: SweepPage): Promise<readonly PlannedProject[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT projects.id, projects.workspace_id, workspaces.plan, workspaces.plan_order, (${EVENTS_OF_PROJECT}) AS events
         FROM projects JOIN workspaces ON workspaces.id = projects.workspace_id
         WHERE ${condition} AND projects.id > ?1
         ORDER BY projects.id
         LIMIT ?2`,
      )
      .bind(after?.projectId ?? "", limit)
      .all<PlannedRow>();
    return results.map(toPlanned);
  }
}

const toScope = (row: ScopeRow): ProjectScope =>
  mintProjectScope(readWorkspaceId(row.workspace_id), readProjectId(row.id));

const toPlanned = (row: PlannedRow): PlannedProject => ({
  scope: toScope(row),
  plan: readPlanName(row.plan),
  planOrder: row.plan_order,
  events: readWebhookEvents(row.events),
});
