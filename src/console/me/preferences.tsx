/** `/preferences`: how news reaches whoever looks, in which zone they are told times, and where they are signed in. */
import { z } from "@hono/zod-openapi";
import { Anything } from "../answers/fields.ts";
import { LinkAnswer } from "../answers/slack.ts";
import { MeAnswer, PreferencesAnswer, SessionAnswer, UnsubscriptionAnswer } from "../answers/workspace.ts";
import { address } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { Page } from "../page.tsx";
import { Did } from "../pieces/did.tsx";
import {
  CheckField,
  Choices,
  NOTHING_WRONG,
  TextField,
  Troubles,
  type Wrongs,
  wrongsOf,
  ZoneList,
} from "../pieces/fields.tsx";
import { showRefusal } from "../showing-refusals.tsx";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";
import { LINK_DONE, OwnLink } from "../slack/slack-link.tsx";
import { OwnSessions } from "./own-sessions.tsx";
import { OwnUnsubscriptions } from "./own-unsubscriptions.tsx";

const PATH = "/preferences";
const listOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item) });

export function mountPreferences(pages: Pages): void {
  onPage(pages, PATH, (visit) => showPreferences(visit));
  onForm(pages, PATH, change);
  onForm(pages, `${PATH}/name`, rename);
  onForm(pages, `${PATH}/subscriptions`, async (visit, filled) => {
    const path = address`/v1/me/unsubscriptions/${filled.text("schedule")}`;
    const back = await visit.api.send("DELETE", path, Anything);
    return back.ok ? visit.goTo(`${PATH}?did=resubscribed`) : showRefusal(visit, back.error);
  });
  onForm(pages, `${PATH}/sessions`, async (visit, filled) => {
    const path = address`/v1/me/sessions/${filled.text("session")}`;
    const ended = await visit.api.send("DELETE", path, Anything);
    return ended.ok ? visit.goTo(`${PATH}?did=ended`) : showRefusal(visit, ended.error);
  });
}

/** What was typed and refused, in either of the two forms. */
interface Refused {
  readonly wrongs: Wrongs;
  readonly name?: string;
  readonly preferences?: PreferencesAnswer;
}

/** The page, perhaps with what was refused. */
export async function showPreferences(visit: SignedIn, refused?: Refused): Promise<Response> {
  const { api } = visit;
  const [me, preferences, link, unsubscriptions, sessions] = await Promise.all([
    api.get("/v1/me", MeAnswer),
    api.get("/v1/me/preferences", PreferencesAnswer),
    api.get("/v1/slack/links", LinkAnswer),
    api.get("/v1/me/unsubscriptions", listOf(UnsubscriptionAnswer)),
    api.get("/v1/me/sessions", listOf(SessionAnswer)),
  ]);
  const seen = { me, preferences, link, unsubscriptions: unsubscriptions.items, sessions: sessions.items };
  const page = <PreferencesPage visit={visit} seen={seen} refused={refused ?? { wrongs: NOTHING_WRONG }} />;
  return visit.show(page, refused === undefined ? 200 : 422);
}

async function change(visit: SignedIn, filled: Filled): Promise<Response> {
  const ways = filled.all("ways");
  const typed = filled.text("timezone");
  const notifications = { email: ways.includes("email"), slack: ways.includes("slack") };
  const body = { notifications, timezone: typed === "" ? null : typed };
  const changed = await visit.api.send("PATCH", "/v1/me/preferences", PreferencesAnswer, { body });
  if (changed.ok) return visit.goTo(`${PATH}?did=saved`);
  return showPreferences(visit, {
    wrongs: wrongsOf(changed.error, ["timezone"]),
    preferences: { notifications, timezone: typed },
  });
}

async function rename(visit: SignedIn, filled: Filled): Promise<Response> {
  const name = filled.text("name");
  const renamed = await visit.api.send("PATCH", "/v1/me", Anything, { body: { name } });
  if (renamed.ok) return visit.goTo(`${PATH}?did=renamed`);
  return showPreferences(visit, { wrongs: wrongsOf(renamed.error, ["name"]), name });
}

interface Seen {
  readonly me: MeAnswer;
  readonly preferences: PreferencesAnswer;
  readonly link: LinkAnswer;
  readonly unsubscriptions: readonly UnsubscriptionAnswer[];
  readonly sessions: readonly SessionAnswer[];
}

interface Props {
  readonly visit: SignedIn;
  readonly seen: Seen;
  readonly refused: Refused;
}

const DONE = {
  ...LINK_DONE,
  saved: "Your preferences are saved.",
  renamed: "Your name is changed.",
  resubscribed: "You get news of it again, where one of its notifications names you.",
  ended: "That browser is signed out.",
};

const PreferencesPage = ({ visit, seen, refused }: Props) => (
  <Page visit={visit} title="Preferences">
    <Did visit={visit} words={DONE} />
    <Troubles wrongs={refused.wrongs} />
    <OneSelf visit={visit} seen={seen} refused={refused} />
    <h2>News and times</h2>
    <Ways preferences={refused.preferences ?? seen.preferences} link={seen.link} wrongs={refused.wrongs} />
    <h2>You in Slack</h2>
    <OwnLink visit={visit} link={seen.link} home="preferences" />
    <h2>News that you do not get</h2>
    <OwnUnsubscriptions visit={visit} unsubscriptions={seen.unsubscriptions} />
    <h2>Where you are signed in</h2>
    <OwnSessions visit={visit} sessions={seen.sessions} />
    <h2>From a program</h2>
    <p>
      The API is told of at <a href="/docs">/docs</a>.{" "}
      {visit.can("create_tokens") ? (
        <>
          Programs prove who they are by <a href="/tokens">tokens</a>.
        </>
      ) : (
        "Making tokens for it takes the role explorer or more."
      )}
    </p>
  </Page>
);

const OneSelf = ({ visit, seen: { me }, refused }: Props) => (
  <form class="sheet" method="post" action={`${PATH}/name`}>
    <dl>
      <dt>You are</dt>
      <dd>{visit.visitor.membership.email}</dd>
      <dt>Your role</dt>
      <dd>{me.role}</dd>
    </dl>
    <TextField
      name="name"
      label="Name"
      hint="As others see you beside your address."
      value={refused.name ?? me.member?.name ?? ""}
      autocomplete="name"
      wrongs={refused.wrongs}
    />
    <button class="second" type="submit">
      Change the name
    </button>
  </form>
);

interface WaysProps {
  readonly preferences: PreferencesAnswer;
  readonly link: LinkAnswer;
  readonly wrongs: Wrongs;
}

const Ways = ({ preferences: { notifications, timezone }, link, wrongs }: WaysProps) => (
  <form class="sheet" method="post" action={PATH} data-guard>
    <Choices
      legend="News for you comes"
      hint="Of schedules whose notifications name you or a group that you are in. Neither: no news comes to you."
    >
      <CheckField id="ways-email" name="ways" value="email" label="by email" isOn={notifications.email} />
      <CheckField
        id="ways-slack"
        name="ways"
        value="slack"
        label="in Slack, as a direct message"
        isOn={notifications.slack}
        {...(link.linked ? {} : { hint: "Once you are linked, below. Until then it goes by email." })}
      />
    </Choices>
    <TextField
      name="timezone"
      label="Time zone"
      hint="That times are told to you in. Empty: that of the schedule or the project."
      value={timezone ?? ""}
      list="zones"
      autocomplete="off"
      wrongs={wrongs}
    />
    <ZoneList />
    <button type="submit">Save</button>
  </form>
);
