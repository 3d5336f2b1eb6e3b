/**
 * What the endpoints of a workspace ask for, summed up in `workspaces.subscribed`: `{"run.failed": null, "run.succeeded":
 * ["<project>"]}`, where null stands for all projects. Projects are told their part of it, and announce nothing that nobody
 * asked for.
 */
import type { WorkspaceScope } from "../domain/access.ts";
import { type ProjectId, readProjectId } from "../domain/ids.ts";
import type { WebhookEvent } from "../domain/news/news.ts";
import { readWebhookEvents } from "../domain/news/webhook.ts";

/** SQL: whether an entry of `subscribed` is for the project. */
const isFor = (project: string): string =>
  `(asked.type = 'null' OR EXISTS (SELECT 1 FROM json_each(asked.value) AS held WHERE held.value = ${project}))`;

/** SQL for rows of `projects` with their `workspaces`: the events that some endpoint asks for from the project, as a list. */
export const EVENTS_OF_PROJECT = `SELECT json_group_array(asked.key)
  FROM json_each(workspaces.subscribed) AS asked
  WHERE ${isFor("projects.id")}`;

/** What some enabled endpoint of the workspace asks for from this project. Of one that is still to be made: from all. */
export async function subscribedEvents(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  project: ProjectId,
): Promise<readonly WebhookEvent[]> {
  const row = await db
    .prepare(
      `SELECT json_group_array(asked.key) AS events
       FROM workspaces, json_each(workspaces.subscribed) AS asked
       WHERE workspaces.id = ?1 AND ${isFor("?2")}`,
    )
    .bind(workspaceId, project)
    .first<{ readonly events: string }>();
  return row === null ? [] : readWebhookEvents(row.events);
}

/** The same for the oldest living projects of the workspace, by their ids. */
export async function subscribedEventsByProject(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  limit: number,
): Promise<ReadonlyMap<ProjectId, readonly WebhookEvent[]>> {
  const { results } = await db
    .prepare(
      `SELECT projects.id, (${EVENTS_OF_PROJECT}) AS events
       FROM projects JOIN workspaces ON workspaces.id = projects.workspace_id
       WHERE projects.workspace_id = ?1 AND projects.deleted_at IS NULL
       ORDER BY projects.id
       LIMIT ?2`,
    )
    .bind(workspaceId, limit)
    .all<{ readonly id: string; readonly events: string }>();
  return new Map(results.map(({ id, events }) => [readProjectId(id), readWebhookEvents(events)]));
}

/** An endpoint that is limited to projects has one row for each, any other one with null. */
const SUM = `
  SELECT json_group_object(event, json(projects))
  FROM (
    SELECT event, CASE WHEN count(*) > count(project) THEN 'null' ELSE json_group_array(project) END AS projects
    FROM (
      SELECT DISTINCT asked.value AS event, held.value AS project
      FROM webhooks
      JOIN json_each(webhooks.events) AS asked
      LEFT JOIN json_each(webhooks.projects) AS held
      WHERE webhooks.workspace_id = ?1 AND webhooks.state = 'enabled'
      ORDER BY event, project
    )
    GROUP BY event
  )`;

/**
 * The statement that sums up anew, for the batch of whatever changes endpoints, behind it. It changes a row only if the
 * sum is another one, and then counts it: what a project is told of its workspace is ordered by that number.
 */
export const sumUpSubscriptions = (db: D1Database, { workspaceId }: WorkspaceScope): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE workspaces SET subscribed = summed.subscribed, plan_order = plan_order + 1
       FROM (SELECT (${SUM}) AS subscribed) AS summed
       WHERE workspaces.id = ?1 AND workspaces.subscribed <> summed.subscribed`,
    )
    .bind(workspaceId);
