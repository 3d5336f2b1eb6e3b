/** The page of a run. */
import { reaches } from "../domain/access.ts";
import type { Capture } from "../domain/captures/capture.ts";
import { fixFor } from "../domain/captures/failure.ts";
import type { Delivery } from "../domain/news/delivery.ts";
import type { Run } from "../domain/run.ts";
import { lengthOf } from "../domain/time/saying.ts";
import { DeliveryList } from "./delivery-list.tsx";
import { Frame } from "./frame.tsx";
import { Moment } from "./moment.tsx";
import { ProjectStyle } from "./project-style.tsx";
import type { ProjectVisit } from "./project-visit.tsx";
import type { SeenRun } from "./run.tsx";
import { type RunWords, STATUS_WORDS } from "./run-words.ts";
import { Said } from "./said.tsx";

interface Props extends ProjectVisit, SeenRun {
  /** The delivery that was just sent for once more; null when none was. */
  readonly again: Delivery | null;
}

export const RunPage = (props: Props) => {
  const { visitor, project, access, id, words, run, chain, captures, deliveries, subjects, zone, again } = props;
  const { workspace, email } = visitor.membership;
  const at = `/v1/projects/${project.id}`;
  return (
    <Frame title={words?.title ?? `A run of ${project.name}`} who={{ workspace, email }}>
      <ProjectStyle />
      <p class="quiet">
        <a href={`/projects/${project.id}`}>{project.name}</a>
      </p>
      {words === null ? <Untold /> : <Told words={words} run={run} />}
      <p>
        {reaches(access, "can_explore") ? (
          <>
            <a href={`${at}/runs/${id}/app`}>The app as this run left it</a> ·{" "}
          </>
        ) : null}
        <a href={`${at}/app`}>The app as it is now</a>
      </p>
      {chain.length > 1 ? <Attempts chain={chain} shown={id} project={project.id} zone={zone} /> : null}
      {captures.length > 0 ? <Captures captures={captures} at={`${at}/runs/${id}/captures`} /> : null}
      <DeliveryList
        {...{ deliveries, subjects, zone, again }}
        {...(reaches(access, "can_edit") ? { doors: `/projects/${project.id}/runs/${id}/deliveries` } : {})}
      />
    </Frame>
  );
};

const TONES = { good: "good", bad: "wrong", quiet: "quiet" } as const;

const Told = ({ words, run }: { readonly words: RunWords; readonly run: Run | null }) => (
  <div class="sheet">
    {words.lines.map((line) => (
      <Said text={line} tone={TONES[words.tone]} />
    ))}
    {run?.error?.excerpt ? <pre dir="auto">{run.error.excerpt}</pre> : null}
    <dl>
      {words.facts.map(({ label, value }) => (
        <>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </>
      ))}
      {run === null ? null : (
        <>
          <dt>State</dt>
          <dd>
            <code>{run.status}</code>
          </dd>
        </>
      )}
    </dl>
  </div>
);

const Untold = () => (
  <div class="sheet">
    <p>What is shared with you is the app of this project. Of this run you were told nothing.</p>
  </div>
);

interface AttemptsProps {
  readonly chain: readonly Run[];
  readonly shown: string;
  readonly project: string;
  readonly zone: string;
}

const Attempts = ({ chain, shown, project, zone }: AttemptsProps) => (
  <>
    <h2>Attempts</h2>
    <ul class="sheet">
      {chain.map((run) => (
        <li>
          {run.id === shown ? (
            <>
              Attempt {run.attempt + 1} <span class="mark">this one</span>
            </>
          ) : (
            <a href={`/projects/${project}/runs/${run.id}`}>Attempt {run.attempt + 1}</a>
          )}{" "}
          {STATUS_WORDS[run.status]}
          {run.error === null ? null : <Said text={run.error.message} tone="wrong" />}
          {run.startedAt === null ? null : (
            <p class="quiet">
              <Moment at={run.startedAt} timezone={zone} />
              {run.finishedAt === null ? null : `, took ${lengthOf(run.finishedAt - run.startedAt)}`}
            </p>
          )}
        </li>
      ))}
    </ul>
  </>
);

const NAMES = { png: "Picture", pdf: "PDF" } as const;

const Captures = ({ captures, at }: { readonly captures: readonly Capture[]; readonly at: string }) => (
  <>
    <h2>Captures</h2>
    {captures.map((capture) => (
      <OneCapture capture={capture} at={`${at}/${capture.format}`} />
    ))}
  </>
);

const OneCapture = ({ capture, at }: { readonly capture: Capture; readonly at: string }) => {
  const { format, facts, failure, state } = capture;
  if (facts === null && state === "failed" && failure !== null)
    return (
      <>
        <p>
          {NAMES[format]}: it could not be taken. {fixFor(failure.reason)}
        </p>
        <Said text={failure.message} tone="wrong" />
      </>
    );
  if (facts === null) return <p>{NAMES[format]}: it is being taken. Look again in a moment.</p>;
  if (format === "pdf")
    return (
      <p>
        <a href={at}>PDF of the app</a>
        {facts.print === undefined ? null : `, ${facts.print.pages} ${facts.print.pages === 1 ? "page" : "pages"}`}
      </p>
    );
  return (
    <p>
      <a href={at}>
        <img class="capture" src={`${at}?size=preview`} alt="The app as this run left it" loading="lazy" />
      </a>
    </p>
  );
};
