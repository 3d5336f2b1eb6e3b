/** The run log in D1: one row for each finished run and each occurrence that never ran, written once, read by project. */
import type { ProjectScope } from "../domain/access.ts";
import type { RunId, ScheduleId } from "../domain/ids.ts";
import type { Run, RunContext, RunStatus } from "../domain/run.ts";

export interface RunLogFilter {
  readonly schedule?: ScheduleId | undefined;
  readonly status?: RunStatus | undefined;
  readonly context?: RunContext | undefined;
  readonly fn?: string | undefined;
}

export interface RunLog {
  /** Writes rows that are not there yet; safe to repeat. */
  record(scope: ProjectScope, runs: readonly Run[]): Promise<void>;
  /** Newest occurrence first; `before` is the id after which (downwards) the page begins. */
  list(
    scope: ProjectScope,
    filter: RunLogFilter,
    page: { limit: number; before?: RunId | undefined },
  ): Promise<readonly Run[]>;
  /** The latest of each of these schedules, at most so many of each, newest occurrence first. */
  latestOf(scope: ProjectScope, schedules: readonly ScheduleId[], count: number): Promise<readonly Run[]>;
  get(scope: ProjectScope, id: RunId): Promise<Run | null>;
  /** The origin run and its retries that have finished, by attempt. */
  chain(scope: ProjectScope, origin: RunId): Promise<readonly Run[]>;
}
