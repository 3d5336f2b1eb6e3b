/** A project's runs: those that live in the actor and those in the run log, as one list. */
import type { Page, PageRequest, RunFilter } from "../actor/rpc.ts";
import type { ProjectScope } from "../domain/access.ts";
import type { Failure } from "../domain/errors.ts";
import { type RunId, readRunId, type ScheduleId } from "../domain/ids.ts";
import { ok, type Result } from "../domain/result.ts";
import { isFinal, type Run } from "../domain/run.ts";
import type { RunLog } from "../runlog/runlog.ts";
import type { ProjectLine } from "./project-line.ts";

/** Where the runs of one project are. */
export interface RunSources {
  readonly scope: ProjectScope;
  readonly actor: ProjectLine;
  readonly log: RunLog;
}

/**
 * One page, newest occurrence first. The actor is asked first: a run that leaves it between the two questions is then in
 * both answers and shown once; the other way round it would be in neither.
 */
export async function listRuns(
  { scope, actor, log }: RunSources,
  filter: RunFilter,
  page: PageRequest,
): Promise<Result<Page<Run>, Failure>> {
  const before = page.after === undefined ? undefined : readRunId(page.after);
  const slice = { limit: page.limit + 1, before };
  const live = await actor.repeatable((project) => project.liveRuns(filter, slice));
  if (!live.ok) return live;
  const isOnlyLive = filter.status !== undefined && !isFinal(filter.status);
  const logged = isOnlyLive ? [] : await log.list(scope, filter, slice);
  const merged = newestFirst([...live.value, ...logged]);
  const items = merged.slice(0, page.limit);
  return ok({ items, next: merged.length > page.limit ? (items.at(-1)?.id ?? null) : null });
}

/** More than are under way at once in most projects; of others a schedule's newest may be missing for a moment. */
const LIVE_MAX = 500;

/** The latest runs of each of these schedules, newest first. */
export async function latestRunsOf(
  { scope, actor, log }: RunSources,
  schedules: readonly ScheduleId[],
  count: number,
): Promise<Result<ReadonlyMap<ScheduleId, readonly Run[]>, Failure>> {
  const live = await actor.repeatable((project) => project.liveRuns({}, { limit: LIVE_MAX }));
  if (!live.ok) return live;
  const all = newestFirst([...live.value, ...(await log.latestOf(scope, schedules, count))]);
  const runsOf = (id: ScheduleId) => all.filter(({ scheduleId }) => scheduleId === id).slice(0, count);
  return ok(new Map(schedules.map((id) => [id, runsOf(id)])));
}

/** A run, wherever it is. */
export async function findRun({ scope, actor, log }: RunSources, id: RunId): Promise<Result<Run, Failure>> {
  const live = await actor.repeatable((project) => project.run(id));
  if (live.ok || live.error.code !== "not_found") return live;
  const logged = await log.get(scope, id);
  return logged === null ? live : ok(logged);
}

/** More than the retries that any deployment allows. */
const CHAIN_MAX = 1_000;

/** Every attempt of the run's chain, the first one first. */
export async function chainOf({ scope, actor, log }: RunSources, run: Run): Promise<Result<readonly Run[], Failure>> {
  const origin = run.originRunId ?? run.id;
  const filter = { schedule: run.scheduleId ?? undefined, origin };
  const live = await actor.repeatable((project) => project.liveRuns(filter, { limit: CHAIN_MAX }));
  if (!live.ok) return live;
  const logged = await log.chain(scope, origin);
  return ok([...newestFirst([run, ...live.value, ...logged])].sort((one, other) => one.attempt - other.attempt));
}

/** Each run once, in the state that was read first. */
function newestFirst(runs: readonly Run[]): readonly Run[] {
  const byId = new Map<RunId, Run>();
  for (const run of runs) if (!byId.has(run.id)) byId.set(run.id, run);
  return [...byId.values()].sort((one, other) => (one.id < other.id ? 1 : -1));
}
