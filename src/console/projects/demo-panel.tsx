/** What somebody reads at the first visit after a local start, while the demo is all there is. A project of one's own ends it. */
import type { ProjectAnswer } from "../answers/project.ts";
import type { RunAnswer } from "../answers/run.ts";
import { runPath } from "../page.tsx";
import type { SignedIn } from "../signed-in.tsx";
import { projectPath } from "./project-path.ts";

/** As the local start names it, and the examples that it makes beside it. */
const SLUG = "demo";
const EXAMPLES = ["report", "clean-up", "reminder"];

/** The demo, where nothing is there but what the local start made; null: somebody has made a project, or it is none. */
export function demoAmong<Known extends Pick<ProjectAnswer, "slug">>(projects: readonly Known[]): Known | null {
  const isUntouched = projects.every(({ slug }) => slug === SLUG || EXAMPLES.includes(slug));
  return isUntouched ? (projects.find(({ slug }) => slug === SLUG) ?? null) : null;
}

interface PanelProps {
  readonly visit: SignedIn;
  readonly demo: ProjectAnswer;
  readonly last: RunAnswer | null;
  /** Other projects came with it. */
  readonly hasExamples: boolean;
}

export const DemoPanel = ({ visit, demo, last, hasExamples }: PanelProps) => {
  const home = projectPath(demo);
  return (
    <section class="sheet" aria-labelledby="welcome">
      <h2 id="welcome">Welcome. The demo is alive</h2>
      <p>The project {demo.name} came with the local start, and runs on this machine alone:</p>
      <ul>
        <li>a heartbeat runs every 15 seconds,</li>
        <li>a flaky function runs every minute; it fails at first, and its retries are marked ↻1 and ↻2,</li>
        <li>a report runs every 5 minutes.</li>
      </ul>
      <p>
        Look at <a href={`${home}/runs`}>its run log</a> first, where rows appear while you watch
        {last === null ? null : (
          <>
            ; then at <a href={runPath({ home }, last.id)}>its latest run</a>
          </>
        )}
        . {hasExamples ? "The other projects are the examples that came along: code, with an app each. " : null}How a
        time in English is understood, you see while you type it in <a href={`${home}/schedules/new`}>a new schedule</a>
        . The API has all of it, too: <a href="/docs">/docs</a>.
      </p>
      {visit.can("create_projects") ? (
        <p>
          <a class="button" href="/projects/new">
            Make a project of your own
          </a>{" "}
          <span class="quiet">It begins empty, with three steps to follow; this panel is gone then.</span>
        </p>
      ) : null}
    </section>
  );
};
