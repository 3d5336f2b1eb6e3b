/** The question before a run is cancelled. */
import { isFinal } from "../../domain/run.ts";
import type { WholeRunAnswer } from "../answers/whole-run.ts";
import type { InProject } from "../in-project.tsx";
import { Page, runPath } from "../page.tsx";
import { Sure } from "../pieces/pieces.tsx";
import { nameOfRun, sayRunStatus } from "./run-words.ts";

interface Props {
  readonly visit: InProject;
  readonly run: WholeRunAnswer;
}

export const CancellationPage = ({ visit, run }: Props) => {
  const name = nameOfRun(run, visit.project);
  const path = runPath(visit, run.id);
  const up = { name, path };
  if (isFinal(run.status))
    return (
      <Page visit={visit} title={`Cancel ${name}?`} up={up}>
        <p>
          There is nothing to cancel: {sayRunStatus(run, visit.project)}. <a href={path}>Back to the run</a>
        </p>
      </Page>
    );
  return (
    <Page visit={visit} title={`Cancel ${name}?`} up={up}>
      <Sure
        action={`${path}/cancellation`}
        label="Cancel this run"
        back={path}
        lines={[...linesOf(run), "Nobody is told of it. Other runs, and the schedule, go on."]}
      />
    </Page>
  );
};

function linesOf({ status, fn, attempt }: WholeRunAnswer): readonly string[] {
  if (status === "queued") return ["It has not begun, and will not."];
  if (status === "pending_retry") return [`The retry that it waits for, ↻${attempt + 1}, does not come.`];
  return [
    fn === null
      ? "The function that runs now is the last one: those after it do not begin. What ran before stays done."
      : "Whatever its function has done until now stays done, and what it returns is not kept.",
    "It is not tried again.",
  ];
}
