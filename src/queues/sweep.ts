/**
 * The watchdog and the daily housekeeping, called by cron triggers and so independent of the alarms that they look after.
 * One project that cannot be reached is reported and does not stop the walk.
 */
import { reachProject } from "../actor/reach.ts";
import type { Checkup } from "../actor/rpc.ts";
import { deleteOutputs } from "../artifacts/artifacts.ts";
import { deleteCaptures } from "../artifacts/captures.ts";
import { AUDIT_KEPT_MS, forgetEntries } from "../directory/audit-retention.ts";
import { forgetExpiredWaysIn } from "../directory/expired-ways-in.ts";
import { forgetExpiredAnswers } from "../directory/idempotency.ts";
import { type PlannedProject, ProjectRegistry } from "../directory/registry.ts";
import { listWorkspaces } from "../directory/workspaces.ts";
import type { ProjectScope } from "../domain/access.ts";
import { type Entry, planEntries } from "../domain/audit.ts";
import { PLANS } from "../domain/plan.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../domain/time/instant.ts";
import type { Env } from "../env.ts";
import { dayOf } from "../runlog/captures.ts";
import { forgetCaptures, forgetDeliveries, forgetRuns } from "../runlog/retention.ts";
import { forgetDays } from "../runlog/stale-captures.ts";
import { now } from "../system.ts";
import { orderCheck } from "./checking-recipients.ts";
import { finishDeletions } from "./emptying.ts";
import { orderDailySlackSyncs } from "./slack-channels.ts";
import { sweepCaptures } from "./sweeping-captures.ts";
import { sweepDeliveries } from "./sweeping-deliveries.ts";
import { recordSystemActs } from "./system-acts.ts";

/** The daily trigger of wrangler.toml; every other one is the watchdog's. */
export const DAILY_CRON = "17 3 * * *";

/** The other trigger of wrangler.toml. */
const WATCHED_EVERY_MS = 5 * MINUTE_MS;

const PAGE_SIZE = 500;
/** Projects visited at the same time. */
const AT_ONCE = 20;

export interface Swept {
  readonly visited: number;
  readonly repaired: number;
}

/**
 * Looks after every project that has something to wake for, and after captures and deliveries, and goes on with deletions.
 * Once an hour it also has the recipients of what is due soon looked at.
 */
export async function sweep(env: Env): Promise<Swept> {
  const registry = new ProjectRegistry(env.DIRECTORY);
  const looksAhead = now() % HOUR_MS < WATCHED_EVERY_MS;
  const swept = await visit(
    (after) => registry.listActive({ limit: PAGE_SIZE, after }),
    async (project) => {
      if (looksAhead) await orderCheck(env, project.scope);
      return checkUp(env, project, false);
    },
  );
  await sweepCaptures(env);
  await sweepDeliveries(env);
  await finishDeletions(env);
  if (swept.repaired > 0) console.warn({ event: "sweep_repaired", ...swept });
  return swept;
}

/** Once a day: every project, in case the directory was never told of one, and the retention of the run log. */
export async function sweepDaily(env: Env): Promise<Swept> {
  const registry = new ProjectRegistry(env.DIRECTORY);
  const swept = await visit(
    (after) => registry.listAll({ limit: PAGE_SIZE, after }),
    (project) => checkUp(env, project, true),
  );
  for (let after: ProjectScope | undefined; ; ) {
    const page = await registry.listLogged({ limit: PAGE_SIZE, after });
    for (const { scope, plan } of page) await retain(env, scope, PLANS[plan].retentionDays);
    after = page.at(-1)?.scope;
    if (page.length < PAGE_SIZE) break;
  }
  await orderDailySlackSyncs(env);
  await retainAudits(env);
  await forgetDays(env.RUNLOG, dayOf(now()));
  await forgetExpiredAnswers(env.DIRECTORY, now());
  await forgetExpiredWaysIn(env.DIRECTORY, now());
  return swept;
}

async function retainAudits({ DIRECTORY }: Env): Promise<void> {
  for (let after: string | undefined; ; ) {
    const page = await listWorkspaces(DIRECTORY, { limit: PAGE_SIZE, after });
    for (const { scope } of page) await forgetEntries(DIRECTORY, scope, now() - AUDIT_KEPT_MS);
    after = page.at(-1)?.id;
    if (page.length < PAGE_SIZE) return;
  }
}

async function visit(
  list: (after: ProjectScope | undefined) => Promise<readonly PlannedProject[]>,
  call: (project: PlannedProject) => Promise<boolean>,
): Promise<Swept> {
  let visited = 0;
  let repaired = 0;
  for (let after: ProjectScope | undefined; ; ) {
    const page = await list(after);
    for (let start = 0; start < page.length; start += AT_ONCE) {
      const repairs = await Promise.all(page.slice(start, start + AT_ONCE).map(call));
      repaired += repairs.filter(Boolean).length;
    }
    visited += page.length;
    after = page.at(-1)?.scope;
    if (page.length < PAGE_SIZE) return { visited, repaired };
  }
}

/** True when something had to be repaired. */
async function checkUp(
  env: Env,
  { scope, plan, planOrder, events }: PlannedProject,
  isDaily: boolean,
): Promise<boolean> {
  try {
    const found = await reachProject(env, scope).checkUp(isDaily, { plan, order: planOrder, events });
    await recordSystemActs(env, scope, entriesOf(scope, found));
    return found.repaired;
  } catch (cause) {
    console.error({ event: "checkup_failed", project: scope.projectId, cause: String(cause) });
    return false;
  }
}

/** What a visit did, as the audit says it. */
function entriesOf({ projectId: project }: ProjectScope, { repaired, ...change }: Checkup): readonly Entry[] {
  const alarm: Entry = { act: "alarm.repaired", target: { kind: "project", id: project }, project };
  return [...(repaired ? [alarm] : []), ...planEntries(project, change)];
}

async function retain(env: Env, scope: ProjectScope, days: number): Promise<void> {
  try {
    const before = now() - days * DAY_MS;
    // Before the runs: one that is still in the log can be captured, and told of again.
    await forgetDeliveries(env.RUNLOG, scope, before);
    await forgetCaptures(env.RUNLOG, scope, before, (runs) => deleteCaptures(env.ARTIFACTS, scope, runs));
    await forgetRuns(env.RUNLOG, scope, before, (outputs) => deleteOutputs(env.ARTIFACTS, scope, outputs));
  } catch (cause) {
    console.error({ event: "retention_failed", project: scope.projectId, cause: String(cause) });
  }
}
