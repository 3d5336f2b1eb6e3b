/** A schedule that comes with its function: what can be done to it here, and where everything else is said. */
import type { ScheduleAnswer } from "../answers/schedule.ts";
import type { InProject } from "../in-project.tsx";
import { schedulePath } from "../page.tsx";
import { nameOfSchedule } from "./schedule-words.ts";

interface Props {
  readonly visit: InProject;
  readonly schedule: ScheduleAnswer;
}

export const FromFunction = ({ visit, schedule }: Props) => (
  <div class="sheet">
    <p>
      This schedule comes with its function, {nameOfSchedule(schedule)}: its expression, its policies and its
      notifications are said there, and publishing a version sets them. So they are changed in a new version, not here.
    </p>
    <p>
      What can be done here is to pause and to resume it, to skip its next run, to run it now, and to cancel it.
      Publishing leaves a pause as it is, and brings back what was cancelled.
    </p>
    <p class="row">
      <a class="button" href={`${visit.home}/versions/new`}>
        New version
      </a>
      <a href={schedulePath(visit, schedule.id)}>Back to the schedule</a>
    </p>
  </div>
);
