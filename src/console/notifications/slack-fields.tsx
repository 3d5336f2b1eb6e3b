/** Slack channels as recipients: found by name or given by id, and what stands in the way where something does. */
import { Choices, TextField } from "../pieces/fields.tsx";
import { Checks, type FieldsProps } from "./recipient-checks.tsx";

export const SlackFields = ({ typed, wrongs, recipients, mayConnect, search }: FieldsProps) => (
  <Choices legend="Slack channels">
    {recipients.slack === "connected" ? null : <NotConnected state={recipients.slack} mayConnect={mayConnect} />}
    {recipients.slack === "not_connected" ? null : (
      <>
        {recipients.isLinked ? null : (
          <p class="quiet">
            Your own Slack account is not linked, so news for you alone cannot come there. <a href="/slack">Link it</a>
          </p>
        )}
        <Checks
          field="slack_channels"
          chosen={typed.slack_channels}
          options={recipients.channels.map(({ id, name, private: isPrivate, usable, fix }) => ({
            id,
            label: `${isPrivate ? "private " : ""}${name === null ? id : `#${name}`}`,
            ...(usable || fix === null ? {} : { hint: fix }),
          }))}
          wrongs={wrongs}
        />
        <TextField
          name="search"
          label="Find channels by name"
          type="search"
          value={search}
          autocomplete="off"
          hint="A private one is found once the app was invited to it in Slack."
        />
        <p>
          <button class="second" type="submit" name="find" value="1" formnovalidate>
            Find
          </button>
        </p>
      </>
    )}
    <TextField
      name="more_channels"
      label="Others, by id or link"
      value={typed.more_channels}
      placeholder="C0123456789"
      autocomplete="off"
      hint="As Slack copies it; several with a space between."
      wrongs={wrongs}
    />
  </Choices>
);

interface NotConnectedProps {
  readonly state: "not_connected" | "broken";
  readonly mayConnect: boolean;
}

const NotConnected = ({ state, mayConnect }: NotConnectedProps) => (
  <p class="warn">
    {state === "broken"
      ? "Slack refuses the connection: what is to be sent waits until it is connected again. "
      : "The workspace is not connected to Slack. "}
    {mayConnect ? <a href="/slack">Connect it</a> : "An admin of the workspace can connect it, under Slack."}
  </p>
);
