/** All that a deployment keeps of the ground, so that a test can say that nothing has changed. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { mintProjectScope, projectObjectName } from "../../../src/domain/access.ts";
import { readProjectId, readWorkspaceId } from "../../../src/domain/ids.ts";
import type { Ground } from "./ground.ts";

/** Changes by being looked at, or by the clock. */
const VOLATILE = new Set(["last_used_at", "wake_at", "sends"]);

const IN_WORKSPACE = "workspace_id = ?1";
const IN_DIRECTORY: Readonly<Record<string, string>> = {
  workspaces: "id = ?1",
  members: IN_WORKSPACE,
  groups: IN_WORKSPACE,
  group_members: "group_id IN (SELECT id FROM groups WHERE workspace_id = ?1)",
  grants: IN_WORKSPACE,
  tokens: IN_WORKSPACE,
  sessions: IN_WORKSPACE,
  // A link to sign in with is of an address and of no workspace.
  sign_in_links: "workspace_id = ?1 OR email IN (SELECT email FROM members WHERE workspace_id = ?1)",
  idempotency_answers: IN_WORKSPACE,
  webhooks: IN_WORKSPACE,
  unsubscriptions: IN_WORKSPACE,
  slack_connections: IN_WORKSPACE,
  slack_channels: IN_WORKSPACE,
  slack_links: IN_WORKSPACE,
  slack_states: IN_WORKSPACE,
  projects: IN_WORKSPACE,
  audit: IN_WORKSPACE,
};
const IN_ACTOR = ["settings", "schedules", "due", "runs", "versions"];

/** Everything that is kept of the ground's workspace, by table, and how many workspaces and operators there are at all. */
export async function everythingOf({ workspace, project }: Ground): Promise<Readonly<Record<string, string>>> {
  const scope = mintProjectScope(readWorkspaceId(workspace), readProjectId(project));
  const kept: Record<string, string> = {};
  const keep = (table: string, rows: readonly unknown[]): void => {
    kept[table] = JSON.stringify(rows, (name, value) => (VOLATILE.has(name) ? undefined : value));
  };
  const tables = Object.entries(IN_DIRECTORY);
  const found = await env.DIRECTORY.batch([
    ...tables.map(([table, where]) => env.DIRECTORY.prepare(`SELECT * FROM ${table} WHERE ${where}`).bind(workspace)),
    env.DIRECTORY.prepare(
      "SELECT (SELECT count(*) FROM workspaces) AS workspaces, (SELECT count(*) FROM operator_tokens) AS operators",
    ),
  ]);
  for (const [index, { results }] of found.entries()) keep(tables[index]?.[0] ?? "how many there are", results);
  const runs = env.RUNLOG.prepare("SELECT * FROM runs WHERE workspace_id = ?1 ORDER BY id").bind(workspace);
  keep("the run log", (await runs.all()).results);
  const captures = env.RUNLOG.prepare("SELECT * FROM captures WHERE workspace_id = ?1 ORDER BY run_id, format");
  keep("the captures", (await captures.bind(workspace).all()).results);
  const deliveries = env.RUNLOG.prepare("SELECT * FROM deliveries WHERE workspace_id = ?1 ORDER BY news_id, id");
  keep("the deliveries", (await deliveries.bind(workspace).all()).results);
  const { objects } = await env.ARTIFACTS.list({ prefix: `${workspace}/` });
  keep(
    "artifacts",
    objects.map(({ key, etag }) => [key, etag]),
  );
  await runInDurableObject(env.PROJECT.getByName(projectObjectName(scope)), (_, { storage }) => {
    for (const table of IN_ACTOR) keep(`the actor's ${table}`, storage.sql.exec(`SELECT * FROM ${table}`).toArray());
  });
  return kept;
}
