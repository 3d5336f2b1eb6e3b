/** What there is to know of a schedule: its next times, how its expression was read, and its policies. */
import { lengthOf } from "../../domain/time/saying.ts";
import type { OccurrenceAnswer, ScheduleAnswer } from "../answers/schedule.ts";
import type { InProject } from "../in-project.tsx";
import { Ago, Moment } from "../pieces/moment.tsx";
import { saysBoth } from "./schedule-row.tsx";
import { isLiving, nameOfSchedule, ORIGIN_WORDS, policyLines } from "./schedule-words.ts";

interface Props {
  readonly visit: InProject;
  readonly schedule: ScheduleAnswer;
}

/** A time to come; `isSkipped`: it was asked to be left out. */
interface Coming extends Pick<OccurrenceAnswer, "scheduled_for" | "effective_at" | "note"> {
  readonly isSkipped: boolean;
}

const comingOf = ({ upcoming, skips }: ScheduleAnswer): readonly Coming[] =>
  [
    ...upcoming.map((one) => ({ ...one, isSkipped: false })),
    ...skips.map((scheduled_for) => ({ scheduled_for, isSkipped: true })),
  ].sort((one, other) => one.scheduled_for - other.scheduled_for);

/** The next times, those that are skipped among them. */
export const NextTimes = ({ visit, schedule }: Props) => {
  const coming = comingOf(schedule);
  if (coming.length === 0)
    return <p class="quiet">{isLiving(schedule) ? "None, as long as it is so." : "None: it is over."}</p>;
  return (
    <ul class="sheet">
      {coming.map(({ scheduled_for, effective_at, note, isSkipped }) => (
        <li data-key={String(scheduled_for)}>
          <span class="line">
            {isSkipped ? <span class="mark warn">skipped</span> : null}
            <Moment at={scheduled_for} timezone={schedule.timezone} />
            {saysBoth(visit.zone, schedule.timezone) ? null : (
              <span class="quiet">
                <Moment at={scheduled_for} timezone={visit.zone} />
              </span>
            )}
            {effective_at === undefined || effective_at === scheduled_for ? null : (
              <span class="quiet">starts {lengthOf(effective_at - scheduled_for)} later</span>
            )}
            <span class="end quiet">
              <Ago at={scheduled_for} timezone={visit.zone} now={visit.now} />
            </span>
          </span>
          {note === undefined ? null : <p class="warn">{note}</p>}
        </li>
      ))}
    </ul>
  );
};

/** Everything that was saved, as it was understood. */
export const Understood = ({ visit, schedule }: Props) => (
  <dl class="sheet">
    <dt>As written</dt>
    <dd>
      <code dir="auto">{schedule.schedule}</code>
    </dd>
    <dt>Understood as</dt>
    <dd>
      {schedule.description} <span class="quiet">({schedule.kind})</span>
      {schedule.cron.map((line) => (
        <div>
          <code>{line}</code>
        </div>
      ))}
    </dd>
    {schedule.notes.length === 0 ? null : (
      <>
        <dt>Notes</dt>
        <dd>
          {schedule.notes.map((note) => (
            <div>{note}</div>
          ))}
        </dd>
      </>
    )}
    <dt>Time zone</dt>
    <dd>{schedule.timezone}</dd>
    <dt>Runs</dt>
    <dd>{nameOfSchedule(schedule)}</dd>
    {schedule.args === null ? null : (
      <>
        <dt>With args</dt>
        <dd>
          <pre dir="auto">{JSON.stringify(schedule.args, null, 2)}</pre>
        </dd>
      </>
    )}
    {policyLines(schedule).map(([name, text]) => (
      <>
        <dt>{name}</dt>
        <dd>{text}</dd>
      </>
    ))}
    <Made visit={visit} schedule={schedule} />
  </dl>
);

/** Where it comes from, and since when it is so. */
const Made = ({ visit, schedule }: Props) => (
  <>
    <dt>Origin</dt>
    <dd>
      {ORIGIN_WORDS[schedule.origin]}
      {schedule.key === null ? null : (
        <>
          , with the key <code dir="auto">{schedule.key}</code>
        </>
      )}
    </dd>
    <dt>Made</dt>
    <dd>
      <Ago at={schedule.created_at} timezone={visit.zone} now={visit.now} />
      {schedule.updated_at === schedule.created_at ? null : (
        <>
          , changed <Ago at={schedule.updated_at} timezone={visit.zone} now={visit.now} />
        </>
      )}
    </dd>
  </>
);
