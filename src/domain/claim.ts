/** A run on its way: the message that names it, and what an executor gets when it claims it. Types only; pure. */
import type { CodeBundle, FunctionSpec } from "./function.ts";
import type { ProjectId, RunId, ScheduleId, WorkspaceId } from "./ids.ts";
import type { Json } from "./json.ts";
import type { RunFacts } from "./run.ts";
import type { Milliseconds } from "./time/instant.ts";

/** A message of the `runs` queue. */
export interface RunRef {
  readonly workspace: WorkspaceId;
  readonly project: ProjectId;
  readonly schedule: ScheduleId | null;
  readonly run: RunId;
}

/** What names a run inside its project. */
export type RunKey = Pick<RunRef, "schedule" | "run">;

/** A claimed run with all that is needed to call its function. */
export interface Claim {
  readonly ref: RunRef;
  readonly facts: RunFacts;
  readonly args: Json | null;
  /** The one function of the run, or for a run of the whole project all of the version's, in their order. */
  readonly functions: readonly FunctionSpec[];
  readonly whole: boolean;
  /** The modules that the version's code functions are in. */
  readonly code: CodeBundle | null;
  /** For the whole run. */
  readonly timeout: Milliseconds;
  /** Where this deployment was reached when the version was published; null when nobody said. */
  readonly origin: string | null;
  readonly secretGeneration: number;
  readonly previousSecretValid: boolean;
}
