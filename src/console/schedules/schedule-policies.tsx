/** How a schedule is to behave when something goes wrong, or the clock changes: each policy, and what it does in a line. */
import { CATCH_UPS } from "../../domain/policy/catch-up.ts";
import { OVERLAPS } from "../../domain/policy/overlap.ts";
import { BACKOFFS } from "../../domain/policy/retry.ts";
import { Choices, type Option, SelectField, TextField, type Wrongs } from "../pieces/fields.tsx";
import { type FieldName, newTyped, type Typed } from "./schedule-typed.ts";
import { BACKOFF_WORDS, CATCH_UP_WORDS, FOLD_WORDS, GAP_WORDS, OVERLAP_WORDS } from "./schedule-words.ts";

/** Those that are shown only to whoever looks for them, and what else says of them that nobody did. */
const FOLDED: Readonly<Partial<Record<FieldName, readonly string[]>>> = {
  overlap: [],
  catchup: [],
  catchup_window: ["1 day", "365 days"],
  dst_gap: [],
  dst_fold: [],
  spread: [],
  starts_at: [],
  ends_at: [],
  max_runs: [],
  key: [],
};

const DEFAULTS = newTyped("");

/** Whether something in there is not as it is by itself, or wrong. */
const isOpen = (typed: Typed, wrongs: Wrongs): boolean =>
  Object.entries(FOLDED).some(([name, alike]) => {
    const field = toFieldName(name);
    return wrongs.of(field).length > 0 || (typed[field] !== DEFAULTS[field] && !alike.includes(typed[field]));
  });

const toFieldName = (name: string): FieldName => name as FieldName;

interface PoliciesProps {
  readonly typed: Typed;
  readonly wrongs: Wrongs;
  readonly isNew: boolean;
}

export const Policies = ({ typed, wrongs, isNew }: PoliciesProps) => (
  <>
    <Choices legend="When a run fails">
      <div class="columns">
        <TextField
          name="retry_attempts"
          label="Retries"
          type="number"
          min={0}
          value={typed.retry_attempts}
          hint={isNew ? "After the first try; empty: as the function says, or none." : "After the first try."}
          wrongs={wrongs}
        />
        <TextField
          name="retry_delay"
          label="Wait before a retry, in ms"
          type="number"
          min={0}
          value={typed.retry_delay}
          hint="1000 is a second."
          wrongs={wrongs}
        />
        <SelectField
          name="retry_backoff"
          label="The wait is"
          value={typed.retry_backoff}
          options={BACKOFFS.map((one): Option => [one, BACKOFF_WORDS[one]])}
          wrongs={wrongs}
        />
        <TextField
          name="timeout"
          label="Timeout"
          value={typed.timeout}
          placeholder="5 minutes"
          hint="A run that takes longer is ended, and counts as failed."
          wrongs={wrongs}
        />
      </div>
    </Choices>
    <details class="field" open={isOpen(typed, wrongs)}>
      <summary>Policies: overlap, catching up, clock changes, spread, bounds{isNew ? ", key" : ""}</summary>
      <Lateness typed={typed} wrongs={wrongs} />
      <Clocks typed={typed} wrongs={wrongs} />
      <Bounds typed={typed} wrongs={wrongs} />
      {isNew ? (
        <TextField
          name="key"
          label="Key"
          value={typed.key}
          autocomplete="off"
          hint="A name of your own. If a schedule of this key is there already, saving changes that one."
          wrongs={wrongs}
        />
      ) : null}
    </details>
  </>
);

type GroupProps = Omit<PoliciesProps, "isNew">;

const Lateness = ({ typed, wrongs }: GroupProps) => (
  <Choices legend="Overlap and catching up">
    <div class="columns">
      <SelectField
        name="overlap"
        label="While an earlier run lives"
        value={typed.overlap}
        options={OVERLAPS.map((one): Option => [one, OVERLAP_WORDS[one]])}
        hint="A run that waits for its retry lives too."
        wrongs={wrongs}
      />
      <SelectField
        name="catchup"
        label="What could not run in its time"
        value={typed.catchup}
        options={CATCH_UPS.map((one): Option => [one, CATCH_UP_WORDS[one]])}
        hint="After an outage, how much of it is made up for."
        wrongs={wrongs}
      />
      <TextField
        name="catchup_window"
        label="If no older than"
        value={typed.catchup_window}
        placeholder="1 day"
        hint="What is older is missed, and counted as that."
        wrongs={wrongs}
      />
    </div>
  </Choices>
);

const Clocks = ({ typed, wrongs }: GroupProps) => (
  <Choices legend="Clock changes and spread">
    <div class="columns">
      <SelectField
        name="dst_gap"
        label="A time that the clock leaves out"
        value={typed.dst_gap}
        options={Object.entries(GAP_WORDS)}
        hint="In spring, when an hour is missing."
        wrongs={wrongs}
      />
      <SelectField
        name="dst_fold"
        label="A time that the clock shows twice"
        value={typed.dst_fold}
        options={Object.entries(FOLD_WORDS)}
        hint="In autumn, when an hour comes again."
        wrongs={wrongs}
      />
      <TextField
        name="spread"
        label="Spread"
        value={typed.spread}
        placeholder="10 minutes"
        hint="Runs start later by an offset within it, always the same; empty: on time."
        wrongs={wrongs}
      />
    </div>
  </Choices>
);

const Bounds = ({ typed, wrongs }: GroupProps) => (
  <Choices legend="From when to when">
    <div class="columns">
      <TextField
        name="starts_at"
        label="Starts"
        value={typed.starts_at}
        placeholder="2027-01-15T10:30"
        hint="Nothing runs before it. By the clock of the zone, or with an offset."
        wrongs={wrongs}
      />
      <TextField
        name="ends_at"
        label="Ends"
        value={typed.ends_at}
        placeholder="2027-12-31T00:00"
        hint="Nothing runs from then on."
        wrongs={wrongs}
      />
      <TextField
        name="max_runs"
        label="At most, in runs"
        type="number"
        min={1}
        value={typed.max_runs}
        hint="Empty: as many as there are."
        wrongs={wrongs}
      />
    </div>
  </Choices>
);
