/** The app in the state of one run, wherever the run is and however far it has come. */
import { runView } from "../domain/app-state.ts";
import type { AppView } from "../domain/app-view.ts";
import type { Failure } from "../domain/errors.ts";
import type { RunId } from "../domain/ids.ts";
import { ok, type Result } from "../domain/result.ts";
import type { Run } from "../domain/run.ts";
import type { OutputItem } from "../domain/run-output.ts";
import { D1RunLog } from "../runlog/d1-runlog.ts";
import type { ProjectAsk } from "./door.ts";
import { findRun } from "./run-list.ts";
import { runOutputOf } from "./run-output.ts";

/** What is needed of a request to find a run and draw it. */
export type RunAsk = Pick<ProjectAsk<unknown, unknown, unknown>, "env" | "scope" | "actor" | "project">;

/** The run, live or from the log. */
export const runOf = ({ env, scope, actor }: RunAsk, id: RunId): Promise<Result<Run, Failure>> =>
  findRun({ scope, actor, log: new D1RunLog(env.RUNLOG) }, id);

/** Draws what the run has left so far. */
export async function viewOf(
  ask: RunAsk,
  run: Run,
  timezone: string,
  options: Parameters<typeof runView>[3],
): Promise<AppView> {
  const { id, name } = ask.project;
  return runView({ project: { id, name }, timezone }, run, await itemsOf(ask, run), options);
}

/** Null: they are no longer kept. */
async function itemsOf({ env, scope }: RunAsk, run: Run): Promise<readonly OutputItem[] | null> {
  const left = await runOutputOf(env, scope, run);
  return left.ok ? left.value.items : null;
}

/** The zone that the app shows times in. */
export async function timezoneOf({ actor }: RunAsk): Promise<Result<string, Failure>> {
  const settings = await actor.repeatable((project) => project.settings());
  return settings.ok ? ok(settings.value.timezone) : settings;
}
