/** The page of a project. */
import { describe } from "../domain/language/describe.ts";
import type { Run } from "../domain/run.ts";
import type { Schedule } from "../domain/schedule.ts";
import { upcomingOf } from "../domain/upcoming.ts";
import { now } from "../system.ts";
import { Frame } from "./frame.tsx";
import { Moment } from "./moment.tsx";
import { sayNotification } from "./notification-words.ts";
import type { Inside } from "./project.tsx";
import { ProjectStyle } from "./project-style.tsx";
import type { ProjectVisit } from "./project-visit.tsx";
import { STATUS_WORDS } from "./run-words.ts";

/** `inside`: null to those whom the app alone is shown. */
export const ProjectPage = ({
  visitor,
  project,
  timezone,
  inside,
}: ProjectVisit & { readonly inside: Inside | null }) => {
  const { workspace, email } = visitor.membership;
  return (
    <Frame title={project.name} who={{ workspace, email }}>
      <ProjectStyle />
      <p>
        <a href={`/v1/projects/${project.id}/app`}>The app</a>
      </p>
      {inside === null ? (
        <p class="quiet">What is shared with you of this project is its app, and news of its runs.</p>
      ) : (
        <>
          <Schedules {...inside} timezone={timezone} />
          <Runs runs={inside.runs} project={project.id} zone={timezone ?? inside.zone} />
        </>
      )}
    </Frame>
  );
};

const Schedules = ({ schedules, hasMore, timezone }: Inside & Pick<ProjectVisit, "timezone">) => (
  <>
    <h2>Schedules</h2>
    {schedules.length === 0 ? (
      <p class="quiet">Nothing is scheduled.</p>
    ) : (
      <ul class="sheet">
        {schedules.map((schedule) => (
          <OneSchedule schedule={schedule} timezone={timezone} />
        ))}
      </ul>
    )}
    {hasMore ? <p class="quiet">There are more; the API lists them all.</p> : null}
  </>
);

const OneSchedule = ({ schedule, timezone }: { readonly schedule: Schedule } & Pick<ProjectVisit, "timezone">) => {
  const { spec, state, reason } = schedule;
  const [next] = upcomingOf(schedule, now(), 1);
  return (
    <li>
      {spec.fn ?? "The whole project"}: {describe(spec.recurrence, spec.timezone)}{" "}
      {state === "active" ? null : <span class="mark">{state}</span>}
      <br />
      <span class="quiet">
        {next === undefined ? (
          (reason ?? "Nothing is due.")
        ) : (
          <>
            Next <Moment at={next.startsAt} timezone={timezone ?? spec.timezone} />
          </>
        )}
      </span>
      {(spec.notifications ?? []).map((notification) => (
        <>
          <br />
          <span class="quiet">{sayNotification({ ...notification, slack_channels: notification.slackChannels })}</span>
        </>
      ))}
    </li>
  );
};

const Runs = ({
  runs,
  project,
  zone,
}: {
  readonly runs: readonly Run[];
  readonly project: string;
  readonly zone: string;
}) => (
  <>
    <h2>Latest runs</h2>
    {runs.length === 0 ? (
      <p class="quiet">Nothing has run yet.</p>
    ) : (
      <ul class="sheet">
        {runs.map((run) => (
          <li>
            <a href={`/projects/${project}/runs/${run.id}`}>{run.fn ?? "The whole project"}</a>{" "}
            {STATUS_WORDS[run.status]}
            {run.attempt === 0 ? null : (
              <>
                {" "}
                <span class="mark" title={`Attempt ${run.attempt + 1}`}>
                  ↻{run.attempt}
                </span>
              </>
            )}
            <br />
            <span class="quiet">
              <Moment at={run.scheduledFor} timezone={zone} />
            </span>
          </li>
        ))}
      </ul>
    )}
  </>
);
