/**
 * The watchdog and the daily housekeeping, called by cron triggers and so independent of the alarms that they look after.
 * One project that cannot be reached is reported and does not stop the walk.
 */
import { reachProject } from "../actor/reach.ts";
import { deleteArtifacts, deleteOutputs } from "../artifacts/artifacts.ts";
import { forgetExpiredAnswers } from "../directory/idempotency.ts";
import { ProjectRegistry } from "../directory/registry.ts";
import type { ProjectScope } from "../domain/access.ts";
import { PLANS } from "../domain/plan.ts";
import { DAY_MS } from "../domain/time/instant.ts";
import type { Env } from "../env.ts";
import { forgetRuns } from "../runlog/retention.ts";
import { now } from "../system.ts";

/** The daily trigger of wrangler.toml; every other one is the watchdog's. */
export const DAILY_CRON = "17 3 * * *";

const PAGE_SIZE = 500;
/** Projects visited at the same time. */
const AT_ONCE = 20;

export interface Swept {
  readonly visited: number;
  readonly repaired: number;
}

/** Looks after every project that has something to wake for, and finishes deletions that were cut short. */
export async function sweep(env: Env): Promise<Swept> {
  const registry = new ProjectRegistry(env.DIRECTORY);
  const swept = await visit(
    (after) => registry.listActive({ limit: PAGE_SIZE, after }),
    (scope) => checkUp(env, scope, false),
  );
  for (const scope of await registry.listToClose(PAGE_SIZE)) await closeForGood(env, registry, scope);
  if (swept.repaired > 0) console.warn({ event: "sweep_repaired", ...swept });
  return swept;
}

/** Once a day: every project, in case the directory was never told of one, and the retention of the run log. */
export async function sweepDaily(env: Env): Promise<Swept> {
  const registry = new ProjectRegistry(env.DIRECTORY);
  const swept = await visit(
    (after) => registry.listAll({ limit: PAGE_SIZE, after }),
    (scope) => checkUp(env, scope, true),
  );
  for (let after: ProjectScope | undefined; ; ) {
    const page = await registry.listPlans({ limit: PAGE_SIZE, after });
    for (const { scope, plan } of page) await retain(env, scope, PLANS[plan].retentionDays);
    after = page.at(-1)?.scope;
    if (page.length < PAGE_SIZE) break;
  }
  await forgetExpiredAnswers(env.DIRECTORY, now());
  return swept;
}

async function visit(
  list: (after: ProjectScope | undefined) => Promise<readonly ProjectScope[]>,
  call: (scope: ProjectScope) => Promise<boolean>,
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
    after = page.at(-1);
    if (page.length < PAGE_SIZE) return { visited, repaired };
  }
}

/** True when something had to be repaired. */
async function checkUp(env: Env, scope: ProjectScope, isDaily: boolean): Promise<boolean> {
  try {
    return (await reachProject(env, scope).checkUp(isDaily)).repaired;
  } catch (cause) {
    console.error({ event: "checkup_failed", project: scope.projectId, cause: String(cause) });
    return false;
  }
}

async function closeForGood(env: Env, registry: ProjectRegistry, scope: ProjectScope): Promise<void> {
  try {
    await reachProject(env, scope).close();
    await deleteArtifacts(env.ARTIFACTS, scope);
    await registry.markClosed(scope, now());
  } catch (cause) {
    console.error({ event: "closing_failed", project: scope.projectId, cause: String(cause) });
  }
}

async function retain(env: Env, scope: ProjectScope, days: number): Promise<void> {
  try {
    const before = now() - days * DAY_MS;
    await forgetRuns(env.RUNLOG, scope, before, (outputs) => deleteOutputs(env.ARTIFACTS, scope, outputs));
  } catch (cause) {
    console.error({ event: "retention_failed", project: scope.projectId, cause: String(cause) });
  }
}
