/** News as it was announced: kept as long as the run it is about, so that a delivery can be made again from it. */
import type { ProjectScope } from "../domain/access.ts";
import type { NewsId } from "../domain/ids.ts";
import type { News } from "../domain/news/news.ts";
import type { Instant } from "../domain/time/instant.ts";

/** The statement that keeps news. What is there already stays: the first telling counts. */
export const keepNews = (db: D1Database, scope: ProjectScope, news: News, now: Instant): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO news (workspace_id, project_id, id, event, schedule_id, body, created_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
       ON CONFLICT (workspace_id, project_id, id) DO NOTHING`,
    )
    .bind(
      scope.workspaceId,
      scope.projectId,
      news.id,
      news.event,
      news.schedule?.id ?? null,
      JSON.stringify(news),
      now,
    );

/** News that was announced; null when there is none, or when its time was up. */
export async function findNews(db: D1Database, scope: ProjectScope, id: NewsId): Promise<News | null> {
  const row = await db
    .prepare("SELECT body FROM news WHERE workspace_id = ?1 AND project_id = ?2 AND id = ?3")
    .bind(scope.workspaceId, scope.projectId, id)
    .first<{ readonly body: string }>();
  return row === null ? null : parseNews(row.body);
}

/** The body is what `keepNews` wrote. */
export const parseNews = (body: string): News => JSON.parse(body) as News;
