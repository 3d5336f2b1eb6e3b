/** `/projects/{p}/schedules/{s}`: how a schedule was understood, when it runs next, how it went, and what can be done to it. */
import { pageOf } from "../answers/fields.ts";
import { RunAnswer } from "../answers/run.ts";
import { ScheduleAnswer } from "../answers/schedule.ts";
import { address } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { type InProject, onProjectPage } from "../in-project.tsx";
import { sayNotification } from "../notifications/notification-words.ts";
import { Page, schedulePath } from "../page.tsx";
import { DurationTrend } from "../pictures/duration-trend.tsx";
import { HistoryStrip } from "../pictures/history-strip.tsx";
import { NOTHING_WRONG, Troubles, type Wrongs } from "../pieces/fields.tsx";
import { StateMark } from "../pieces/marks.tsx";
import { SaidOfActs } from "./schedule-acts-said.tsx";
import { Acts, Backfill } from "./schedule-doings.tsx";
import { NextTimes, Understood } from "./schedule-facts.tsx";
import { QuickActs, WhyState } from "./schedule-row.tsx";
import { ScheduleRuns } from "./schedule-runs.tsx";
import { isLiving, nameOfSchedule } from "./schedule-words.ts";

/** Runs that the pictures show. */
const RUNS_SEEN = 60;
const ROWS_SHOWN = 30;

export function mountSchedule(pages: Pages): void {
  onProjectPage(pages, "/projects/:p/schedules/:s", "can_view", (visit) => showSchedule(visit));
}

export const idOfSchedule = ({ c }: InProject): string => c.req.param("s") ?? "";

/** What was sent from the page, and could not be done. */
interface Refused {
  readonly wrongs: Wrongs;
  readonly filled: Filled;
}

/** The page; with what was refused, as the answer to a form. */
export async function showSchedule(visit: InProject, refused?: Refused): Promise<Response> {
  const at = visit.at + address`/schedules/${idOfSchedule(visit)}`;
  const [schedule, runs] = await Promise.all([
    visit.api.get(at, ScheduleAnswer),
    visit.api.get(`${at}/runs?limit=${RUNS_SEEN}`, pageOf(RunAnswer)),
  ]);
  return visit.show(
    <SchedulePage visit={visit} schedule={schedule} runs={runs.items} refused={refused} />,
    refused === undefined ? 200 : 422,
  );
}

interface Props {
  readonly visit: InProject;
  readonly schedule: ScheduleAnswer;
  /** Newest first. */
  readonly runs: readonly RunAnswer[];
  readonly refused: Refused | undefined;
}

const SchedulePage = ({ visit, schedule, runs, refused }: Props) => {
  const mayAct = visit.reaches("can_edit") && isLiving(schedule);
  return (
    <Page
      visit={visit}
      title={nameOfSchedule(schedule)}
      up={{ name: "Schedules", path: `${visit.home}/schedules` }}
      acts={mayAct ? <MainActs visit={visit} schedule={schedule} /> : null}
      isLive
    >
      <Troubles wrongs={refused?.wrongs ?? NOTHING_WRONG} />
      {refused === undefined ? <SaidOfActs visit={visit} schedule={schedule} /> : null}
      <p class="line lead">
        <span>{schedule.description}</span>
        <StateMark state={schedule.state} />
      </p>
      <WhyState schedule={schedule} />
      <div id="next" data-live>
        <h2>Next runs</h2>
        <NextTimes visit={visit} schedule={schedule} />
      </div>
      <div id="history" data-live>
        <h2>How it went</h2>
        {runs.length === 0 ? <p class="quiet">It has not run yet.</p> : null}
        <HistoryStrip
          runs={runs}
          visit={visit}
          label={runs.length < RUNS_SEEN ? "All runs" : `The last ${RUNS_SEEN} runs`}
        />
        <DurationTrend runs={runs} visit={visit} timeout={schedule.timeout} />
      </div>
      <h2>How it was understood</h2>
      <Understood visit={visit} schedule={schedule} />
      <Told visit={visit} schedule={schedule} />
      {mayAct ? (
        <>
          <Acts visit={visit} schedule={schedule} filled={refused?.filled} wrongs={refused?.wrongs} />
          <Backfill visit={visit} schedule={schedule} filled={refused?.filled} wrongs={refused?.wrongs} />
        </>
      ) : null}
      {visit.reaches("can_edit") ? null : <p class="quiet">Changing it needs can_edit.</p>}
      <div id="runs" data-live>
        <ScheduleRuns visit={visit} schedule={schedule} runs={runs.slice(0, ROWS_SHOWN)} />
      </div>
    </Page>
  );
};

const MainActs = ({ visit, schedule }: Pick<Props, "visit" | "schedule">) => (
  <>
    <QuickActs visit={visit} schedule={schedule} from="page" />
    <a class="button second" href={`${schedulePath(visit, schedule.id)}/edit`}>
      Edit
    </a>
  </>
);

const Told = ({ visit, schedule }: Pick<Props, "visit" | "schedule">) => (
  <>
    <h2>Who is told</h2>
    {schedule.notifications.length === 0 ? <p class="quiet">Nobody is told of its runs.</p> : null}
    {schedule.notifications.map((notification) => (
      <p>{sayNotification(notification)}</p>
    ))}
    {visit.reaches("can_edit") && isLiving(schedule) ? (
      <p>
        <a href={`${schedulePath(visit, schedule.id)}/notifications`}>Change the notifications</a>
      </p>
    ) : null}
  </>
);
