/** The forms on a schedule's page, for what is done to it with more than a press of a button. */
import type { ScheduleAnswer } from "../answers/schedule.ts";
import type { Filled } from "../filled.ts";
import type { InProject } from "../in-project.tsx";
import { schedulePath } from "../page.tsx";
import { NOTHING_WRONG, TextField, type Wrongs } from "../pieces/fields.tsx";
import { Act, Once } from "../pieces/pieces.tsx";

interface Props {
  readonly visit: InProject;
  readonly schedule: ScheduleAnswer;
  /** What was typed and refused. */
  readonly filled: Filled | undefined;
  readonly wrongs: Wrongs | undefined;
}

/** Pausing with a reason, skipping, and the end. */
export const Acts = ({ visit, schedule, filled, wrongs = NOTHING_WRONG }: Props) => {
  const path = schedulePath(visit, schedule.id);
  return (
    <>
      <h2>Change what it does</h2>
      <div class="sheet">
        <form method="post" action={`${path}/pause`}>
          <TextField
            name="reason"
            label={schedule.state === "paused" ? "Paused because" : "Pause it, because"}
            hint="Shown beside it, and told to whoever hears of pauses. The run log counts what is not run."
            value={filled?.text("reason") ?? schedule.reason ?? ""}
            wrongs={wrongs}
          />
          <button class="second" type="submit">
            {schedule.state === "paused" ? "Change the reason" : "Pause"}
          </button>
        </form>
      </div>
      <div class="row acts">
        {schedule.state === "active" ? <Act action={`${path}/skips`} label="Skip the next run" isOnce /> : null}
        <a class="button danger" href={`${path}/cancellation`}>
          Cancel the schedule…
        </a>
      </div>
    </>
  );
};

/** A range of the past, once more. */
export const Backfill = ({ visit, schedule, filled, wrongs = NOTHING_WRONG }: Props) => (
  <details class="field" open={filled?.has("to") ?? false}>
    <summary>Run a range of the past once more</summary>
    <form class="sheet" method="post" action={`${schedulePath(visit, schedule.id)}/backfills`}>
      <Once />
      <p class="quiet">
        Every occurrence in the range runs again, one after another, at most 1,000 of them. They take part in no
        overlap, and nobody is told of them. The answer says how many they were.
      </p>
      <div class="columns">
        <TextField
          name="from"
          label="From"
          type="datetime-local"
          hint={`By the clock of ${schedule.timezone}.`}
          value={filled?.text("from") ?? ""}
          required
          wrongs={wrongs}
        />
        <TextField
          name="to"
          label="Up to, and without"
          type="datetime-local"
          hint={`By the clock of ${schedule.timezone}; not later than now.`}
          value={filled?.text("to") ?? ""}
          required
          wrongs={wrongs}
        />
      </div>
      <button class="second" type="submit">
        Run them
      </button>
    </form>
  </details>
);
