/** A schedule in a list: what it runs and when, how it went, and what is most often done to it. */
import type { ListedScheduleAnswer, ScheduleAnswer } from "../answers/schedule.ts";
import type { InProject } from "../in-project.tsx";
import { schedulePath } from "../page.tsx";
import { LatestRuns } from "../pictures/history-strip.tsx";
import { StateMark } from "../pieces/marks.tsx";
import { Ago, Moment } from "../pieces/moment.tsx";
import { Act } from "../pieces/pieces.tsx";
import { isLiving, nameOfSchedule, ORIGIN_WORDS, STATE_LINES } from "./schedule-words.ts";

interface RowProps {
  readonly visit: InProject;
  readonly schedule: ListedScheduleAnswer;
}

export const ScheduleRow = ({ visit, schedule }: RowProps) => (
  <li data-row data-key={schedule.id}>
    <p class="line">
      <a href={schedulePath(visit, schedule.id)}>{nameOfSchedule(schedule)}</a>
      <span>{schedule.description}</span>
      <StateMark state={schedule.state} />
      <span class="mark">{ORIGIN_WORDS[schedule.origin]}</span>
      <LatestRuns runs={schedule.latest_runs} visit={visit} />
    </p>
    <p class="quiet">
      <code dir="auto">{schedule.schedule}</code>
      {schedule.schedule.includes(schedule.timezone) ? null : ` in ${schedule.timezone}`}
      {schedule.key === null ? null : (
        <>
          {" "}
          · key <code dir="auto">{schedule.key}</code>
        </>
      )}
    </p>
    <WhyState schedule={schedule} />
    <div class="line">
      <NextRun visit={visit} schedule={schedule} />
      {visit.reaches("can_edit") && isLiving(schedule) ? (
        <span class="end row">
          <QuickActs visit={visit} schedule={schedule} from="list" />
        </span>
      ) : null}
    </div>
  </li>
);

interface ScheduleProps {
  readonly visit: InProject;
  readonly schedule: ScheduleAnswer;
}

/** Whether a moment that is said in the second zone, and in UTC beside it, is said in the first one too. */
export const saysBoth = (viewers: string, timezone: string): boolean => viewers === timezone || viewers === "UTC";

/** The next run: how far away, and when by the schedule's clock and by the viewer's. */
export const NextRun = ({ visit, schedule }: ScheduleProps) => {
  const [next] = schedule.upcoming;
  if (next === undefined) return <span class="quiet">{isLiving(schedule) ? "No next run" : "Over"}</span>;
  const at = next.effective_at ?? next.scheduled_for;
  return (
    <span>
      Next run <Ago at={at} timezone={visit.zone} now={visit.now} />
      <span class="quiet">
        {": "}
        <Moment at={at} timezone={schedule.timezone} />
        {saysBoth(visit.zone, schedule.timezone) ? null : (
          <>
            {" · "}
            <Moment at={at} timezone={visit.zone} />
          </>
        )}
      </span>
    </span>
  );
};

/** Why it is paused or quarantined, in the words of whoever paused it where there are any. */
export const WhyState = ({ schedule: { state, reason } }: Pick<ScheduleProps, "schedule">) => {
  const line = reason ?? STATE_LINES[state];
  return line === null ? null : (
    <p class={state === "quarantined" ? "wrong" : "quiet"} dir="auto">
      {line}
    </p>
  );
};

/** Pausing or resuming, and running now. `from`: where the answer leads back to. */
export const QuickActs = ({ visit, schedule, from }: ScheduleProps & { readonly from: "list" | "page" }) => {
  const path = schedulePath(visit, schedule.id);
  const fields: Record<string, string> = from === "list" ? { from } : {};
  return (
    <>
      <Act action={`${path}/runs`} label="Run now" fields={fields} isOnce />
      {schedule.state === "active" ? (
        <Act action={`${path}/pause`} label="Pause" fields={fields} />
      ) : (
        <Act action={`${path}/resumption`} label="Resume" fields={fields} />
      )}
    </>
  );
};
