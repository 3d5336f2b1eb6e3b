/** How it stands with the connection to Slack: what is wrong, what is missing, and what mends it. */
import type { ConnectionAnswer } from "../answers/slack.ts";
import { Ago, Moment } from "../pieces/moment.tsx";
import { Act, Empty } from "../pieces/pieces.tsx";
import type { SignedIn } from "../signed-in.tsx";
import { zoneOf } from "../workspace-zone.ts";

interface Props {
  readonly visit: SignedIn;
  readonly connection: ConnectionAnswer;
}

export const ConnectionState = ({ visit, connection }: Props) => {
  const mayManage = visit.can("manage_workspace");
  if (connection.state === "not_connected")
    return (
      <Empty title="The workspace is not connected to Slack">
        <p>
          Once it is, schedules tell channels of their runs, with a picture of the app, and people get direct messages
          if they like. You agree in Slack, and are led back here.
        </p>
        {mayManage ? <Act action="/slack" label="Connect Slack" tone="first" /> : <p class="quiet">{TAKES_ADMIN}</p>}
      </Empty>
    );
  return (
    <>
      <Trouble visit={visit} connection={connection} />
      <Facts visit={visit} connection={connection} />
      {mayManage ? (
        <div class="row">
          <Act action="/slack" label="Connect again" />
          <a class="button danger" href="/slack/disconnection">
            Disconnect…
          </a>
        </div>
      ) : (
        <p class="quiet">{TAKES_ADMIN}</p>
      )}
    </>
  );
};

const TAKES_ADMIN = "Connecting and disconnecting it takes the role admin.";

const Trouble = ({ visit, connection: { trouble } }: Props) =>
  trouble === null ? null : (
    <div class="trouble" role="alert">
      <p class="wrong">{trouble.message}</p>
      <p>
        {trouble.fix} What is to be sent is held until then
        {trouble.since === null ? null : (
          <>
            ; it has been so since <Moment at={trouble.since} timezone={zoneOf(visit)} />
          </>
        )}
        .
      </p>
    </div>
  );

const Facts = ({ visit, connection }: Props) => {
  const { team, state, connected_by: by, connected_at: since, features } = connection;
  const lacking = features.filter(({ available }) => !available);
  return (
    <div class="sheet">
      <dl>
        <dt>Team</dt>
        <dd>
          <bdi>{team?.name}</bdi> <span class={state === "connected" ? "mark good" : "mark wrong"}>{state}</span>
        </dd>
        <dt>Connected</dt>
        <dd>
          {since === null ? null : <Ago at={since} timezone={zoneOf(visit)} now={visit.now} />}
          {by === null ? null : ` by ${by}`}
        </dd>
        <dt>Granted</dt>
        <dd>
          {lacking.length === 0 ? "Everything that is asked for." : "Less than is asked for:"}
          {lacking.map(({ missing, without }) => (
            <p class="warn">
              {without} Missing: {missing.join(", ")}. Connect again, and grant it.
            </p>
          ))}
        </dd>
      </dl>
    </div>
  );
};
