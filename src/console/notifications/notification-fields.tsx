/** The fields of a notification: on what occasion, with what picture, and to whom. */
import { NOTIFICATION_ATTEMPTS, NOTIFICATION_CAPTURES, NOTIFICATION_EVENTS } from "../../domain/notification.ts";
import { nameOf } from "../answers/people.ts";
import { AreaField, Choices, type Option, SelectField, TextField, type Wrongs } from "../pieces/fields.tsx";
import { Checks, type FieldsProps } from "./recipient-checks.tsx";
import { SlackFields } from "./slack-fields.tsx";

const ON_NAMES = { success: "A run succeeds", failure: "A run fails", both: "A run ends, either way" } as const;
const ATTEMPT_NAMES = { last: "Once nothing is tried again", every: "At every failed attempt" } as const;
const CAPTURE_NAMES = { none: "None", png: "A picture (PNG)", pdf: "A print (PDF)" } as const;

export const NotificationFields = ({ typed, wrongs, recipients, mayConnect, search }: FieldsProps) => (
  <>
    <div class="columns">
      <SelectField
        name="on"
        label="When"
        value={typed.on}
        options={NOTIFICATION_EVENTS.map((one): Option => [one, ON_NAMES[one]])}
        wrongs={wrongs}
      />
      <SelectField
        name="attempts"
        label="Failures are told"
        value={typed.attempts}
        options={NOTIFICATION_ATTEMPTS.map((one): Option => [one, ATTEMPT_NAMES[one]])}
        wrongs={wrongs}
      />
      <SelectField
        name="capture"
        label="Capture of the app"
        value={typed.capture}
        options={NOTIFICATION_CAPTURES.map((one): Option => [one, CAPTURE_NAMES[one]])}
        hint="Of runs that succeed: it goes along, and is kept with the run."
        wrongs={wrongs}
      />
    </div>
    <div class="columns">
      <People typed={typed} wrongs={wrongs} recipients={recipients} />
      <SlackFields {...{ typed, wrongs, recipients, mayConnect, search }} />
      <Webhooks typed={typed} wrongs={wrongs} recipients={recipients} />
    </div>
    <details class="field" open={typed.subject !== "" || typed.body !== "" || isWrong(wrongs, ["subject", "body"])}>
      <summary>Words of your own</summary>
      <TextField
        name="subject"
        label="Subject"
        value={typed.subject}
        hint="Of the mail, and the first line in Slack; empty: what happened."
        wrongs={wrongs}
      />
      <AreaField
        name="body"
        label="Text"
        value={typed.body}
        hint="Above what is told anyway. Plain text."
        wrongs={wrongs}
      />
    </details>
  </>
);

const isWrong = (wrongs: Wrongs, fields: readonly string[]): boolean =>
  fields.some((field) => wrongs.of(field).length > 0);

type SomeProps = Pick<FieldsProps, "typed" | "wrongs" | "recipients">;

const People = ({ typed, wrongs, recipients }: SomeProps) => (
  <Choices legend="Members and groups" hint="Each by the ways of their own preferences.">
    <Checks
      field="users"
      chosen={typed.users}
      options={recipients.members.map((one) => ({ id: one.id, label: nameOf(one) }))}
      wrongs={wrongs}
    />
    {recipients.groups.length === 0 ? null : <p class="quiet">Groups, as they are when the news goes out:</p>}
    <Checks
      field="groups"
      chosen={typed.groups}
      options={recipients.groups.map(({ id, name }) => ({ id, label: name }))}
      wrongs={wrongs}
    />
  </Choices>
);

const Webhooks = ({ typed, wrongs, recipients }: SomeProps) => (
  <Choices legend="Webhooks">
    {recipients.webhooks.length === 0 ? (
      <p class="quiet">
        There are no webhook endpoints. Whoever manages the workspace makes them under <a href="/webhooks">Webhooks</a>.
      </p>
    ) : null}
    <Checks
      field="webhooks"
      chosen={typed.webhooks}
      options={recipients.webhooks.map(({ id, name, host, enabled }) => ({
        id,
        label: name,
        hint: enabled ? host : `${host}: it is disabled`,
      }))}
      wrongs={wrongs}
    />
  </Choices>
);
