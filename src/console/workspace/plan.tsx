/** `/plan`: what the plan allows, what is used of it, and what the next one lifts. */
import { allows, type LimitName, PLAN_NAMES, PLANS, type PlanLimits, type PlanName } from "../../domain/plan.ts";
import { lengthOf } from "../../domain/time/saying.ts";
import { type ProjectUse, UsageAnswer } from "../answers/usage.ts";
import { address, withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import { Page } from "../page.tsx";
import { Empty, More, Wide } from "../pieces/pieces.tsx";
import { onPage, type SignedIn } from "../signed-in.tsx";

const SHOWN = 20;

export function mountPlan(pages: Pages): void {
  onPage(pages, "/plan", async (visit) => {
    const path = withQuery("/v1/usage", { limit: SHOWN, cursor: visit.c.req.query("cursor") });
    return visit.show(<PlanPage visit={visit} usage={await visit.api.get(path, UsageAnswer)} />);
  });
}

interface Props {
  readonly visit: SignedIn;
  readonly usage: UsageAnswer;
}

const PlanPage = ({ visit, usage }: Props) => {
  const { plan, members, items, next_cursor: next } = usage;
  const better = PLAN_NAMES[PLAN_NAMES.indexOf(plan.name) + 1];
  return (
    <Page visit={visit} title="Plan and usage">
      <p>
        The workspace has the plan <strong>{plan.name}</strong>, and {members === 1 ? "1 member" : `${members} members`}
        . Whoever runs the deployment sets the plan.
      </p>
      <h2>Limits</h2>
      <Limits plan={plan.name} better={better} captures={usage.captures_today} />
      <h2>Use by project</h2>
      {items.length === 0 ? (
        <Empty title="No project uses any of it">
          <p>
            <a href="/">Go to the projects</a>
          </p>
        </Empty>
      ) : (
        <Uses plan={plan.name} items={items} />
      )}
      <p class="quiet">Days are counted from midnight UTC. Projects that are not shared with you are not listed.</p>
      <More href={next === null ? null : withQuery("/plan", { cursor: next })}>More projects</More>
    </Page>
  );
};

const LIMIT_WORDS: Readonly<Record<LimitName, string>> = {
  retentionDays: "Days that runs and their outputs are kept",
  schedulesPerProject: "Living schedules of a project",
  customSchedules: "Cron, English, intervals and dates, beside hourly, daily, weekly and monthly",
  slack: "News in Slack",
  audit: "Reading the audit",
  shortestInterval: "Least time between two occurrences",
  concurrentRunsPerProject: "Runs of a project at the same time",
  concurrentRuns: "Runs of the workspace at the same time",
  runsPerDay: "Runs of a project in a day",
  capturesPerDay: "Captures of the workspace in a day",
};

/** Every one has its words, or this would not compile. */
const readLimitNames = (): readonly LimitName[] => Object.keys(LIMIT_WORDS) as LimitName[];

const counted = (value: number): string => value.toLocaleString("en");

function sayLimit<Name extends LimitName>(name: Name, value: PlanLimits[Name]): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return name === "shortestInterval" ? lengthOf(value) : counted(value);
}

interface LimitsProps {
  readonly plan: PlanName;
  readonly better: PlanName | undefined;
  readonly captures: number;
}

const Limits = ({ plan, better, captures }: LimitsProps) => (
  <Wide label="What the plan allows">
    <table>
      <thead>
        <tr>
          <th scope="col">Limit</th>
          <th scope="col">{plan}</th>
          <th scope="col">Used today</th>
          {better === undefined ? null : <th scope="col">{better}</th>}
        </tr>
      </thead>
      <tbody>
        {readLimitNames().map((name) => (
          <tr>
            <th scope="row">{LIMIT_WORDS[name]}</th>
            <td>{sayLimit(name, PLANS[plan][name])}</td>
            <td>
              {name === "capturesPerDay" ? (
                <Bar label="Captures today" used={captures} allowed={PLANS[plan].capturesPerDay} />
              ) : null}
            </td>
            {better === undefined ? null : <Lift name={name} plan={plan} better={better} />}
          </tr>
        ))}
      </tbody>
    </table>
  </Wide>
);

interface LiftProps {
  readonly name: LimitName;
  readonly plan: PlanName;
  readonly better: PlanName;
}

/** Stands out where the larger plan allows what this one does not. */
const Lift = ({ name, plan, better }: LiftProps) => {
  const said = sayLimit(name, PLANS[better][name]);
  return (
    <td>{allows(plan, name, PLANS[better][name]) ? <span class="quiet">{said}</span> : <strong>{said}</strong>}</td>
  );
};

interface UsesProps {
  readonly plan: PlanName;
  readonly items: readonly ProjectUse[];
}

const Uses = ({ plan, items }: UsesProps) => {
  const limits = PLANS[plan];
  return (
    <Wide label="What each project uses">
      <table>
        <thead>
          <tr>
            <th scope="col">Project</th>
            <th scope="col">Schedules</th>
            <th scope="col">Runs today, about</th>
            <th scope="col">Running now</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ project, schedules, runs_today: runs, running }) => (
            <tr>
              <th scope="row">
                <a href={address`/projects/${project.slug}`}>{project.name}</a>
              </th>
              <td>
                <Bar label={`Schedules of ${project.name}`} used={schedules} allowed={limits.schedulesPerProject} />
              </td>
              <td>
                <Bar label={`Runs of ${project.name} today`} used={runs} allowed={limits.runsPerDay} />
              </td>
              <td>
                <Bar label={`${project.name} running`} used={running} allowed={limits.concurrentRunsPerProject} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
};

interface BarProps {
  readonly label: string;
  /** Null: the project could not be asked. */
  readonly used: number | null;
  readonly allowed: number;
}

/** From so much of a limit on it is said to be near. */
const NEAR = 0.8;

const Bar = ({ label, used, allowed }: BarProps) =>
  used === null ? (
    <span class="quiet">not known just now</span>
  ) : (
    <>
      {counted(used)} of {counted(allowed)}
      <meter aria-label={label} min={0} max={allowed} high={allowed * NEAR} optimum={0} value={used} />
    </>
  );
