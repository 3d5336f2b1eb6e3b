/** `/projects/{p}/schedules/{s}/cancellation`: the end of a schedule, after a look at what ends with it. */
import { isFinal } from "../../domain/run.ts";
import { Anything, pageOf } from "../answers/fields.ts";
import { RunAnswer } from "../answers/run.ts";
import { ScheduleAnswer } from "../answers/schedule.ts";
import type { Pages } from "../door.tsx";
import { type InProject, onProjectForm, onProjectPage } from "../in-project.tsx";
import { Page, schedulePath } from "../page.tsx";
import { Moment } from "../pieces/moment.tsx";
import { Sure } from "../pieces/pieces.tsx";
import { showRefusal } from "../showing-refusals.tsx";
import { idOfSchedule } from "./schedule.tsx";
import { scheduleAt } from "./schedule-acts.tsx";
import { nameOfSchedule } from "./schedule-words.ts";

const PATH = "/projects/:p/schedules/:s/cancellation";
/** Living runs of one schedule that are counted. */
const RUNS_SEEN = 200;

export function mountCancellingSchedule(pages: Pages): void {
  onProjectPage(pages, PATH, "can_edit", ask);
  onProjectForm(pages, PATH, "can_edit", cancel);
}

async function ask(visit: InProject): Promise<Response> {
  const at = scheduleAt(visit);
  const [schedule, runs] = await Promise.all([
    visit.api.get(at, ScheduleAnswer),
    visit.api.get(`${at}/runs?limit=${RUNS_SEEN}`, pageOf(RunAnswer)),
  ]);
  const living = runs.items.filter(({ status }) => !isFinal(status));
  return visit.show(<CancellationPage visit={visit} schedule={schedule} living={living} />);
}

async function cancel(visit: InProject): Promise<Response> {
  const cancelled = await visit.api.send("DELETE", scheduleAt(visit), Anything);
  if (!cancelled.ok) return showRefusal(visit, cancelled.error);
  return visit.goTo(`${schedulePath(visit, idOfSchedule(visit))}?did=cancelled`);
}

interface Props {
  readonly visit: InProject;
  readonly schedule: ScheduleAnswer;
  readonly living: readonly RunAnswer[];
}

const CancellationPage = ({ visit, schedule, living }: Props) => {
  const path = schedulePath(visit, schedule.id);
  const running = living.filter(({ status }) => status === "running").length;
  const waiting = living.length - running;
  const [next] = schedule.upcoming;
  return (
    <Page visit={visit} title="Cancel the schedule?" up={{ name: nameOfSchedule(schedule), path }}>
      <Sure
        action={`${path}/cancellation`}
        label="Cancel the schedule"
        back={path}
        lines={[
          <strong>
            {nameOfSchedule(schedule)}, {schedule.description}
          </strong>,
          next === undefined ? (
            "It has no occurrence to come."
          ) : (
            <>
              None of its occurrences to come will run; the next one would be{" "}
              <Moment at={next.scheduled_for} timezone={schedule.timezone} />.
            </>
          ),
          waiting === 0
            ? "No run of it waits to begin or to be tried again."
            : `${runs(waiting)} of it that ${waiting === 1 ? "waits" : "wait"} to begin, or to be tried again, will be cancelled.`,
          running === 0
            ? "No run of it is running."
            : `${runs(running)} that ${running === 1 ? "is" : "are"} running will go on to the end, and will not be tried again.`,
          "What has run stays in the run log. To only stop it for a while, pause it.",
          ...(schedule.origin === "metadata"
            ? ["It comes with its function: the next version that is published with that brings it back."]
            : []),
        ]}
      />
    </Page>
  );
};

const runs = (count: number): string => (count === 1 ? "One run" : `${count} runs`);
