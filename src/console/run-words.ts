/** A run in words, the same as its news says them where there is news of it. */
import { newsOfRun } from "../domain/ids.ts";
import { eventOf, type News, type NewsSchedule, newsOf, newsRunOf } from "../domain/news/news.ts";
import { explanation, type Fact, facts, headline, type Tone, toneOf } from "../domain/news/wording.ts";
import type { Run, RunStatus } from "../domain/run.ts";

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

/** A run as whoever may see it is told. */
export function wordsOfRun(run: Run, schedule: NewsSchedule | null, project: Named, timezone: string): RunWords {
  const event = eventOf(run);
  const at = run.finishedAt ?? run.queuedAt;
  const news = newsOf(event ?? "run.skipped", { id: newsOfRun(run.id), at, run: newsRunOf(run), schedule });
  if (event !== null) return wordsOfNews(news, project, timezone);
  const what = run.fn === null ? project.name : `${run.fn} in ${project.name}`;
  return {
    title: `${what} ${STATUS_WORDS[run.status]}`,
    tone: "quiet",
    lines: [],
    facts: facts(news, project, timezone),
  };
}

/** A run as its news told of it, for whoever got that and may see no more. */
export const wordsOfNews = (news: News, project: Named, timezone: string): RunWords => ({
  title: headline(news, project),
  tone: toneOf(news),
  lines: explanation(news, timezone),
  facts: facts(news, project, timezone),
});

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
