/** How an expression is read while it is typed: what it means and when it would run, or what is wrong with it, and where. */

import type { InputIssue } from "../../domain/errors.ts";
import { DEFAULT_DST, type DstPolicy } from "../../domain/recurrence/recurrence.ts";
import { PreviewAnswer } from "../answers/schedule.ts";
import type { Pages } from "../door.tsx";
import { type InProject, onProjectForm } from "../in-project.tsx";
import { Ago, Moment } from "../pieces/moment.tsx";
import { saysBoth } from "./schedule-row.tsx";
import { type Typed, typedIn } from "./schedule-typed.ts";

/** What came of reading it; null: nothing was typed. */
export type Reading =
  | { readonly kind: "understood"; readonly preview: PreviewAnswer }
  | { readonly kind: "refused"; readonly text: string; readonly issues: readonly InputIssue[] }
  | null;

/** For the script: the reading alone, as a piece of the page that it is put into. */
export function mountScheduleReading(pages: Pages): void {
  onProjectForm(pages, "/projects/:p/schedules/reading", "can_edit", async (visit, filled) =>
    visit.c.html(await (<ReadingView visit={visit} reading={await readingOf(visit, typedIn(filled))} />)),
  );
}

/** Asks the API. */
export async function readingOf({ api, zone }: InProject, typed: Typed): Promise<Reading> {
  if (typed.schedule === "") return null;
  const dst = { gap: typed.dst_gap || DEFAULT_DST.gap, fold: typed.dst_fold || DEFAULT_DST.fold } satisfies Record<
    keyof DstPolicy,
    string
  >;
  const body = { schedule: typed.schedule, timezone: typed.timezone || zone, dst };
  const read = await api.send("POST", "/v1/previews", PreviewAnswer, { body });
  if (read.ok) return { kind: "understood", preview: read.value };
  return { kind: "refused", text: typed.schedule, issues: read.error.errors };
}

interface ViewProps {
  readonly visit: InProject;
  readonly reading: Reading;
}

export const ReadingView = ({ visit, reading }: ViewProps) => {
  if (reading === null) return <p class="quiet">Type an expression, and here is how it is understood.</p>;
  if (reading.kind === "understood") return <Understood visit={visit} preview={reading.preview} />;
  return (
    <div class="trouble">
      {reading.issues.map((issue) => (
        <Wrong text={reading.text} issue={issue} />
      ))}
    </div>
  );
};

const KINDS: Readonly<Record<PreviewAnswer["kind"], string>> = {
  once: "Runs once",
  interval: "Runs at an interval",
  calendar: "Runs by the calendar",
};

const Understood = ({ visit, preview }: { readonly visit: InProject; readonly preview: PreviewAnswer }) => (
  <div class="news">
    <p class="lead">{preview.description}</p>
    <p class="line">
      <span>{KINDS[preview.kind]}</span>
      {preview.cron.map((line) => (
        <code>{line}</code>
      ))}
      {preview.every === null ? null : <code>{preview.every}</code>}
    </p>
    {preview.over_plan === null ? null : <p class="wrong">{preview.over_plan}</p>}
    {preview.notes.map((note) => (
      <p class="warn">{note}</p>
    ))}
    <Times visit={visit} preview={preview} />
  </div>
);

/** The next times by every clock that matters: the schedule's, the viewer's, and UTC, which stands beside each. */
const Times = ({
  visit,
  preview: { upcoming, timezone },
}: {
  readonly visit: InProject;
  readonly preview: PreviewAnswer;
}) => (
  <ol>
    {upcoming.map(({ scheduled_for, note }) => (
      <li>
        <Moment at={scheduled_for} timezone={timezone} />
        {saysBoth(visit.zone, timezone) ? null : (
          <span class="quiet">
            {" · "}
            <Moment at={scheduled_for} timezone={visit.zone} />
          </span>
        )}
        <span class="quiet">
          {" · "}
          <Ago at={scheduled_for} timezone={visit.zone} now={visit.now} />
        </span>
        {note === undefined ? null : <p class="warn">{note}</p>}
      </li>
    ))}
  </ol>
);

/** What is wrong, marked in the text where it is of the expression, and what would do instead. */
const Wrong = ({ text, issue }: { readonly text: string; readonly issue: InputIssue }) => (
  <>
    {issue.path === "/schedule" && issue.position !== undefined ? <Marked text={text} at={issue.position} /> : null}
    <p class="wrong" dir="auto">
      {issue.message}
    </p>
    {issue.expected === undefined ? null : <p>Expected: {issue.expected}.</p>}
    {issue.suggestion === undefined || issue.path !== "/schedule" ? null : (
      <p class="row">
        <button class="second" type="submit" name="use" value={issue.suggestion} formnovalidate>
          Use “{issue.suggestion}”
        </button>
      </p>
    )}
  </>
);

const Marked = ({ text, at }: { readonly text: string; readonly at: number }) => {
  const rest = text.slice(at);
  const [word = rest] = /^\S+/.exec(rest) ?? [];
  return (
    <pre dir="auto">
      {text.slice(0, at)}
      <mark>{word === "" ? "␣" : word}</mark>
      {rest.slice(word.length)}
    </pre>
  );
};
