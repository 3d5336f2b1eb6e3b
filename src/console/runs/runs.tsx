/** `/projects/{p}/runs`: the run log, live while one looks at its first page. */
import { RUN_CONTEXTS, RUN_STATUSES } from "../../domain/run.ts";
import { pageOf } from "../answers/fields.ts";
import { RunAnswer } from "../answers/run.ts";
import { ScheduleAnswer } from "../answers/schedule.ts";
import { withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import { type InProject, onProjectPage } from "../in-project.tsx";
import { Page } from "../page.tsx";
import { HistoryStrip } from "../pictures/history-strip.tsx";
import { SelectField } from "../pieces/fields.tsx";
import { STATUS_NAMES } from "../pieces/marks.tsx";
import { Copyable, Empty, More } from "../pieces/pieces.tsx";
import { functionOptions, functionsOf } from "../schedules/schedule-functions.ts";
import { nameOfSchedule } from "../schedules/schedule-words.ts";
import { CONTEXT_WORDS, RunRow } from "./run-row.tsx";

const SHOWN = 50;
/** Schedules to filter by, and to name rows with. */
const SCHEDULES_KNOWN = 200;

export function mountRuns(pages: Pages): void {
  onProjectPage(pages, "/projects/:p/runs", "can_view", showRuns);
}

const FILTERS = ["status", "context", "fn", "schedule"] as const;
type Filters = Readonly<Record<(typeof FILTERS)[number], string>>;

async function showRuns(visit: InProject): Promise<Response> {
  const { status = "", context = "", fn = "", schedule = "", cursor } = visit.c.req.query();
  const filters = { status, context, fn, schedule };
  const [runs, schedules, functions] = await Promise.all([
    visit.api.get(withQuery(`${visit.at}/runs`, { limit: SHOWN, ...filters, cursor }), pageOf(RunAnswer)),
    visit.api.get(
      withQuery(`${visit.at}/schedules`, { limit: SCHEDULES_KNOWN, state: "living" }),
      pageOf(ScheduleAnswer),
    ),
    functionsOf(visit),
  ]);
  const props = { runs: runs.items, next: runs.next_cursor, schedules: schedules.items, functions: functions ?? [] };
  return visit.show(<RunsPage visit={visit} {...props} filters={filters} isFirst={cursor === undefined} />);
}

interface Props {
  readonly visit: InProject;
  /** Newest first. */
  readonly runs: readonly RunAnswer[];
  readonly next: string | null;
  readonly schedules: readonly ScheduleAnswer[];
  readonly functions: readonly string[];
  readonly filters: Filters;
  readonly isFirst: boolean;
}

const RunsPage = ({ visit, runs, next, schedules, functions, filters, isFirst }: Props) => {
  const isFiltered = FILTERS.some((name) => filters[name] !== "");
  const path = `${visit.home}/runs`;
  if (runs.length === 0 && isFirst && !isFiltered) return <NothingPage visit={visit} />;
  return (
    <Page visit={visit} title="Run log" acts={<RunNow visit={visit} />} isLive={isFirst}>
      <Filtering path={path} filters={filters} functions={functions} schedules={schedules} />
      {isFirst ? null : (
        <p class="news">
          These are older runs, as they were when the page was loaded.{" "}
          <a href={withQuery(path, filters)}>Back to the newest</a>
        </p>
      )}
      <div id="runs" {...(isFirst ? { "data-live": true } : {})}>
        {runs.length === 0 ? (
          <p class="quiet">
            No run is like that. <a href={path}>Show all runs</a>
          </p>
        ) : (
          <>
            <HistoryStrip
              runs={runs}
              visit={visit}
              label={runs.length === 1 ? "One run" : `These ${runs.length} runs`}
            />
            <ul class="sheet">
              {runs.map((run) => (
                <RunRow visit={visit} run={run} schedule={descriptionOf(run, schedules)} isDetailed />
              ))}
            </ul>
          </>
        )}
        <More href={next === null ? null : withQuery(path, { ...filters, cursor: next })}>Older</More>
      </div>
    </Page>
  );
};

const descriptionOf = ({ schedule_id }: RunAnswer, schedules: readonly ScheduleAnswer[]): string | null =>
  schedules.find(({ id }) => id === schedule_id)?.description ?? null;

interface FilteringProps extends Pick<Props, "filters" | "functions" | "schedules"> {
  readonly path: string;
}

const Filtering = ({ path, filters, functions, schedules }: FilteringProps) => (
  <form class="filters" method="get" action={path}>
    <SelectField
      name="status"
      label="Status"
      value={filters.status}
      options={[["", "any"], ...RUN_STATUSES.map((one): [string, string] => [one, STATUS_NAMES[one]])]}
      submits
      isFilter
    />
    <SelectField
      name="context"
      label="Context"
      value={filters.context}
      options={[["", "any"], ...RUN_CONTEXTS.map((one): [string, string] => [one, CONTEXT_WORDS[one]])]}
      submits
    />
    <SelectField
      name="fn"
      label="Function"
      value={filters.fn}
      options={functionOptions(functions, filters.fn).map(([value, label]) => [value, value === "" ? "any" : label])}
      submits
    />
    <SelectField
      name="schedule"
      label="Schedule"
      value={filters.schedule}
      options={[["", "any"], ...scheduleOptions(schedules, filters.schedule)]}
      submits
    />
    <button class="second unscripted" type="submit">
      Filter
    </button>
  </form>
);

/** One that is asked for and lives no more can still be seen to be. */
const scheduleOptions = (schedules: readonly ScheduleAnswer[], chosen: string): readonly [string, string][] => [
  ...schedules.map((one): [string, string] => [one.id, `${nameOfSchedule(one)}, ${one.description}`]),
  ...(chosen === "" || schedules.some(({ id }) => id === chosen)
    ? []
    : [[chosen, "one that is over"] satisfies [string, string]]),
];

const RunNow = ({ visit }: Pick<Props, "visit">) =>
  visit.reaches("can_edit") ? (
    <a class="button" href={`${visit.home}/runs/new`} data-new>
      Run now
    </a>
  ) : null;

const NothingPage = ({ visit }: Pick<Props, "visit">) => (
  <Page visit={visit} title="Run log" acts={<RunNow visit={visit} />} isLive>
    <div id="runs" data-live>
      <Empty title="Nothing has run yet">
        <p>
          Runs of schedules come here by themselves, and those of the API and of the app, too. To start one now, of the
          whole project or of one function:
        </p>
        <Copyable id="first-run" text={firstRun(visit)} />
        {visit.reaches("can_edit") ? <RunNow visit={visit} /> : <p class="quiet">Starting one needs can_edit.</p>}
      </Empty>
    </div>
  </Page>
);

const firstRun = ({ c, at }: InProject): string => `curl ${new URL(c.req.url).origin}${at}/runs \\
  -H "Authorization: Bearer $CARILLON_TOKEN" -H "Content-Type: application/json" \\
  -d '{}'`;
