/** The form of a schedule, new or not: when, what, and how it is to behave. */
import { weekdayName } from "../../domain/language/names.ts";
import { PRESETS } from "../../domain/recurrence/preset.ts";
import type { InProject } from "../in-project.tsx";
import { Before } from "../pieces/before.tsx";
import { AreaField, type Option, SelectField, TextField, Troubles, type Wrongs, ZoneList } from "../pieces/fields.tsx";
import { Once, SavesByEnter } from "../pieces/pieces.tsx";
import { functionOptions } from "./schedule-functions.ts";
import { Policies } from "./schedule-policies.tsx";
import { type Reading, ReadingView } from "./schedule-reading.tsx";
import type { FieldName, Typed } from "./schedule-typed.ts";

/** What somebody saw when they began to change a schedule. */
export interface Seen {
  readonly etag: string;
  readonly before: Readonly<Record<FieldName, string>>;
}

export interface FormProps {
  readonly visit: InProject;
  readonly action: string;
  readonly typed: Typed;
  readonly wrongs: Wrongs;
  readonly reading: Reading;
  readonly functions: readonly string[];
  /** Of one that exists. */
  readonly seen?: Seen;
  /** Where it leads not to save. */
  readonly back: string;
}

export const ScheduleForm = ({ visit, action, typed, wrongs, reading, functions, seen, back }: FormProps) => (
  <>
    <Troubles wrongs={wrongs} />
    <form id="schedule-form" method="post" action={action} data-guard data-reading={`${visit.home}/schedules/reading`}>
      <SavesByEnter />
      {seen === undefined ? <Once /> : <SeenFields seen={seen} />}
      <When typed={typed} wrongs={wrongs} />
      <output id="reading" for="schedule timezone" aria-live="polite">
        <ReadingView visit={visit} reading={reading} />
      </output>
      <div class="columns">
        <SelectField
          name="fn"
          label="What runs"
          value={typed.fn}
          options={functionOptions(functions, typed.fn)}
          hint="Of the version that is published when the time comes."
          wrongs={wrongs}
        />
        <AreaField
          name="args"
          label="Args"
          value={typed.args}
          rows={2}
          isCode
          placeholder='{"report_type": "daily"}'
          hint="JSON, handed to the function; empty: none."
          wrongs={wrongs}
        />
      </div>
      <Policies typed={typed} wrongs={wrongs} isNew={seen === undefined} />
      <div class="row">
        <button type="submit">Save</button>
        <a href={back}>Leave it</a>
      </div>
    </form>
    <ZoneList />
  </>
);

const SeenFields = ({ seen: { etag, before } }: { readonly seen: Seen }) => (
  <>
    <input type="hidden" name="etag" value={etag} />
    <Before fields={before} />
  </>
);

const PRESET_NAMES = { hourly: "Hourly", daily: "Daily", weekly: "Weekly", monthly: "Monthly" } as const;
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 0];
const MONTH_DAYS: readonly Option[] = [
  ...Array.from({ length: 31 }, (_, day): Option => [String(day + 1), String(day + 1)]),
  ["L", "the last day"],
];

/** The expression, typed or chosen. Whichever fields do not belong to the choice are hidden by the sheet alone. */
const When = ({ typed, wrongs }: { readonly typed: Typed; readonly wrongs: Wrongs }) => (
  <>
    <div class="columns when">
      <SelectField
        name="preset"
        label="How often"
        value={typed.preset}
        options={[["custom", "Custom"], ...PRESETS.map((one): Option => [one, PRESET_NAMES[one]])]}
        wrongs={wrongs}
      />
      <div class="of-custom">
        <TextField
          name="schedule"
          label="Expression"
          value={typed.schedule}
          placeholder="every day at 9:00 am"
          autocomplete="off"
          hint="English, cron, a length of time or a date."
          wrongs={wrongs}
        />
      </div>
      <OfPreset typed={typed} wrongs={wrongs} />
      <TextField
        name="timezone"
        label="Time zone"
        value={typed.timezone}
        list="zones"
        autocomplete="off"
        hint="Empty: the project's."
        wrongs={wrongs}
      />
    </div>
    <p class="unscripted">
      <button class="second" type="submit" name="check" value="1" formnovalidate>
        Check how it is read
      </button>
    </p>
  </>
);

/** What a preset leaves to be chosen. */
const OfPreset = ({ typed, wrongs }: { readonly typed: Typed; readonly wrongs: Wrongs }) => (
  <>
    <div class="of-time">
      <TextField
        name="at"
        label="At"
        type="time"
        value={typed.at}
        hint="Hourly: of the time only its minutes count."
        wrongs={wrongs}
      />
    </div>
    <div class="of-weekly">
      <SelectField
        name="weekday"
        label="On"
        value={typed.weekday}
        options={WEEKDAYS.map((day): Option => [String(day), weekdayName(day)])}
      />
    </div>
    <div class="of-monthly">
      <SelectField
        name="monthday"
        label="On day"
        value={typed.monthday}
        options={MONTH_DAYS}
        hint="A month without that day is left out."
      />
    </div>
  </>
);
