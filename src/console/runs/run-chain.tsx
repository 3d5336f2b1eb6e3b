/** Every attempt of a run's chain, as a picture in time and as a list. */
import { lengthOf } from "../../domain/time/saying.ts";
import type { RunAnswer } from "../answers/run.ts";
import type { WholeRunAnswer } from "../answers/whole-run.ts";
import type { InProject } from "../in-project.tsx";
import { runPath } from "../page.tsx";
import { ChainTimeline } from "../pictures/chain-timeline.tsx";
import { RetryMark } from "../pieces/marks.tsx";
import { Moment } from "../pieces/moment.tsx";
import { Said } from "../pieces/said.tsx";
import { STATUS_WORDS } from "./run-words.ts";

interface Props {
  readonly visit: InProject;
  readonly run: WholeRunAnswer;
  readonly zone: string;
}

export const Attempts = ({ visit, run: { id, chain, status }, zone }: Props) =>
  status === "skipped" || status === "missed" ? null : (
    <>
      <h2>{chain.length === 1 ? "In time" : "Attempts"}</h2>
      <ChainTimeline chain={chain} shown={id} now={visit.now} />
      {chain.length === 1 ? null : (
        <ul class="sheet">
          {chain.map((attempt) => (
            <OneAttempt visit={visit} attempt={attempt} isShown={attempt.id === id} zone={zone} />
          ))}
        </ul>
      )}
    </>
  );

interface AttemptProps extends Pick<Props, "visit" | "zone"> {
  readonly attempt: RunAnswer;
  readonly isShown: boolean;
}

const OneAttempt = ({ visit, attempt, isShown, zone }: AttemptProps) => (
  <li data-row data-key={attempt.id}>
    {isShown ? (
      <>
        Attempt {attempt.attempt + 1} <span class="mark">this one</span>
      </>
    ) : (
      <a href={runPath(visit, attempt.id)}>Attempt {attempt.attempt + 1}</a>
    )}{" "}
    {STATUS_WORDS[attempt.status]} <RetryMark attempt={attempt.attempt} />
    {attempt.error === null ? null : <Said text={attempt.error.message} tone="wrong" />}
    <p class="quiet">
      Queued <Moment at={attempt.queued_at} timezone={zone} />
      {attempt.started_at === null ? null : `, started ${lengthOf(attempt.started_at - attempt.queued_at)} later`}
      {attempt.duration_ms === null ? null : `, took ${lengthOf(attempt.duration_ms)}`}
      {attempt.retry_at === null || attempt.finished_at === null
        ? null
        : `, then a wait of ${lengthOf(attempt.retry_at - attempt.finished_at)}`}
    </p>
  </li>
);
