/** The page of a run, for whoever may see runs. */
import { isFinal } from "../../domain/run.ts";
import type { DeliveryAnswer } from "../answers/delivery.ts";
import type { ScheduleAnswer } from "../answers/schedule.ts";
import type { OutputAnswer, WholeRunAnswer } from "../answers/whole-run.ts";
import type { InProject } from "../in-project.tsx";
import { DeliveryList } from "../notifications/delivery-list.tsx";
import { Page, runPath } from "../page.tsx";
import { Did } from "../pieces/did.tsx";
import { LateMark, RetryMark, StatusMark } from "../pieces/marks.tsx";
import { Act } from "../pieces/pieces.tsx";
import { isLiving } from "../schedules/schedule-words.ts";
import { RunCaptures } from "./run-captures.tsx";
import { Attempts } from "./run-chain.tsx";
import { RunFacts, WhatHappened } from "./run-facts.tsx";
import { RunLines } from "./run-lines.tsx";
import { Outputs, Progress } from "./run-outputs.tsx";
import { nameOfRun, sayRunStatus } from "./run-words.ts";

const DID = {
  started: "Started.",
  cancelled: "Cancelled. What it had done until then stays done.",
  ordered: "It is being taken, and appears below once it is there.",
};

export interface RunPageProps {
  readonly visit: InProject;
  readonly run: WholeRunAnswer;
  /** Null: it is not kept any more. */
  readonly output: OutputAnswer | null;
  readonly lostBecause: string | null;
  /** Null: of none, or of one that is not kept. */
  readonly schedule: ScheduleAnswer | null;
  /** How often it runs, or ran when news of the run went out. */
  readonly scheduleWas: string | null;
  /** Of a whole-project run that goes on: how many there are. */
  readonly functions: number | null;
  readonly subjects: readonly (string | null)[];
  readonly zone: string;
  /** The delivery that was just sent for once more; null when none was. */
  readonly again: DeliveryAnswer | null;
}

export const RunPage = (props: RunPageProps) => {
  const { visit, run, subjects, zone, again } = props;
  const at = `${visit.at}/runs/${run.id}`;
  const path = runPath(visit, run.id);
  const mayEdit = visit.reaches("can_edit");
  const hasRun = run.status !== "skipped" && run.status !== "missed";
  const isOver = isFinal(run.status);
  return (
    <Page
      visit={visit}
      title={run.fn === null ? `${visit.project.name}, the whole project` : nameOfRun(run, visit.project)}
      up={{ name: "Run log", path: `${visit.home}/runs` }}
      acts={mayEdit ? <Acts {...props} /> : null}
      isLive
    >
      <Did visit={visit} words={DID} />
      <p class="unseen" role="status" id="run-said" data-live-said>
        {sayRunStatus(run, visit.project)}
      </p>
      <div id="run" data-live>
        <p class="line lead" {...(isOver ? {} : { "data-pending": run.status === "running" ? "poll" : "yes" })}>
          <span>{sayRunStatus(run, visit.project)}</span>
          <StatusMark status={run.status} />
          <RetryMark attempt={run.attempt} />
          <LateMark lateness_ms={run.lateness_ms} />
        </p>
        <Progress {...props} />
        <WhatHappened visit={visit} run={run} zone={zone} />
        <RunFacts {...props} />
        <p>
          {hasRun ? (
            <>
              <a href={`${at}/app`}>The app as this run left it</a> ·{" "}
            </>
          ) : null}
          <a href={`${visit.at}/app`}>The app as it is now</a>
        </p>
        <Attempts visit={visit} run={run} zone={zone} />
        {hasRun ? <Outputs {...props} /> : null}
        <RunLines log={run.log} zone={zone} />
        <RunCaptures
          captures={run.captures}
          at={`${at}/captures`}
          door={mayEdit && isOver && hasRun ? `${path}/captures` : undefined}
        />
        <DeliveryList
          {...{ deliveries: run.deliveries, subjects, zone, again }}
          {...(mayEdit ? { doors: `${path}/deliveries` } : {})}
        />
      </div>
    </Page>
  );
};

/** A run that the API began has args that only its caller knows: the form asks for them. */
const Acts = ({ visit, run, schedule }: RunPageProps) => (
  <>
    {schedule !== null && isLiving(schedule) ? (
      <Act action={`${runPath(visit, run.id)}/repetition`} label="Run it again" isOnce />
    ) : (
      <a
        class="button second"
        href={`${visit.home}/runs/new${run.fn === null ? "" : `?fn=${encodeURIComponent(run.fn)}`}`}
      >
        Run it again…
      </a>
    )}
    {isFinal(run.status) ? null : (
      <a class="button danger" href={`${runPath(visit, run.id)}/cancellation`}>
        Cancel it…
      </a>
    )}
  </>
);
