/** `/webhooks`: endpoints that are called when something happens. */
import { pageOf } from "../answers/fields.ts";
import { WebhookAnswer } from "../answers/webhook.ts";
import { address, withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import { Page } from "../page.tsx";
import { Did } from "../pieces/did.tsx";
import { Ago } from "../pieces/moment.tsx";
import { Copyable, Empty, More } from "../pieces/pieces.tsx";
import { onPage, type SignedIn } from "../signed-in.tsx";
import { zoneOf } from "../workspace-zone.ts";
import { DISABLED_WORDS } from "./webhook-words.ts";

const PATH = "/webhooks";
const SHOWN = 50;

export function mountWebhooks(pages: Pages): void {
  onPage(pages, PATH, async (visit) => {
    const path = withQuery("/v1/webhooks", { limit: SHOWN, cursor: visit.c.req.query("cursor") });
    const { items, next_cursor } = await visit.api.get(path, pageOf(WebhookAnswer));
    return visit.show(<WebhooksPage visit={visit} webhooks={items} next={next_cursor} />);
  });
}

interface Props {
  readonly visit: SignedIn;
  readonly webhooks: readonly WebhookAnswer[];
  readonly next: string | null;
}

const WebhooksPage = ({ visit, webhooks, next }: Props) => (
  <Page visit={visit} title="Webhooks" acts={visit.can("manage_workspace") ? <NewOne /> : null}>
    <Did visit={visit} words={{ deleted: "The endpoint is deleted. What was still to be sent to it is not sent." }} />
    {webhooks.length === 0 ? <NoWebhook visit={visit} /> : null}
    {webhooks.length === 0 ? null : (
      <ul class="sheet">
        {webhooks.map((webhook) => (
          <li data-row data-key={webhook.id}>
            <p class="line">
              <a href={address`/webhooks/${webhook.id}`}>
                <bdi>{webhook.name}</bdi>
              </a>
              <span class="quiet">{webhook.host}</span>
              <HealthMark webhook={webhook} />
            </p>
            <Health visit={visit} webhook={webhook} />
          </li>
        ))}
      </ul>
    )}
    <More href={next === null ? null : withQuery(PATH, { cursor: next })}>Newer ones</More>
  </Page>
);

const NewOne = () => (
  <a class="button" href="/webhooks/new" data-new>
    New endpoint
  </a>
);

const NoWebhook = ({ visit }: { readonly visit: SignedIn }) => (
  <Empty title="Nothing is called yet">
    <p>
      An endpoint is an https address of yours. It gets a signed POST when a run ends or something goes wrong, and
      schedules may name it in their notifications. Make one here, or from a program:
    </p>
    <Copyable
      id="first-webhook"
      text={`curl ${new URL(visit.c.req.url).origin}/v1/webhooks \\
  -H "Authorization: Bearer $CARILLON_TOKEN" -H "Content-Type: application/json" \\
  -d '{"name": "Data platform", "url": "https://example.com/hooks/carillon", "events": ["run.failed"]}'`}
    />
    {visit.can("manage_workspace") ? <NewOne /> : <p class="quiet">Making one takes the role admin.</p>}
  </Empty>
);

export const HealthMark = ({ webhook }: { readonly webhook: WebhookAnswer }) => {
  if (!webhook.enabled) return <span class="mark wrong">disabled</span>;
  return webhook.failing_since === null ? (
    <span class="mark good">enabled</span>
  ) : (
    <span class="mark warn">failing</span>
  );
};

/** What is wrong with it, where something is. */
export const Health = ({ visit, webhook }: { readonly visit: SignedIn; readonly webhook: WebhookAnswer }) => {
  const { disabled_reason: reason, disabled_at: at, failing_since: since } = webhook;
  if (reason !== null)
    return (
      <p class="quiet">
        {DISABLED_WORDS[reason]} {at === null ? null : <Ago at={at} timezone={zoneOf(visit)} now={visit.now} />}
      </p>
    );
  if (since === null) return null;
  return (
    <p class="warn">
      Nothing has arrived since a message failed for good <Ago at={since} timezone={zoneOf(visit)} now={visit.now} />.
      After five days of that it is disabled.
    </p>
  );
};
