/** `/projects/{p}`: a project at a glance. News that is about no run leads here. */
import { pageOf } from "../answers/fields.ts";
import { LoadAnswer, OverviewAnswer } from "../answers/overview.ts";
import { RunAnswer } from "../answers/run.ts";
import { ScheduleAnswer } from "../answers/schedule.ts";
import { withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { type InProject, onProjectPage } from "../in-project.tsx";
import { Page } from "../page.tsx";
import { NOTHING_WRONG, type Wrongs } from "../pieces/fields.tsx";
import { functionsOf } from "../schedules/schedule-functions.ts";
import type { Steps } from "./project-guide.tsx";
import { ProjectPage } from "./project-page.tsx";

const RUNS_SHOWN = 10;
const STOPPED_SHOWN = 20;
/** Schedules that are looked through for somebody who is told. */
const LOOKED_THROUGH = 50;

export function mountProject(pages: Pages): void {
  onProjectPage(pages, "/projects/:p", "app_only", (visit) =>
    visit.reaches("can_view") ? showProject(visit) : visit.show(<AppOnlyPage visit={visit} />),
  );
}

/** Everything that the page shows. */
export interface Glance {
  readonly overview: OverviewAnswer;
  readonly load: LoadAnswer;
  /** Newest first. */
  readonly runs: readonly RunAnswer[];
  /** Paused and quarantined ones. */
  readonly stopped: readonly ScheduleAnswer[];
  /** What is still to be done in a project that is new; null: it is in use. */
  readonly steps: Steps | null;
}

/** What was sent from the page, and could not be done. */
export interface NotDone {
  readonly wrongs: Wrongs;
  readonly filled: Filled;
}

/** The page; with what was refused, as the answer to a form. */
export async function showProject(visit: InProject, notDone?: NotDone): Promise<Response> {
  const glance = await lookAt(visit);
  const props = { visit, glance, wrongs: notDone?.wrongs ?? NOTHING_WRONG, filled: notDone?.filled };
  return visit.show(<ProjectPage {...props} />, notDone === undefined ? 200 : 422);
}

async function lookAt(visit: InProject): Promise<Glance> {
  const { api, at } = visit;
  const [overview, load, runs, functions] = await Promise.all([
    // The days are in no live part, and counting them reads many rows of the log.
    api.get(withQuery(`${at}/overview`, { days: visit.looksAgain ? 1 : null }), OverviewAnswer),
    api.get(`${at}/upcoming`, LoadAnswer),
    api.get(`${at}/runs?limit=${RUNS_SHOWN}`, pageOf(RunAnswer)),
    functionsOf(visit),
  ]);
  const { active, paused, quarantined } = overview.schedules;
  const isInUse = runs.items.length >= RUNS_SHOWN || runs.items.some(({ context }) => context === "scheduled");
  const [pausedOnes, quarantinedOnes, isTold] = await Promise.all([
    paused === 0 ? [] : schedulesOf(visit, "paused", STOPPED_SHOWN),
    quarantined === 0 ? [] : schedulesOf(visit, "quarantined", STOPPED_SHOWN),
    isInUse ? true : isAnybodyTold(visit),
  ]);
  const facts = { functions, isScheduled: active + paused + quarantined > 0, isTold };
  const isDone = functions !== null && facts.isScheduled && isTold;
  const steps = isInUse || isDone ? null : facts;
  return { overview, load, runs: runs.items, stopped: [...quarantinedOnes, ...pausedOnes], steps };
}

async function schedulesOf({ api, at }: InProject, state: string, limit: number): Promise<readonly ScheduleAnswer[]> {
  return (await api.get(withQuery(`${at}/schedules`, { state, limit }), pageOf(ScheduleAnswer))).items;
}

const isAnybodyTold = async (visit: InProject): Promise<boolean> =>
  (await schedulesOf(visit, "living", LOOKED_THROUGH)).some(({ notifications }) => notifications.length > 0);

const AppOnlyPage = ({ visit }: { readonly visit: InProject }) => (
  <Page visit={visit} title={visit.project.name}>
    <p>
      <a class="button" href={`${visit.at}/app`}>
        Open the app
      </a>
    </p>
    <p class="quiet">What is shared with you of this project is its app, and news of its runs.</p>
  </Page>
);
