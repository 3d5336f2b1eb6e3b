/** What the coming days hold: the calendar, the minutes of the hour, and the way to spread a crowd. */

import { durationText } from "../../domain/language/duration-text.ts";
import type { CrowdedAnswer, LoadAnswer } from "../answers/overview.ts";
import type { Filled } from "../filled.ts";
import type { InProject } from "../in-project.tsx";
import { MinuteLoad, sayMinute } from "../pictures/minute-load.tsx";
import { WeekCalendar } from "../pictures/week-calendar.tsx";
import { CheckField, Choices, TextField, type Wrongs } from "../pieces/fields.tsx";
import { WHOLE_PROJECT } from "../schedules/schedule-words.ts";

const SPREAD_OFFERED = "10 minutes";
/** Dense schedules that are named. */
const NAMED_MAX = 5;

interface Props {
  readonly visit: InProject;
  readonly load: LoadAnswer;
  readonly wrongs: Wrongs;
  /** What was typed and refused. */
  readonly filled: Filled | undefined;
}

export const ProjectLoad = ({ visit, load, wrongs, filled }: Props) =>
  load.schedules.length === 0 ? null : (
    <>
      <h2 id="week">The coming week</h2>
      <WeekCalendar load={load} now={visit.now} />
      <NotIn load={load} />
      <h2 id="load">What starts at which minute</h2>
      <MinuteLoad load={load} />
      <Crowd visit={visit} load={load} wrongs={wrongs} filled={filled} />
    </>
  );

/** What the pictures do not hold, and what they hold without having been looked through. */
const NotIn = ({ load }: Pick<Props, "load">) => {
  const dense = load.schedules.filter((schedule) => schedule.dense && schedule.count !== null);
  const uncounted = load.schedules.filter(({ count }) => count === null);
  return (
    <>
      {dense.length === 0 ? null : (
        <p class="quiet">Too frequent to be looked through, and counted by how often they run: {named(dense)}.</p>
      )}
      {load.left_out === 0 ? null : (
        <p class="quiet">Too frequent to be counted, and in none of these numbers: {named(uncounted)}.</p>
      )}
      {load.truncated ? (
        <p class="quiet">More schedules are due than are looked at; those that are due last are not in the pictures.</p>
      ) : null}
    </>
  );
};

function named(schedules: LoadAnswer["schedules"]): string {
  const names = schedules.slice(0, NAMED_MAX).map(({ fn, description }) => `${fn ?? WHOLE_PROJECT}, ${description}`);
  const more = schedules.length - names.length;
  return [...names, ...(more === 0 ? [] : [`and ${more} more`])].join("; ");
}

const Crowd = ({ visit, load: { crowded }, wrongs, filled }: Props) => {
  if (crowded.length === 0) return null;
  const minutes = crowded.map(({ minute }) => sayMinute(minute)).join(", ");
  return (
    <div class="sheet" id="crowd">
      <p>
        Much starts at once at {minutes}, so that runs wait for each other, and for what they call. With spread a
        schedule starts a little later, always by the same offset of its own: what its runs are scheduled for, and what
        its function is told, stays.
      </p>
      {visit.reaches("can_edit") ? (
        <form method="post" action={`${visit.home}/spreads`}>
          <Choices legend="Spread these">
            {schedulesIn(crowded).map((schedule) => (
              <CheckField
                id={`spread-${schedule.id}`}
                name="schedule"
                value={schedule.id}
                label={`${schedule.fn ?? WHOLE_PROJECT}, ${schedule.description}`}
                hint={schedule.spread === 0 ? undefined : `Spread over ${durationText(schedule.spread)} already.`}
                isOn={filled === undefined ? schedule.spread === 0 : filled.all("schedule").includes(schedule.id)}
              />
            ))}
          </Choices>
          <TextField
            name="spread"
            label="Over how long"
            hint="Such as 10 minutes. Never as long as the time between two runs."
            value={filled?.text("spread") ?? SPREAD_OFFERED}
            required
            wrongs={wrongs}
          />
          <button type="submit">Spread them</button>
        </form>
      ) : (
        <p class="quiet">Spreading them needs can_edit.</p>
      )}
    </div>
  );
};

/** Each once: a schedule may start in several crowded minutes. */
const schedulesIn = (crowded: readonly CrowdedAnswer[]): readonly CrowdedAnswer["schedules"][number][] => [
  ...new Map(crowded.flatMap(({ schedules }) => schedules).map((schedule) => [schedule.id, schedule])).values(),
];
