/** `/webhooks/{w}`: one endpoint: how it does, what it is called for, trying it, and its end. */
import { Anything } from "../answers/fields.ts";
import { WebhookAnswer } from "../answers/webhook.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { Page } from "../page.tsx";
import { Before, type BeforeOf, beforeIn, changedFields, onlyOf } from "../pieces/before.tsx";
import { Did } from "../pieces/did.tsx";
import { NOTHING_WRONG, Troubles, type Wrongs, wrongsOf } from "../pieces/fields.tsx";
import { Act, Sure } from "../pieces/pieces.tsx";
import { showRefusal } from "../showing-refusals.tsx";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";
import { type ChosenProject, projectsFor } from "../workspace/project-choice.tsx";
import { asTyped, bodyOf, readTyped, type TypedWebhook, WEBHOOK_FIELDS, WebhookFields } from "./webhook-fields.tsx";
import { webhookAt, webhookPath } from "./webhook-place.ts";
import { TrialForm } from "./webhook-trial.tsx";
import { Health, HealthMark } from "./webhooks.tsx";

const PATH = "/webhooks/:w";

export function mountWebhook(pages: Pages): void {
  onPage(pages, PATH, (visit) => showWebhook(visit));
  onForm(pages, PATH, change);
  onForm(pages, `${PATH}/state`, async (visit, filled) => {
    const enabled = filled.text("enabled") === "yes";
    const changed = await visit.api.send("PATCH", webhookAt(visit), Anything, { body: { enabled } });
    if (!changed.ok) return showWebhook(visit, { wrongs: wrongsOf(changed.error, []) });
    return visit.goTo(`${webhookPath(visit)}?did=${enabled ? "enabled" : "disabled"}`);
  });
  onPage(pages, `${PATH}/deletion`, async (visit) => {
    const webhook = await visit.api.get(webhookAt(visit), WebhookAnswer);
    return visit.show(<DeletionPage visit={visit} webhook={webhook} />);
  });
  onForm(pages, `${PATH}/deletion`, async (visit) => {
    const deleted = await visit.api.send("DELETE", webhookAt(visit), Anything);
    return deleted.ok ? visit.goTo("/webhooks?did=deleted") : showRefusal(visit, deleted.error);
  });
}

interface Refused {
  /** What was typed; absent: nothing was. */
  readonly typed?: TypedWebhook;
  /** What the form held when it was drawn first; absent: what is saved. */
  readonly before?: BeforeOf<keyof TypedWebhook>;
  readonly wrongs: Wrongs;
}

async function showWebhook(visit: SignedIn, refused?: Refused): Promise<Response> {
  const [webhook, projects] = await Promise.all([visit.api.get(webhookAt(visit), WebhookAnswer), projectsFor(visit)]);
  const saved = asTyped(webhook);
  const shown = { typed: saved, before: saved, wrongs: NOTHING_WRONG, ...refused };
  const page = <WebhookPage visit={visit} webhook={webhook} projects={projects} shown={shown} />;
  return visit.show(page, refused === undefined ? 200 : 422);
}

async function change(visit: SignedIn, filled: Filled): Promise<Response> {
  const typed = readTyped(filled);
  const before = beforeIn(filled, WEBHOOK_FIELDS);
  const body = onlyOf(changedFields(WEBHOOK_FIELDS, before, typed), bodyOf(typed));
  const changed = await visit.api.send("PATCH", webhookAt(visit), Anything, { body });
  if (changed.ok) return visit.goTo(`${webhookPath(visit)}?did=saved`);
  return showWebhook(visit, { typed, before, wrongs: wrongsOf(changed.error, WEBHOOK_FIELDS) });
}

interface Props {
  readonly visit: SignedIn;
  readonly webhook: WebhookAnswer;
}

interface PageProps extends Props {
  readonly projects: readonly ChosenProject[];
  readonly shown: Required<Refused>;
}

const DONE = {
  saved: "The endpoint is saved.",
  enabled: "It is called again. What failed before does not count against it; replay what it missed.",
  disabled: "It is not called any more, until it is enabled again.",
};

const WebhookPage = ({ visit, webhook, projects, shown }: PageProps) => (
  <Page visit={visit} title={webhook.name} up={{ name: "Webhooks", path: "/webhooks" }}>
    <Did visit={visit} words={DONE} />
    <Troubles wrongs={shown.wrongs} />
    <div class="line">
      <HealthMark webhook={webhook} />
      <span class="quiet">{webhook.host}</span>
      {visit.can("manage_workspace") ? (
        <>
          <a href={`${webhookPath(visit)}/deliveries`}>What it was sent, and replays</a>
          <a href={`${webhookPath(visit)}/secret`}>Secret</a>
        </>
      ) : null}
    </div>
    <Health visit={visit} webhook={webhook} />
    {visit.can("manage_workspace") ? (
      <Managed {...{ visit, webhook, projects, shown }} />
    ) : (
      <p class="quiet">Seeing its address and changing it takes the role admin.</p>
    )}
  </Page>
);

const Managed = ({ visit, webhook, projects, shown: { typed, before, wrongs } }: PageProps) => (
  <>
    <h2>Try it</h2>
    <TrialForm visit={visit} webhook={webhook} />
    <h2>What it is called for</h2>
    <form class="sheet" method="post" action={webhookPath(visit)} data-guard>
      <Before fields={before} />
      <WebhookFields typed={typed} projects={projects} wrongs={wrongs} />
      <button type="submit">Save</button>
    </form>
    <div class="row">
      <Act
        action={`${webhookPath(visit)}/state`}
        label={webhook.enabled ? "Disable" : "Enable again"}
        fields={{ enabled: webhook.enabled ? "no" : "yes" }}
      />
      <a class="button danger" href={`${webhookPath(visit)}/deletion`}>
        Delete…
      </a>
    </div>
  </>
);

const DeletionPage = ({ visit, webhook }: Props) => (
  <Page visit={visit} title={`Delete ${webhook.name}?`} up={{ name: webhook.name, path: webhookPath(visit) }}>
    <Sure
      action={`${webhookPath(visit)}/deletion`}
      label={`Delete ${webhook.name}`}
      back={webhookPath(visit)}
      lines={[
        `${webhook.host} is not called any more; what is still to be sent to it is not sent.`,
        "Its secret, its key pair and the list of what it was sent are gone with it.",
        "Notifications that name it say in their runs that it is not there. To only stop it, disable it.",
      ]}
    />
  </Page>
);
