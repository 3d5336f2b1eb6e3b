/** Two people changed one schedule: what each did, side by side, for the second to decide. */
import type { ScheduleAnswer } from "../answers/schedule.ts";
import type { InProject } from "../in-project.tsx";
import { schedulePath } from "../page.tsx";
import { Moment } from "../pieces/moment.tsx";
import { changedFields, FIELD_NAMES, FIELDS, type FieldName, type Typed } from "./schedule-typed.ts";

type Fields = Readonly<Record<FieldName, string>>;

interface Three {
  /** As it was when the second began. */
  readonly before: Fields;
  /** What the second typed. */
  readonly mine: Typed;
  /** What the first saved meanwhile. */
  readonly theirs: Typed;
}

/** What the first saved, with what the second changed over it. */
export function merge({ before, mine, theirs }: Three): Typed {
  const changed = changedFields(before, mine);
  return { ...theirs, ...Object.fromEntries(changed.map((field) => [field, mine[field]])) };
}

interface Props extends Three {
  readonly visit: InProject;
  readonly schedule: ScheduleAnswer;
}

export const Conflict = ({ visit, schedule, before, mine, theirs }: Props) => {
  const mineToo = new Set(changedFields(before, mine));
  const theirsToo = new Set(changedFields(before, theirs));
  const shown = FIELDS.filter((field) => mineToo.has(field) || theirsToo.has(field));
  return (
    <div class="trouble" role="alert" id="conflict">
      <p class="lead">Somebody else changed it while you did</p>
      <p>
        They saved it on <Moment at={schedule.updated_at} timezone={visit.zone} />. Nothing of yours is saved yet, and
        nothing is lost: below is the form with your changes over theirs.
      </p>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">When you began</th>
              <th scope="col">As they saved it</th>
              <th scope="col">As you typed it</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((field) => (
              <tr>
                <th scope="row">{FIELD_NAMES[field]}</th>
                <Cell text={before[field]} />
                <Cell text={theirs[field]} isNew={theirsToo.has(field)} />
                <Cell text={mineToo.has(field) ? mine[field] : before[field]} isNew={mineToo.has(field)} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="row">
        <button type="submit" form="schedule-form">
          Save mine over it
        </button>
        <a class="button second" href={`${schedulePath(visit, schedule.id)}/edit`}>
          Take theirs
        </a>
      </div>
    </div>
  );
};

const Cell = ({ text, isNew = false }: { readonly text: string; readonly isNew?: boolean }) => (
  <td dir="auto">{text === "" ? <span class="quiet">empty</span> : isNew ? <strong>{text}</strong> : text}</td>
);
