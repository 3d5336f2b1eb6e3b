/** `POST /webhooks/{w}/test`: calls an endpoint with an event that never happened, and shows what it answered. */
import { WEBHOOK_EVENTS } from "../../domain/news/news.ts";
import { TriedAnswer, WebhookAnswer } from "../answers/webhook.ts";
import type { Pages } from "../door.tsx";
import { Page } from "../page.tsx";
import { type Option, SelectField } from "../pieces/fields.tsx";
import { Copyable, Done } from "../pieces/pieces.tsx";
import { showRefusal } from "../showing-refusals.tsx";
import { onForm, type SignedIn } from "../signed-in.tsx";
import { webhookAt, webhookPath } from "./webhook-place.ts";
import { EVENT_WORDS } from "./webhook-words.ts";

export function mountWebhookTrial(pages: Pages): void {
  onForm(pages, "/webhooks/:w/test", async (visit, filled) => {
    const event = filled.text("event");
    const body = event === "" ? {} : { event };
    const tried = await visit.api.send("POST", `${webhookAt(visit)}/test`, TriedAnswer, { body });
    if (!tried.ok) return showRefusal(visit, tried.error);
    const webhook = await visit.api.get(webhookAt(visit), WebhookAnswer);
    return visit.show(<TriedPage visit={visit} webhook={webhook} tried={tried.value} />);
  });
}

interface Props {
  readonly visit: SignedIn;
  readonly webhook: WebhookAnswer;
}

export const TrialForm = ({ visit, webhook }: Props) => (
  <form class="sheet" method="post" action={`${webhookPath(visit)}/test`}>
    <SelectField
      name="event"
      label="Call it as if"
      hint="Signed as every call is, and marked as a test. It counts for nothing; a disabled endpoint is called too."
      value={webhook.events[0] ?? "run.succeeded"}
      options={WEBHOOK_EVENTS.map((event): Option => [event, `${EVENT_WORDS[event]} (${event})`])}
    />
    <button class="second" type="submit">
      Call it now
    </button>
  </form>
);

const TriedPage = ({ visit, webhook, tried }: Props & { readonly tried: TriedAnswer }) => (
  <Page visit={visit} title="What it answered" up={{ name: webhook.name, path: webhookPath(visit) }}>
    {tried.delivered ? (
      <Done>
        {webhook.host} took it: it answered {tried.status} after {tried.took_ms} ms.
      </Done>
    ) : (
      <div class="trouble" role="alert">
        <p class="wrong" dir="auto">
          {tried.failure?.message ?? "It did not take it."}
        </p>
        <p>
          {tried.failure?.fix} {tried.status === null ? "There was no answer" : `It answered ${tried.status}`} after{" "}
          {tried.took_ms} ms. A test is tried once.
        </p>
      </div>
    )}
    {tried.excerpt === null || tried.excerpt === "" ? null : (
      <>
        <h2>The beginning of its answer</h2>
        <pre dir="auto">{tried.excerpt}</pre>
      </>
    )}
    <h2>What it was sent</h2>
    <p class="quiet">
      Its webhook-id, to be looked for in the receiver's log: <code>{tried.webhook_id}</code>
    </p>
    <Copyable id="message" text={JSON.stringify(tried.message, null, 2)} />
    <TrialForm visit={visit} webhook={webhook} />
  </Page>
);
