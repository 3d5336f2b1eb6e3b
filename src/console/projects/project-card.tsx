/** A project as a card: what comes next, how it went last, and its last thirty days. */
import { reaches } from "../../domain/access.ts";
import type { OverviewAnswer } from "../answers/overview.ts";
import type { ProjectAnswer } from "../answers/project.ts";
import { runPath } from "../page.tsx";
import { DayStrip } from "../pictures/day-strip.tsx";
import { RetryMark, StatusMark } from "../pieces/marks.tsx";
import { Ago } from "../pieces/moment.tsx";
import { WHOLE_PROJECT } from "../schedules/schedule-words.ts";
import type { SignedIn } from "../signed-in.tsx";
import { projectPath } from "./project-path.ts";

interface CardProps {
  readonly visit: SignedIn;
  readonly project: ProjectAnswer;
  /** Null: it is not for the visitor to see, or not to be had just now. */
  readonly overview: OverviewAnswer | null;
}

export const ProjectCard = ({ visit, project, overview }: CardProps) => (
  <li data-row data-key={project.id}>
    <h2>
      <a href={projectPath(project)}>{project.name}</a>
    </h2>
    {overview === null ? <Closed project={project} /> : <Inside visit={visit} project={project} overview={overview} />}
  </li>
);

const Closed = ({ project }: Pick<CardProps, "project">) => (
  <>
    <p>
      <a href={`${projectPath(project)}/app`}>The app</a>
    </p>
    <p class="quiet">
      {reaches(project.access, "can_view")
        ? "What is inside cannot be shown just now."
        : "What is shared with you of it is its app."}
    </p>
  </>
);

interface InsideProps extends CardProps {
  readonly overview: OverviewAnswer;
}

const Inside = ({ visit, project, overview }: InsideProps) => {
  const { next, last, days, schedules, timezone } = overview;
  const zone = visit.timezone ?? timezone;
  return (
    <>
      <p>
        {next === null ? (
          <span class="quiet">Nothing is due.</span>
        ) : (
          <>
            Next: {next.fn ?? WHOLE_PROJECT} <Ago at={next.effective_at} timezone={zone} now={visit.now} />
          </>
        )}
      </p>
      <p class="line">
        {last === null ? (
          <span class="quiet">Nothing has run yet.</span>
        ) : (
          <>
            <span>Last:</span>
            <StatusMark status={last.status} />
            <RetryMark attempt={last.attempt} />
            <a href={runPath({ home: projectPath(project) }, last.id)}>
              {last.fn ?? WHOLE_PROJECT} <Ago at={last.scheduled_for} timezone={zone} now={visit.now} />
            </a>
          </>
        )}
      </p>
      <p class="quiet">{sayCounts(schedules)}</p>
      <DayStrip days={days} size="small" />
    </>
  );
};

/** `2 active schedules, 1 paused`. */
export function sayCounts({ active, paused, quarantined }: OverviewAnswer["schedules"]): string {
  if (active + paused + quarantined === 0) return "No schedules.";
  return [
    `${active} active ${active === 1 ? "schedule" : "schedules"}`,
    ...(paused === 0 ? [] : [`${paused} paused`]),
    ...(quarantined === 0 ? [] : [`${quarantined} quarantined`]),
  ].join(", ");
}
