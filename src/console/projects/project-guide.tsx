/** The first steps in a project that is new: each with a command to copy and a page that does the same, ticked once it is done. */
import type { Child, PropsWithChildren } from "hono/jsx";
import type { InProject } from "../in-project.tsx";
import { Copyable } from "../pieces/pieces.tsx";

/** What is done of them. */
export interface Steps {
  /** Of the published version; null: nothing is published. */
  readonly functions: readonly string[] | null;
  readonly isScheduled: boolean;
  readonly isTold: boolean;
}

interface GuideProps {
  readonly visit: InProject;
  readonly steps: Steps;
}

export const Guide = ({ visit, steps: { functions, isScheduled, isTold } }: GuideProps) => {
  const fn = functions?.[0] ?? "daily-report";
  return (
    <section class="sheet" aria-labelledby="guide">
      <h2 id="guide">Three steps to the first news</h2>
      <p class="quiet">
        The commands want a token: <a href="/tokens">make one</a>, then <code>export CARILLON_TOKEN=…</code>
      </p>
      <ol class="steps">
        <Step
          title="Publish a function"
          isDone={functions !== null}
          way={<Way visit={visit} path="/versions/new" label="New version" />}
        >
          <p>A function is an address of yours that is called, or code that runs here.</p>
          <Copyable id="guide-version" text={publish(visit)} />
        </Step>
        <Step
          title="Save a schedule"
          isDone={isScheduled}
          way={<Way visit={visit} path="/schedules/new" label="New schedule" />}
        >
          <p>Say in plain words when it runs; the answer says how that was understood.</p>
          <Copyable
            id="guide-schedule"
            text={post(visit, "schedules", { schedule: "every day at 9:00 am", fn, timezone: visit.zone })}
          />
        </Step>
        <Step
          title="Tell somebody"
          isDone={isTold}
          way={<Way visit={visit} path="/notifications" label="Notifications" />}
        >
          <p>A notification belongs to a schedule: of which runs it tells whom, by email, in Slack or by webhook.</p>
          <Copyable id="guide-notification" text={tell(visit)} />
        </Step>
      </ol>
    </section>
  );
};

interface StepProps {
  readonly title: string;
  readonly isDone: boolean;
  readonly way: Child;
}

const Step = ({ title, isDone, way, children }: PropsWithChildren<StepProps>) => (
  <li>
    <p class="line">
      <strong>{title}</strong> {isDone ? <span class="mark good">✓ done</span> : null}
    </p>
    {isDone ? null : (
      <>
        {children}
        {way}
      </>
    )}
  </li>
);

const Way = ({ visit, path, label }: { readonly visit: InProject; readonly path: string; readonly label: string }) =>
  visit.reaches("can_edit") ? (
    <p>
      <a class="button second" href={visit.home + path}>
        {label}
      </a>
    </p>
  ) : (
    <p class="quiet">This needs can_edit.</p>
  );

const curl = ({ c }: InProject, method: string, path: string, body: object): string =>
  `curl -X ${method} ${new URL(c.req.url).origin}${path} \\
  -H "Authorization: Bearer $CARILLON_TOKEN" -H "Content-Type: application/json" \\
  -d '${JSON.stringify(body)}'`;

const post = (visit: InProject, what: string, body: object): string => curl(visit, "POST", `${visit.at}/${what}`, body);

const publish = (visit: InProject): string =>
  [
    post(visit, "versions", { functions: [{ name: "daily-report", kind: "http", url: "https://example.com/report" }] }),
    curl(visit, "PUT", `${visit.at}/published`, { version: 1 }),
  ].join("\n");

/** The id of the schedule is in the answer to the step before. */
const tell = (visit: InProject): string =>
  curl(visit, "PATCH", `${visit.at}/schedules/$SCHEDULE`, {
    notifications: [{ on: "failure", users: [visit.visitor.membership.memberId] }],
  });
