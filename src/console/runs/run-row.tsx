/** A run in a list: how it ended, what it was of, when, how late, how long, and why not. */
import { UNRUN } from "../../domain/news/wording.ts";
import { isFinal, type RunCause, type RunContext } from "../../domain/run.ts";
import { lengthOf } from "../../domain/time/saying.ts";
import type { RunAnswer } from "../answers/run.ts";
import type { InProject } from "../in-project.tsx";
import { runPath, schedulePath } from "../page.tsx";
import { LateMark, RetryMark, StatusMark } from "../pieces/marks.tsx";
import { Ago, Moment } from "../pieces/moment.tsx";
import { WHOLE_PROJECT } from "../schedules/schedule-words.ts";

/** What the function of a run can see of where it comes from. */
export const CONTEXT_WORDS: Readonly<Record<RunContext, string>> = {
  logic: "logic",
  app: "app",
  scheduled: "scheduled",
  "api-triggered": "api-triggered",
};

/** What made the run, where it was not simply its time; null: nothing to be said. */
export const CAUSE_WORDS: Readonly<Record<RunCause, string | null>> = {
  occurrence: null,
  catch_up: "caught up",
  backfill: "backfill",
  manual: "by hand",
  api: null,
  retry: "retry",
};

interface RowProps {
  readonly visit: InProject;
  readonly run: RunAnswer;
  /** What its schedule is called; null: not known, or of none. */
  readonly schedule: string | null;
  readonly isDetailed?: boolean;
}

export const RunRow = ({ visit, run, schedule, isDetailed = false }: RowProps) => (
  <li data-row data-key={run.id} {...(isFinal(run.status) ? {} : { "data-pending": true })}>
    <p class="line">
      <StatusMark status={run.status} />
      <a href={runPath(visit, run.id)}>{run.fn ?? WHOLE_PROJECT}</a>
      <RetryMark attempt={run.attempt} />
      <Ago at={run.scheduled_for} timezone={visit.zone} now={visit.now} />
      {run.cause === "backfill" ? null : <LateMark lateness_ms={run.lateness_ms} />}
      {run.count > 1 ? <span class="mark">{run.count} occurrences</span> : null}
      {isDetailed ? <Marks run={run} /> : null}
      {run.duration_ms === null ? null : <span class="quiet end">{lengthOf(run.duration_ms)}</span>}
    </p>
    {isDetailed ? (
      <p class="quiet">
        <Moment at={run.scheduled_for} timezone={visit.zone} />
        {run.schedule_id === null ? null : (
          <>
            {" · "}
            <a href={schedulePath(visit, run.schedule_id)}>{schedule ?? "its schedule"}</a>
          </>
        )}
      </p>
    ) : null}
    {run.reason === null ? null : <p class="quiet">{UNRUN[run.reason]}</p>}
    {run.error === null ? null : (
      <p class="wrong" dir="auto">
        {firstLine(run.error.message)}
      </p>
    )}
  </li>
);

const Marks = ({ run: { context, cause } }: Pick<RowProps, "run">) => (
  <>
    <span class="mark">{CONTEXT_WORDS[context]}</span>
    {cause === "retry" || CAUSE_WORDS[cause] === null ? null : <span class="mark">{CAUSE_WORDS[cause]}</span>}
  </>
);

const LINE_MAX = 200;

const firstLine = (text: string): string => {
  const [line = ""] = text.trim().split("\n", 1);
  return line.length <= LINE_MAX ? line : `${line.slice(0, LINE_MAX)}…`;
};
