/** What happened in a run and why, and what there is to know of it. */
import type { PropsWithChildren } from "hono/jsx";
import { UNRUN } from "../../domain/news/wording.ts";
import { lengthOf } from "../../domain/time/saying.ts";
import type { WholeRunAnswer } from "../answers/whole-run.ts";
import type { InProject } from "../in-project.tsx";
import { schedulePath } from "../page.tsx";
import { Ago, Moment } from "../pieces/moment.tsx";
import { Said } from "../pieces/said.tsx";
import { WHOLE_PROJECT } from "../schedules/schedule-words.ts";
import type { RunPageProps } from "./run-page.tsx";
import { CAUSE_WORDS, CONTEXT_WORDS } from "./run-row.tsx";

interface HappenedProps {
  readonly visit: InProject;
  readonly run: WholeRunAnswer;
  readonly zone: string;
}

export const WhatHappened = ({ visit, run: { error, reason, retry_at, status }, zone }: HappenedProps) =>
  error === null && reason === null ? null : (
    <div class="sheet">
      {reason === null ? null : <p>{UNRUN[reason]}</p>}
      {error === null ? null : (
        <>
          <Said text={error.message} tone="wrong" />
          {error.fn === undefined ? null : (
            <p class="quiet">
              In <code>{error.fn}</code>.
            </p>
          )}
          {error.excerpt === undefined || error.excerpt === "" ? null : <pre dir="auto">{error.excerpt}</pre>}
          {error.stack === undefined ? null : (
            <details id="stack">
              <summary>Where it was thrown</summary>
              <pre dir="ltr">{error.stack}</pre>
            </details>
          )}
        </>
      )}
      {status === "pending_retry" && retry_at !== null ? (
        <p>
          It is tried again <Ago at={retry_at} timezone={zone} now={visit.now} />, at{" "}
          <Moment at={retry_at} timezone={zone} />.
        </p>
      ) : null}
    </div>
  );

export const RunFacts = ({ visit, run, scheduleWas, zone }: RunPageProps) => (
  <dl class="sheet">
    {run.schedule_id === null ? null : (
      <Fact name="Schedule">
        <a href={schedulePath(visit, run.schedule_id)}>{scheduleWas ?? "One that is not kept any more"}</a>
      </Fact>
    )}
    <Fact name="Function">{run.fn ?? WHOLE_PROJECT}</Fact>
    <Fact name={run.schedule_id === null ? "Asked for" : run.count > 1 ? "First due" : "Due"}>
      <Moment at={run.scheduled_for} timezone={zone} />
      {run.effective_at === run.scheduled_for ? null : (
        <>
          , {run.attempt === 0 ? "by its spread" : "this attempt"} at <Moment at={run.effective_at} timezone={zone} />
        </>
      )}
    </Fact>
    {run.count === 1 ? null : <Fact name="Stands for">{run.count} occurrences</Fact>}
    {run.started_at === null ? null : (
      <Fact name="Ran">
        <Moment at={run.started_at} timezone={zone} />
        {run.lateness_ms === null ? null : (
          <span class="quiet">, {lengthOf(run.lateness_ms)} after it was to start</span>
        )}
      </Fact>
    )}
    {run.duration_ms === null ? null : <Fact name="Took">{lengthOf(run.duration_ms)}</Fact>}
    {run.attempt === 0 ? null : <Fact name="Attempt">{`${run.attempt + 1}, after ${run.attempt} that failed`}</Fact>}
    {run.version === null ? null : (
      <Fact name="Version">
        <a href={`${visit.home}/versions/${run.version}`}>{run.version}</a>
      </Fact>
    )}
    <Fact name="Context">
      {CONTEXT_WORDS[run.context]}
      {CAUSE_WORDS[run.cause] === null ? null : `, ${CAUSE_WORDS[run.cause]}`}
    </Fact>
    {run.error === null ? null : (
      <Fact name="Reason">
        <code>{run.error.reason}</code>
      </Fact>
    )}
    <Fact name="State">
      <code>{run.status}</code>
    </Fact>
  </dl>
);

const Fact = ({ name, children }: PropsWithChildren<{ readonly name: string }>) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);
