/** `/projects/{p}/schedules`: what is scheduled, when it comes next, and how it went of late. */
import { isUuid } from "../../domain/ids.ts";
import { SCHEDULE_ORIGINS, SOUGHT_STATES, type SoughtState } from "../../domain/schedule.ts";
import { pageOf } from "../answers/fields.ts";
import { ListedScheduleAnswer, ScheduleAnswer } from "../answers/schedule.ts";
import { address, withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import { type InProject, onProjectPage } from "../in-project.tsx";
import { Page } from "../page.tsx";
import { SelectField } from "../pieces/fields.tsx";
import { Copyable, Empty, More } from "../pieces/pieces.tsx";
import { SaidOfActs } from "./schedule-acts-said.tsx";
import { functionOptions, functionsOf } from "./schedule-functions.ts";
import { ScheduleRow } from "./schedule-row.tsx";
import { ORIGIN_WORDS } from "./schedule-words.ts";

const SHOWN = 30;
/** Of each schedule's latest runs, so many are shown. */
const LATEST_RUNS = 5;

export function mountSchedules(pages: Pages): void {
  onProjectPage(pages, "/projects/:p/schedules", "can_view", showSchedules);
}

/** What the list is limited to. */
interface Filters {
  readonly state: string;
  readonly fn: string;
  readonly origin: string;
}

async function showSchedules(visit: InProject): Promise<Response> {
  const { state = "living", fn = "", origin = "", cursor } = visit.c.req.query();
  const shown = { limit: SHOWN, latest_runs: LATEST_RUNS, cursor };
  const query = { ...shown, state: state === "all" ? "" : state, fn, origin };
  const [schedules, functions, said] = await Promise.all([
    visit.api.get(withQuery(`${visit.at}/schedules`, query), pageOf(ListedScheduleAnswer)),
    functionsOf(visit),
    saidOf(visit),
  ]);
  return visit.show(
    <SchedulesPage
      visit={visit}
      schedules={schedules.items}
      next={schedules.next_cursor}
      functions={functions ?? []}
      filters={{ state, fn, origin }}
      said={said}
    />,
  );
}

/** The schedule that something was just done to, as it is now: the list may be about others. */
async function saidOf({ c, api, at }: InProject): Promise<ScheduleAnswer | null> {
  const { did = "", s = "" } = c.req.query();
  if (did === "" || !isUuid(s)) return null;
  const found = await api.ask(at + address`/schedules/${s}`, ScheduleAnswer);
  return found.ok ? found.value : null;
}

interface Props {
  readonly visit: InProject;
  readonly schedules: readonly ListedScheduleAnswer[];
  readonly next: string | null;
  readonly functions: readonly string[];
  readonly filters: Filters;
  readonly said: ScheduleAnswer | null;
}

const SchedulesPage = ({ visit, schedules, next, functions, filters, said }: Props) => {
  const isFirst = visit.c.req.query("cursor") === undefined;
  const isUnfiltered = filters.state === "living" && filters.fn === "" && filters.origin === "";
  const path = `${visit.home}/schedules`;
  return (
    <Page visit={visit} title="Schedules" acts={visit.reaches("can_edit") ? <NewOne visit={visit} /> : null} isLive>
      <SaidOfActs visit={visit} schedule={said} isList />
      {schedules.length === 0 && isUnfiltered && isFirst ? (
        <NoSchedule visit={visit} />
      ) : (
        <>
          <Filtering path={path} filters={filters} functions={functions} />
          {schedules.length === 0 ? (
            <p class="quiet">
              No schedule is like that. <a href={path}>Show those that live</a>, or{" "}
              <a href={`${path}?state=all`}>all of them</a>.
            </p>
          ) : (
            <ul class="sheet" id="schedules" data-live>
              {schedules.map((schedule) => (
                <ScheduleRow visit={visit} schedule={schedule} />
              ))}
            </ul>
          )}
        </>
      )}
      {schedules.length === 0 && isUnfiltered ? (
        <p>
          <a href={`${path}?state=all`}>Show those that have ended</a>
        </p>
      ) : null}
      <More href={next === null ? null : withQuery(path, { ...filters, cursor: next })}>Later ones</More>
    </Page>
  );
};

const STATE_CHOICES: Readonly<Record<SoughtState, string>> = {
  living: "living",
  active: "active",
  paused: "paused",
  completed: "completed",
  cancelled: "cancelled",
  quarantined: "quarantined",
};

interface FilteringProps {
  readonly path: string;
  readonly filters: Filters;
  readonly functions: readonly string[];
}

const Filtering = ({ path, filters, functions }: FilteringProps) => (
  <form class="filters" method="get" action={path}>
    <SelectField
      name="state"
      label="State"
      value={filters.state}
      options={[
        ["living", STATE_CHOICES.living],
        ...SOUGHT_STATES.filter((state) => state !== "living").map((state): [string, string] => [
          state,
          STATE_CHOICES[state],
        ]),
        ["all", "any"],
      ]}
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
      name="origin"
      label="Origin"
      value={filters.origin}
      options={[["", "any"], ...SCHEDULE_ORIGINS.map((one): [string, string] => [one, ORIGIN_WORDS[one]])]}
      submits
    />
    <button class="second unscripted" type="submit">
      Filter
    </button>
  </form>
);

const NewOne = ({ visit }: { readonly visit: InProject }) => (
  <a class="button" href={`${visit.home}/schedules/new`} data-new>
    New schedule
  </a>
);

const NoSchedule = ({ visit }: { readonly visit: InProject }) => (
  <Empty title="Nothing is scheduled">
    <p>
      A schedule says in plain words, or as cron, when a function runs, or the whole project. Make one on this page, or
      from a program:
    </p>
    <Copyable id="first-schedule" text={firstSchedule(visit)} />
    {visit.reaches("can_edit") ? <NewOne visit={visit} /> : <p class="quiet">Making one needs can_edit.</p>}
  </Empty>
);

const firstSchedule = ({ c, at, zone }: InProject): string => `curl ${new URL(c.req.url).origin}${at}/schedules \\
  -H "Authorization: Bearer $CARILLON_TOKEN" -H "Content-Type: application/json" \\
  -d '{"schedule": "every day at 9:00 am", "timezone": "${zone}"}'`;
