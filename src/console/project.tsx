/** `/projects/{p}`: a project at a glance. News that is about no run leads here. */
import { reachProject } from "../actor/reach.ts";
import { reaches } from "../domain/access.ts";
import type { Run } from "../domain/run.ts";
import type { Schedule, ScheduleState } from "../domain/schedule.ts";
import type { Pages, Visit } from "./door.tsx";
import { latestRuns } from "./finding-runs.ts";
import { ProjectPage } from "./project-page.tsx";
import { showProject } from "./project-style.tsx";
import { type ProjectVisit, projectVisit } from "./project-visit.tsx";

/** What one page shows; the API has the rest. */
const SCHEDULES_SHOWN = 50;
const RUNS_SHOWN = 20;

export function mountProject(pages: Pages): void {
  pages.get("/projects/:p", async (c) => {
    const visit = await projectVisit(c);
    if (!visit.ok) return visit.error;
    const inside = reaches(visit.value.access, "can_view") ? await lookInside(c, visit.value) : null;
    return showProject(c, <ProjectPage {...visit.value} inside={inside} />);
  });
}

/** What those see to whom schedules and runs are shown. */
export interface Inside {
  readonly schedules: readonly Schedule[];
  /** There are more than are shown. */
  readonly hasMore: boolean;
  readonly runs: readonly Run[];
  /** The project's own zone. */
  readonly zone: string;
}

/** Those that live, the active ones first. */
const LIVING = ["active", "paused", "quarantined"] as const satisfies readonly ScheduleState[];

async function lookInside({ env }: Visit, { project }: ProjectVisit): Promise<Inside> {
  const actor = reachProject(env, project.scope);
  const [pages, runs, settings] = await Promise.all([
    Promise.all(LIVING.map((state) => actor.schedules({ state }, { limit: SCHEDULES_SHOWN }))),
    latestRuns(env, project.scope, RUNS_SHOWN),
    actor.settings(),
  ]);
  const found = pages.flatMap((page) => (page.ok ? [page.value] : []));
  const schedules = found.flatMap(({ items }) => items);
  return {
    schedules: schedules.slice(0, SCHEDULES_SHOWN),
    hasMore: schedules.length > SCHEDULES_SHOWN || found.some(({ next }) => next !== null),
    runs,
    zone: settings.ok ? settings.value.timezone : "UTC",
  };
}
