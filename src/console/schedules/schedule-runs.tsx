/** The latest runs of a schedule, as rows. */
import { UNRUN } from "../../domain/news/wording.ts";
import { lengthOf } from "../../domain/time/saying.ts";
import type { RunAnswer } from "../answers/run.ts";
import type { ScheduleAnswer } from "../answers/schedule.ts";
import { withQuery } from "../client.ts";
import type { InProject } from "../in-project.tsx";
import { runPath } from "../page.tsx";
import { LateMark, RetryMark, StatusMark } from "../pieces/marks.tsx";
import { Ago } from "../pieces/moment.tsx";
import { Said } from "../pieces/said.tsx";

interface Props {
  readonly visit: InProject;
  readonly schedule: ScheduleAnswer;
  readonly runs: readonly RunAnswer[];
}

export const ScheduleRuns = ({ visit, schedule, runs }: Props) =>
  runs.length === 0 ? null : (
    <>
      <h2>Its latest runs</h2>
      <ul class="sheet">
        {runs.map((run) => (
          <Row visit={visit} run={run} />
        ))}
      </ul>
      <p>
        <a href={withQuery(`${visit.home}/runs`, { schedule: schedule.id })}>All its runs in the run log</a>
      </p>
    </>
  );

const Row = ({ visit, run }: { readonly visit: InProject; readonly run: RunAnswer }) => (
  <li data-row data-key={run.id}>
    <p class="line">
      <StatusMark status={run.status} />
      <RetryMark attempt={run.attempt} />
      <a href={runPath(visit, run.id)}>
        <Ago at={run.scheduled_for} timezone={visit.zone} now={visit.now} />
      </a>
      <LateMark lateness_ms={run.lateness_ms} />
      {run.count > 1 ? <span class="mark">{run.count} occurrences</span> : null}
      {run.reason === null ? null : <span class="quiet">{UNRUN[run.reason]}</span>}
      {run.duration_ms === null ? null : <span class="quiet end">{lengthOf(run.duration_ms)}</span>}
    </p>
    {run.error === null ? null : <Said text={run.error.message} tone="wrong" />}
  </li>
);
