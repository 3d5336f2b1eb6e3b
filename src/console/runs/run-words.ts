/** A run in words, the same as its news says them where there is news of it. */

import type { News } from "../../domain/news/news.ts";
import { explanation, type Fact, facts, headline, type Tone, toneOf } from "../../domain/news/wording.ts";
import type { RunStatus } from "../../domain/run.ts";
import type { RunAnswer } from "../answers/run.ts";

/** What a page says of a run. */
export interface RunWords {
  readonly title: string;
  readonly tone: Tone;
  /** Why it is so. */
  readonly lines: readonly string[];
  readonly facts: readonly Fact[];
}

interface Named {
  readonly name: string;
}

/** A run as its news told of it, for whoever got that and may see no more. */
export const wordsOfNews = (news: News, project: Named, timezone: string): RunWords => ({
  title: headline(news, project),
  tone: toneOf(news),
  lines: explanation(news, timezone),
  facts: facts(news, project, timezone),
});

/** `work in Reports`, or the project whose functions all ran. */
export const nameOfRun = ({ fn }: Pick<RunAnswer, "fn">, project: Named): string =>
  fn === null ? project.name : `${fn} in ${project.name}`;

/** `work in Reports failed`: the headline of its news. */
export function sayRunStatus(run: Pick<RunAnswer, "fn" | "status" | "count">, project: Named): string {
  const name = nameOfRun(run, project);
  return (run.status === "skipped" || run.status === "missed") && run.count > 1
    ? `${name} ${run.status} ${run.count} runs`
    : `${name} ${STATUS_WORDS[run.status]}`;
}

/** What a run does or did, after its name. */
export const STATUS_WORDS: Readonly<Record<RunStatus, string>> = {
  queued: "is queued",
  running: "is running",
  pending_retry: "failed, and is tried again",
  succeeded: "succeeded",
  failed: "failed",
  timed_out: "ran out of time",
  cancelled: "was cancelled",
  skipped: "was skipped",
  missed: "was missed",
};
