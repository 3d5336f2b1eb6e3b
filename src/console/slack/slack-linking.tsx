/** `POST /slack/link`: links whoever looks to who they are in Slack, from each of the pages that show it. */
import { Anything } from "../answers/fields.ts";
import { WayAnswer } from "../answers/slack.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { showPreferences } from "../me/preferences.tsx";
import { wrongsOf } from "../pieces/fields.tsx";
import type { Refusal } from "../refusal.ts";
import { onForm, type SignedIn } from "../signed-in.tsx";
import { showSlack } from "./slack-connection.tsx";
import { type LinkHome, WayPage } from "./slack-link.tsx";

const PATH = "/slack/link";
const HOMES: Readonly<Record<LinkHome, string>> = { slack: "/slack", preferences: "/preferences" };

export function mountSlackLinking(pages: Pages): void {
  onForm(pages, PATH, async (visit, filled) => {
    const home = readHome(filled);
    const body = { method: filled.text("method") };
    const way = await visit.api.send("POST", "/v1/slack/links", WayAnswer, { body });
    if (!way.ok) return showAgain(visit, home, way.error);
    const { authorize_url: there, expires_at: until } = way.value;
    if (there === null || until === null) return visit.goTo(`${HOMES[home]}?did=linked`);
    return visit.show(<WayPage {...{ visit, there, until }} title="Sign in to Slack" back={HOMES[home]} />);
  });
  onForm(pages, `${PATH}/removal`, async (visit, filled) => {
    const home = readHome(filled);
    const unlinked = await visit.api.send("DELETE", "/v1/slack/links", Anything);
    return unlinked.ok ? visit.goTo(`${HOMES[home]}?did=unlinked`) : showAgain(visit, home, unlinked.error);
  });
}

const readHome = (filled: Filled): LinkHome => (filled.text("home") === "slack" ? "slack" : "preferences");

function showAgain(visit: SignedIn, home: LinkHome, refusal: Refusal): Promise<Response> {
  const wrongs = wrongsOf(refusal, []);
  return home === "slack" ? showSlack(visit, { wrongs }) : showPreferences(visit, { wrongs });
}
