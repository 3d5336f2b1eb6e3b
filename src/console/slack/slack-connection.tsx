/** `/slack`: the Slack team that the workspace is connected to, its channels, and who one is there. */
import { Anything, pageOf } from "../answers/fields.ts";
import { ChannelAnswer, ConnectionAnswer, LinkAnswer, WayAnswer } from "../answers/slack.ts";
import { withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { Page } from "../page.tsx";
import { Did } from "../pieces/did.tsx";
import { NOTHING_WRONG, Troubles, type Wrongs, wrongsOf } from "../pieces/fields.tsx";
import { Sure } from "../pieces/pieces.tsx";
import { Refused } from "../refusal.ts";
import { showRefusal } from "../showing-refusals.tsx";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";
import { Channels, type FoundChannels } from "./slack-channels.tsx";
import { LINK_DONE, OwnLink, WayPage } from "./slack-link.tsx";
import { ConnectionState } from "./slack-state.tsx";

const PATH = "/slack";
const SHOWN = 50;

export function mountSlackConnection(pages: Pages): void {
  onPage(pages, PATH, (visit) => showSlack(visit));
  onForm(pages, PATH, connect);
  onPage(pages, `${PATH}/disconnection`, async (visit) => {
    const connection = await visit.api.get("/v1/slack/connection", ConnectionAnswer);
    return visit.show(<DisconnectionPage visit={visit} team={connection.team?.name ?? "Slack"} />);
  });
  onForm(pages, `${PATH}/disconnection`, async (visit) => {
    const gone = await visit.api.send("DELETE", "/v1/slack/connection", Anything);
    return gone.ok ? visit.goTo(`${PATH}?did=disconnected`) : showRefusal(visit, gone.error);
  });
  onForm(pages, `${PATH}/channels`, async (visit) => {
    const begun = await visit.api.send("POST", "/v1/slack/channels/sync", Anything, { body: {} });
    if (begun.ok) return visit.goTo(`${PATH}?did=fetching#channels`);
    return showSlack(visit, { wrongs: wrongsOf(begun.error, []) });
  });
  onForm(pages, `${PATH}/checks`, check);
}

async function connect(visit: SignedIn): Promise<Response> {
  const way = await visit.api.send("POST", "/v1/slack/connection", WayAnswer, { body: {} });
  if (!way.ok) return showSlack(visit, { wrongs: wrongsOf(way.error, []) });
  const { authorize_url: there, expires_at: until } = way.value;
  if (there === null || until === null) return visit.goTo(`${PATH}?did=connected`);
  return visit.show(<WayPage {...{ visit, there, until }} title="Connect Slack" back={PATH} />);
}

/** Asks Slack once more about one channel. */
async function check(visit: SignedIn, filled: Filled): Promise<Response> {
  const channel = filled.text("channel");
  const checked = await visit.api.send("POST", "/v1/slack/channels/checks", ChannelAnswer, { body: { channel } });
  if (!checked.ok) return showSlack(visit, { wrongs: wrongsOf(checked.error, ["channel"]), channel });
  return showSlack(visit, { wrongs: NOTHING_WRONG, checked: checked.value });
}

/** What a form came to, where it leads to this page itself. */
interface Came {
  readonly wrongs: Wrongs;
  /** What was typed. */
  readonly channel?: string;
  readonly checked?: ChannelAnswer;
}

/** The page, perhaps with what a form came to. */
export async function showSlack(visit: SignedIn, came?: Came): Promise<Response> {
  const { api, c } = visit;
  const { q, cursor } = c.req.query();
  const [connection, link, channels] = await Promise.all([
    connectionFor(visit),
    api.get("/v1/slack/links", LinkAnswer),
    visit.can("create_projects")
      ? api.get(withQuery("/v1/slack/channels", { limit: SHOWN, q, cursor }), pageOf(ChannelAnswer))
      : null,
  ]);
  const page = (
    <SlackPage visit={visit} seen={{ connection, link, channels }} came={came ?? { wrongs: NOTHING_WRONG }} />
  );
  return visit.show(page, came === undefined || came.checked !== undefined ? 200 : 422);
}

/** Null for whoever may not see it: who they are in Slack is theirs to say all the same. */
async function connectionFor({ api }: SignedIn): Promise<ConnectionAnswer | null> {
  const connection = await api.ask("/v1/slack/connection", ConnectionAnswer);
  if (connection.ok) return connection.value;
  if (connection.error.status === 403) return null;
  throw new Refused(connection.error);
}

interface Seen {
  readonly connection: ConnectionAnswer | null;
  readonly link: LinkAnswer;
  readonly channels: FoundChannels | null;
}

interface Props {
  readonly visit: SignedIn;
  readonly seen: Seen;
  readonly came: Came;
}

const DONE = {
  ...LINK_DONE,
  connected: "Slack is connected. What was held for it goes out now.",
  disconnected: "Slack is disconnected. Notifications keep their channels, for when the same team is connected again.",
  fetching: "The channels are being fetched, a page every few seconds. Load this page again in a moment.",
};

const SlackPage = ({ visit, seen: { connection, link, channels }, came }: Props) => (
  <Page visit={visit} title="Slack">
    <Did visit={visit} words={DONE} />
    <Troubles wrongs={came.wrongs} />
    {connection === null ? null : <ConnectionState visit={visit} connection={connection} />}
    <h2>You in Slack</h2>
    <OwnLink visit={visit} link={link} home="slack" />
    <p class="quiet">
      Whether news comes to you there is up to your <a href="/preferences">preferences</a>.
    </p>
    {channels === null || connection === null || connection.state === "not_connected" ? null : (
      <Channels
        visit={visit}
        channels={channels}
        syncedAt={connection.channels_synced_at}
        checked={came.checked}
        typed={came.channel ?? ""}
        wrongs={came.wrongs}
      />
    )}
  </Page>
);

const DisconnectionPage = ({ visit, team }: { readonly visit: SignedIn; readonly team: string }) => (
  <Page visit={visit} title={`Disconnect ${team}?`} up={{ name: "Slack", path: PATH }}>
    <Sure
      action={`${PATH}/disconnection`}
      label={`Disconnect ${team}`}
      back={PATH}
      lines={[
        "Slack is asked to end the token at once, and the list of channels and everybody's personal links are gone.",
        "News to channels of Slack fails from then on, and people who chose Slack get mail.",
        "Notifications keep their channels, for when the same team is connected again.",
      ]}
    />
  </Page>
);
