/** Runs of one project, wherever they are. The actor is asked first: a run that leaves it meanwhile is then in the log. */
import { reachProject } from "../actor/reach.ts";
import type { ProjectScope } from "../domain/access.ts";
import type { RunId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Run } from "../domain/run.ts";
import type { Env } from "../env.ts";
import { D1RunLog } from "../runlog/d1-runlog.ts";

type Where = Pick<Env, "PROJECT" | "RUNLOG">;

/** More attempts than any deployment allows. */
const CHAIN_MAX = 1_000;

/** The run; null when there is none, or when its time was up. */
export async function findRun(env: Where, scope: ProjectScope, id: RunId): Promise<Run | null> {
  const live = await reachProject(env, scope).run(id);
  return live.ok ? live.value : new D1RunLog(env.RUNLOG).get(scope, id);
}

/** Every attempt of the run's chain, the first one first. */
export async function chainOf(env: Where, scope: ProjectScope, run: Run): Promise<readonly Run[]> {
  const origin = run.originRunId ?? run.id;
  const filter = { schedule: run.scheduleId ?? undefined, origin };
  const live = runsOf(await reachProject(env, scope).liveRuns(filter, { limit: CHAIN_MAX }));
  const logged = await new D1RunLog(env.RUNLOG).chain(scope, origin);
  return [...once([run, ...live, ...logged])].sort((one, other) => one.attempt - other.attempt);
}

/** The latest runs, newest occurrence first. */
export async function latestRuns(env: Where, scope: ProjectScope, limit: number): Promise<readonly Run[]> {
  const live = runsOf(await reachProject(env, scope).liveRuns({}, { limit }));
  const logged = await new D1RunLog(env.RUNLOG).list(scope, {}, { limit });
  return [...once([...live, ...logged])].sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, limit);
}

/** A project that answers nothing is on its way out. */
const runsOf = (answer: Result<readonly Run[], unknown>): readonly Run[] => (answer.ok ? answer.value : []);

/** Each run once, in the state that was read first. */
function once(runs: readonly Run[]): readonly Run[] {
  const byId = new Map<RunId, Run>();
  for (const run of runs) if (!byId.has(run.id)) byId.set(run.id, run);
  return [...byId.values()];
}
