/** The page of a project. */

import { totalOf } from "../../domain/day-worst.ts";
import { sayDate } from "../../domain/time/day-names.ts";
import { toLocalIso } from "../../domain/time/local-time.ts";
import type { LoadAnswer, OverviewAnswer } from "../answers/overview.ts";
import type { RunAnswer } from "../answers/run.ts";
import type { ScheduleAnswer } from "../answers/schedule.ts";
import type { Filled } from "../filled.ts";
import type { InProject } from "../in-project.tsx";
import { Page, schedulePath } from "../page.tsx";
import { DayStrip, DayTable, daysInWords } from "../pictures/day-strip.tsx";
import { Did } from "../pieces/did.tsx";
import { Troubles, type Wrongs } from "../pieces/fields.tsx";
import { StateMark } from "../pieces/marks.tsx";
import { Ago } from "../pieces/moment.tsx";
import { RunRow } from "../runs/run-row.tsx";
import { WhyState } from "../schedules/schedule-row.tsx";
import { nameOfSchedule, WHOLE_PROJECT } from "../schedules/schedule-words.ts";
import type { Glance } from "./project.tsx";
import { sayCounts } from "./project-card.tsx";
import { Guide } from "./project-guide.tsx";
import { ProjectLoad } from "./project-load.tsx";

const NEXT_SHOWN = 6;
const RUNS_SHOWN = 6;
const DATE_LENGTH = 10;

const DID = {
  spread:
    "Spread is set. What the runs are scheduled for stays as it is; each schedule starts later by an offset of its own that never changes.",
};

interface Props {
  readonly visit: InProject;
  readonly glance: Glance;
  readonly wrongs: Wrongs;
  readonly filled: Filled | undefined;
}

export const ProjectPage = ({ visit, glance, wrongs, filled }: Props) => {
  const { overview, load, runs, stopped, steps } = glance;
  return (
    <Page visit={visit} title={visit.project.name} acts={<Acts visit={visit} />} isLive>
      <Did visit={visit} words={DID} />
      <Troubles wrongs={wrongs} />
      {steps === null ? null : <Guide visit={visit} steps={steps} />}
      <div id="glance" data-live>
        <Stopped visit={visit} schedules={stopped} />
        <h2>Next runs</h2>
        <Next visit={visit} load={load} />
        <p class="quiet">
          {sayCounts(overview.schedules)} <a href={`${visit.home}/schedules`}>All schedules</a>
        </p>
        <h2>Latest runs</h2>
        <Latest visit={visit} runs={runs} />
      </div>
      <h2>The last {overview.days.length} days</h2>
      <Days overview={overview} now={visit.now} />
      <ProjectLoad visit={visit} load={load} wrongs={wrongs} filled={filled} />
    </Page>
  );
};

const Acts = ({ visit }: Pick<Props, "visit">) => (
  <>
    {visit.reaches("can_edit") ? (
      <>
        <a class="button" href={`${visit.home}/schedules/new`} data-new>
          New schedule
        </a>
        <a class="button second" href={`${visit.home}/runs/new`}>
          Run now
        </a>
      </>
    ) : null}
    <a class="button second" href={`${visit.at}/app`}>
      Open the app
    </a>
  </>
);

const Stopped = ({ visit, schedules }: Pick<Props, "visit"> & { readonly schedules: readonly ScheduleAnswer[] }) =>
  schedules.length === 0 ? null : (
    <>
      <h2>Not running</h2>
      <ul class="sheet">
        {schedules.map((schedule) => (
          <li data-row data-key={schedule.id}>
            <p class="line">
              <a href={schedulePath(visit, schedule.id)}>{nameOfSchedule(schedule)}</a>
              <span>{schedule.description}</span>
              <StateMark state={schedule.state} />
            </p>
            <WhyState schedule={schedule} />
          </li>
        ))}
      </ul>
    </>
  );

const Next = ({ visit, load }: Pick<Props, "visit"> & { readonly load: LoadAnswer }) => {
  const coming = load.schedules
    .flatMap((schedule) => {
      const [first] = schedule.occurrences;
      return first === undefined ? [] : [{ schedule, at: first.effective_at ?? first.scheduled_for }];
    })
    .filter(({ at }) => at >= visit.now)
    .slice(0, NEXT_SHOWN);
  if (coming.length === 0) return <p class="quiet">Nothing is due in the coming days.</p>;
  return (
    <ul class="sheet">
      {coming.map(({ schedule, at }) => (
        <li data-row data-key={`next-${schedule.id}`}>
          <p class="line">
            <a href={schedulePath(visit, schedule.id)}>{schedule.fn ?? WHOLE_PROJECT}</a>
            <span>{schedule.description}</span>
            <span class="end">
              <Ago at={at} timezone={visit.zone} now={visit.now} />
            </span>
          </p>
        </li>
      ))}
    </ul>
  );
};

const Latest = ({ visit, runs }: Pick<Props, "visit"> & { readonly runs: readonly RunAnswer[] }) =>
  runs.length === 0 ? (
    <p class="quiet">Nothing has run yet.</p>
  ) : (
    <>
      <ul class="sheet">
        {runs.slice(0, RUNS_SHOWN).map((run) => (
          <RunRow visit={visit} run={run} schedule={null} />
        ))}
      </ul>
      <p>
        <a href={`${visit.home}/runs`}>The whole run log</a>
      </p>
    </>
  );

const Days = ({ overview, now }: { readonly overview: OverviewAnswer; readonly now: number }) => {
  const { days, counted_from: from, timezone } = overview;
  if (days.every((day) => totalOf(day) === 0)) return <p class="quiet">Nothing has come to an end in these days.</p>;
  const today = toLocalIso(now, timezone).slice(0, DATE_LENGTH);
  return (
    <figure>
      <DayStrip days={days} size="large" />
      <figcaption>
        {daysInWords(days)}. Today is on the right; the days are those of {timezone}. A point crowns days on which
        something failed, a bar those on which something ran out of time, a ring those on which something was missed.
        {from === null ? null : (
          <>
            {" "}
            There is more in the run log than is counted:{" "}
            {from > today
              ? "every day holds less than there was."
              : `the days before ${sayDate(from)} hold less than there was.`}
          </>
        )}
      </figcaption>
      <details id="days-table">
        <summary>Show the days as a table</summary>
        <DayTable days={days} />
      </details>
    </figure>
  );
};
