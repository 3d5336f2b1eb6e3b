/** `/webhooks/new`: making an endpoint, whose secret the answer shows. */
import { MadeWebhookAnswer } from "../answers/webhook.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { Page } from "../page.tsx";
import { NOTHING_WRONG, Troubles, type Wrongs, wrongsOf } from "../pieces/fields.tsx";
import { Once } from "../pieces/pieces.tsx";
import { refusalOf } from "../refusal.ts";
import { showRefusal } from "../showing-refusals.tsx";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";
import { type ChosenProject, projectsFor } from "../workspace/project-choice.tsx";
import { bodyOf, NEW_WEBHOOK, readTyped, type TypedWebhook, WEBHOOK_FIELDS, WebhookFields } from "./webhook-fields.tsx";
import { MadePage } from "./webhook-secret.tsx";

const PATH = "/webhooks/new";

export function mountNewWebhook(pages: Pages): void {
  onPage(pages, PATH, async (visit) => {
    if (!visit.can("manage_workspace")) return showRefusal(visit, NOT_YOURS);
    return visit.show(<NewWebhookPage visit={visit} typed={NEW_WEBHOOK} projects={await projectsFor(visit)} />);
  });
  onForm(pages, PATH, make);
}

const NOT_YOURS = refusalOf(403, "forbidden", "Making an endpoint takes the role admin.");

async function make(visit: SignedIn, filled: Filled): Promise<Response> {
  const typed = readTyped(filled);
  const made = await visit.api.send("POST", "/v1/webhooks", MadeWebhookAnswer, {
    body: bodyOf(typed),
    headers: filled.onceHeader,
  });
  if (made.ok) return visit.show(<MadePage visit={visit} webhook={made.value} keys={made.value} />);
  const wrongs = wrongsOf(made.error, WEBHOOK_FIELDS);
  const projects = await projectsFor(visit);
  return visit.show(<NewWebhookPage visit={visit} typed={typed} projects={projects} wrongs={wrongs} />, 422);
}

interface Props {
  readonly visit: SignedIn;
  readonly typed: TypedWebhook;
  readonly projects: readonly ChosenProject[];
  readonly wrongs?: Wrongs;
}

const NewWebhookPage = ({ visit, typed, projects, wrongs = NOTHING_WRONG }: Props) => (
  <Page visit={visit} title="New endpoint" up={{ name: "Webhooks", path: "/webhooks" }}>
    <Troubles wrongs={wrongs} />
    <form class="sheet" method="post" action={PATH} data-guard>
      <Once />
      <WebhookFields typed={typed} projects={projects} wrongs={wrongs} />
      <button type="submit">Make it</button>
    </form>
  </Page>
);
