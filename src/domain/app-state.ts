/** Makes views: the state that everybody sees, and the state of one run. Pure. */

import type { AppNotice, AppSection, AppView, RunStamp } from "./app-view.ts";
import { readBlocks } from "./blocks/read-blocks.ts";
import { isFinal, type Run, type RunError } from "./run.ts";
import type { OutputItem } from "./run-output.ts";

/** What the latest good run of the whole project left, or with `fn` one of a function by itself. */
export interface CachedPart {
  readonly fn: string | null;
  readonly stamp: RunStamp;
  /** Null: it is no longer kept. */
  readonly items: readonly OutputItem[] | null;
}

/** Where, and in which zone. */
type Place = Pick<AppView, "project" | "timezone">;

const NAMES_SHOWN = 5;

/** The state that everybody sees. `parts`: the whole project first, then what was laid over it since. */
export function cachedView(
  place: Place,
  functions: readonly string[],
  parts: readonly CachedPart[],
  { rerun, opensWithRun }: Pick<AppView, "rerun" | "opensWithRun">,
): AppView {
  const latest = new Map(
    parts
      .map(whole)
      .flatMap(sectionsOf)
      .map((section) => [section.fn, section]),
  );
  const sections = functions.flatMap((fn) => latest.get(fn) ?? []);
  const isRunFirst = opensWithRun && functions.length > 0;
  return {
    ...place,
    state: isRunFirst ? "own" : sections.length === 0 ? "empty" : "cached",
    status: null,
    error: null,
    stamp: isRunFirst ? null : stampOf(sections),
    sections: isRunFirst ? [] : sections,
    notices: isRunFirst ? [RUNS_FIRST] : cachedNotices(functions, latest, parts),
    isPending: false,
    rerun: functions.length === 0 ? null : rerun,
    opensWithRun: isRunFirst,
    events: null,
    home: null,
  };
}

/** A function that ran by itself and left nothing shows that, and not what it had left before. */
const whole = (part: CachedPart): CachedPart =>
  part.fn === null || part.items?.length !== 0 ? part : { ...part, items: [{ fn: part.fn, value: null }] };

const sectionsOf = ({ stamp, items }: CachedPart): readonly AppSection[] =>
  (items ?? []).map(({ fn, value }) => ({ fn, stamp, blocks: readBlocks(value) }));

/** The stamp that most sections share; of several such the newest. */
function stampOf(sections: readonly AppSection[]): RunStamp | null {
  const shares = (stamp: RunStamp): number => sections.filter((one) => one.stamp.run === stamp.run).length;
  return sections
    .map(({ stamp }) => stamp)
    .reduce<RunStamp | null>((best, stamp) => {
      if (best === null) return stamp;
      const more = shares(stamp) - shares(best);
      return more > 0 || (more === 0 && stamp.scheduledFor > best.scheduledFor) ? stamp : best;
    }, null);
}

function cachedNotices(
  functions: readonly string[],
  latest: ReadonlyMap<string, AppSection>,
  parts: readonly CachedPart[],
): readonly AppNotice[] {
  if (functions.length === 0) return [NOTHING_PUBLISHED];
  const waiting = functions.filter((fn) => !latest.has(fn));
  if (parts.some(({ items }) => items === null)) return [NO_LONGER_KEPT];
  if (waiting.length === functions.length) return [NEVER_RAN];
  if (waiting.length === 0) return [];
  const more = waiting.length > NAMES_SHOWN ? ` and ${waiting.length - NAMES_SHOWN} more` : "";
  return [quiet(`No output yet: ${waiting.slice(0, NAMES_SHOWN).join(", ")}${more}.`)];
}

/** How one run is shown, and to whom. */
export interface RunViewOptions extends Pick<AppView, "rerun" | "events" | "home"> {
  readonly state: "historic" | "own";
  /** Where code threw: for those who may look into runs. */
  readonly showsStack: boolean;
}

/** The state of one run, as it was or as it comes to be. */
export function runView(
  place: Place,
  run: Run,
  /** Null: they are no longer kept. */
  items: readonly OutputItem[] | null,
  { showsStack, ...options }: RunViewOptions,
): AppView {
  const stamp = { run: run.id, scheduledFor: run.scheduledFor, finishedAt: run.finishedAt };
  const sections = sectionsOf({ fn: run.fn, stamp, items });
  return {
    ...place,
    ...options,
    status: run.status,
    error: run.error && errorOf(run.error),
    stamp,
    sections,
    notices: [
      ...(run.context === "logic" ? [draftNotice(run)] : []),
      ...statusNotices(run, showsStack),
      ...(items === null ? [NO_LONGER_KEPT] : []),
      ...(run.status === "succeeded" && items?.length === 0 ? [quiet("The run has left nothing to show.")] : []),
    ],
    isPending: isPending(run),
    opensWithRun: false,
  };
}

/** A run that waits for its retry has said what it had to: the retry is a run of its own. */
const isPending = ({ status }: Run): boolean => !isFinal(status) && status !== "pending_retry";

/** Without where it was thrown, which is for those who may look into runs. */
const errorOf = ({ reason, message, fn }: RunError): AppView["error"] => ({
  reason,
  message,
  ...(fn === undefined ? {} : { fn }),
});

const draftNotice = ({ version }: Run): AppNotice =>
  warn(`This is a preview: ${version === null ? "the version" : `version ${version}`} was run as a draft, by hand.`);

/** What the run's state means for what is seen. */
function statusNotices({ status, error, unrun, retryAt }: Run, showsStack: boolean): readonly AppNotice[] {
  if (status === "queued") return [quiet("The run waits to start.")];
  if (status === "running") return [quiet("The run goes on. This is what it has produced so far.")];
  if (status === "skipped" || status === "missed")
    return [warn(`The run was ${status}${unrun ? `: ${unrun.replaceAll("_", " ")}` : ""}. It never started.`)];
  if (status === "cancelled") return [warn("The run was cancelled. This is what it had produced until then.")];
  if (error === null) return [];
  const ended = status === "timed_out" ? "The run took too long" : "The run failed";
  const where = error.fn === undefined ? "" : ` in ${error.fn}`;
  const next = status === "pending_retry" || retryAt !== null ? " Another attempt follows it." : "";
  const notice = { tone: "wrong" as const, text: `${ended}${where}: ${error.message}${next}` };
  return [showsStack && error.stack !== undefined ? { ...notice, detail: error.stack } : notice];
}

const quiet = (text: string): AppNotice => ({ tone: "quiet", text });
const warn = (text: string): AppNotice => ({ tone: "warn", text });

const NOTHING_PUBLISHED = quiet(
  "Nothing is published yet. Publish a version, and what its functions return is shown here.",
);
const NEVER_RAN = quiet(
  "Nothing has run yet. Run the project now, or give it a schedule: its latest good output is shown here from then on.",
);
const NO_LONGER_KEPT = warn(
  "What the run produced is no longer kept: it was older than the workspace's plan keeps it.",
);
const RUNS_FIRST = quiet("This app runs anew for everybody who opens it.");
