/** The app's cached state: which runs feed it, and what it is made of. Called inside a transaction. */
import type { Output } from "../domain/run.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { AppFacts } from "./rpc.ts";
import type { LiveRun } from "./run-row.ts";
import type { ProjectState } from "./state.ts";

/** Everybody sees what scheduled runs and publications left. A run by hand, a draft's or a visitor's own changes nothing. */
const feedsApp = (run: LiveRun): boolean => run.context === "scheduled" || run.ofPublication;

/** Takes note of what a run left that succeeded. */
export function feedApp(state: ProjectState, run: LiveRun, output: Output | null, finishedAt: Instant): void {
  if (!feedsApp(run)) return;
  const { fn, id, scheduledFor } = run;
  state.app.note({ fn, run: id, scheduledFor, finishedAt, output });
}

/** What the app shows now. A function that the published version does not have any more shows nothing. */
export function appOf(state: ProjectState): AppFacts {
  const { appOpensWith, appUrl } = state.settings.read();
  const functions = state.versions.published()?.functions.map(({ name }) => name) ?? [];
  const items = state.app.items().filter(({ fn }) => fn === null || functions.includes(fn));
  return { opensWith: appOpensWith, url: appUrl, functions, items };
}
