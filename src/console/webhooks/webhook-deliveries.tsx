/** `/webhooks/{w}/deliveries`: what an endpoint was sent, and sending it again: one delivery, or a range of them. */
import { DELIVERY_STATES } from "../../domain/news/delivery.ts";
import { Anything, pageOf } from "../answers/fields.ts";
import { EndpointDeliveryAnswer, ReplayedAnswer, WebhookAnswer } from "../answers/webhook.ts";
import { address, withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { STATE_WORDS } from "../notifications/delivery-words.ts";
import { Page } from "../page.tsx";
import {
  NOTHING_WRONG,
  type Option,
  SelectField,
  TextField,
  Troubles,
  type Wrongs,
  wrongsOf,
} from "../pieces/fields.tsx";
import { Ago } from "../pieces/moment.tsx";
import { Act, Done, Empty, More, Once } from "../pieces/pieces.tsx";
import { Said } from "../pieces/said.tsx";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";
import { readLocal, zoneOf } from "../workspace-zone.ts";
import { webhookAt, webhookPath } from "./webhook-place.ts";

const PATH = "/webhooks/:w/deliveries";
const SHOWN = 50;

export function mountWebhookDeliveries(pages: Pages): void {
  onPage(pages, PATH, (visit) => showDeliveries(visit, {}));
  onForm(pages, "/webhooks/:w/replays", replay);
  onForm(pages, "/webhooks/:w/redelivery", sendAgain);
}

async function replay(visit: SignedIn, filled: Filled): Promise<Response> {
  const [from, to] = [filled.text("from"), filled.text("to")];
  const zone = zoneOf(visit);
  const body = { from: readLocal(from, zone), to: readLocal(to, zone), only: filled.text("only") };
  const replayed = await visit.api.send("POST", `${webhookAt(visit)}/replays`, ReplayedAnswer, {
    body,
    headers: filled.onceHeader,
  });
  if (!replayed.ok) return showDeliveries(visit, { filled, wrongs: wrongsOf(replayed.error, ["from", "to"]) });
  const { deliveries, complete } = replayed.value;
  return visit.goTo(
    withQuery(`${webhookPath(visit)}/deliveries`, { did: complete ? "replayed" : "begun", count: deliveries }),
  );
}

/** One of them, by the news that it is of. It keeps its webhook-id. */
async function sendAgain(visit: SignedIn, filled: Filled): Promise<Response> {
  const [project, news, delivery] = [filled.text("project"), filled.text("news"), filled.text("delivery")];
  const path = address`/v1/projects/${project}/runs/${news}/deliveries/${delivery}/redelivery`;
  const sent = await visit.api.send("POST", path, Anything, { body: {}, headers: filled.onceHeader });
  return sent.ok
    ? visit.goTo(`${webhookPath(visit)}/deliveries?did=sent`)
    : showDeliveries(visit, { wrongs: wrongsOf(sent.error, []) });
}

interface Refused {
  readonly filled?: Filled;
  readonly wrongs?: Wrongs;
}

async function showDeliveries(visit: SignedIn, refused: Refused): Promise<Response> {
  const { state, cursor } = visit.c.req.query();
  const path = withQuery(`${webhookAt(visit)}/deliveries`, { limit: SHOWN, state, cursor });
  const [webhook, page] = await Promise.all([
    visit.api.get(webhookAt(visit), WebhookAnswer),
    visit.api.get(path, pageOf(EndpointDeliveryAnswer)),
  ]);
  const shown = <DeliveriesPage {...{ visit, webhook, refused }} deliveries={page.items} next={page.next_cursor} />;
  return visit.show(shown, refused.wrongs === undefined ? 200 : 422);
}

interface Props {
  readonly visit: SignedIn;
  readonly webhook: WebhookAnswer;
  readonly deliveries: readonly EndpointDeliveryAnswer[];
  readonly next: string | null;
  readonly refused: Refused;
}

const DeliveriesPage = ({ visit, webhook, deliveries, next, refused }: Props) => {
  const { state = "" } = visit.c.req.query();
  const path = `${webhookPath(visit)}/deliveries`;
  return (
    <Page visit={visit} title="What it was sent" up={{ name: webhook.name, path: webhookPath(visit) }}>
      <WhatWasDone visit={visit} />
      <Troubles wrongs={refused.wrongs ?? NOTHING_WRONG} />
      <form class="filters" method="get" action={path}>
        <SelectField
          name="state"
          label="State"
          value={state}
          options={[["", "any"], ...DELIVERY_STATES.map((one): Option => [one, STATE_WORDS[one]])]}
          submits
        />
        <button class="second unscripted" type="submit">
          Filter
        </button>
      </form>
      {deliveries.length === 0 ? <NoDelivery isFiltered={state !== ""} path={path} back={webhookPath(visit)} /> : null}
      {deliveries.length === 0 ? null : (
        <ul class="sheet">
          {deliveries.map((delivery) => (
            <OneDelivery visit={visit} delivery={delivery} />
          ))}
        </ul>
      )}
      <More href={next === null ? null : withQuery(path, { state, cursor: next })} />
      <ReplayForm visit={visit} refused={refused} />
    </Page>
  );
};

const WhatWasDone = ({ visit }: Pick<Props, "visit">) => {
  const { did, count } = visit.c.req.query();
  const many = Number(count);
  if (did === "sent") return <Done>It is on its way again.</Done>;
  if ((did !== "replayed" && did !== "begun") || !Number.isSafeInteger(many)) return null;
  return (
    <Done>
      {many === 1 ? "1 delivery is sent again." : `${many} deliveries are sent again, the oldest first.`}
      {did === "begun" ? " The range holds more: ask once more for the rest." : ""}
    </Done>
  );
};

interface NoDeliveryProps {
  readonly isFiltered: boolean;
  readonly path: string;
  readonly back: string;
}

const NoDelivery = ({ isFiltered, path, back }: NoDeliveryProps) => (
  <Empty title={isFiltered ? "No delivery is like that" : "It was sent nothing yet"}>
    <p>{isFiltered ? <a href={path}>Show all of them</a> : <a href={back}>Call it with an example</a>}</p>
  </Empty>
);

const TONES: Readonly<Partial<Record<EndpointDeliveryAnswer["state"], string>>> = {
  sent: "mark good",
  failed: "mark wrong",
  retrying: "mark warn",
  unknown: "mark warn",
};

const OneDelivery = ({ visit, delivery }: Pick<Props, "visit"> & { readonly delivery: EndpointDeliveryAnswer }) => {
  const { state, event, news_id: news, project_id: project, failure, attempts } = delivery;
  return (
    <li data-row data-key={delivery.id}>
      <div class="line">
        {event.startsWith("run.") ? <a href={address`/projects/${project}/runs/${news}`}>{event}</a> : event}
        <span class={TONES[state] ?? "mark"}>{STATE_WORDS[state]}</span>
        {attempts > 1 ? <span class="quiet">{attempts} attempts</span> : null}
        <code class="quiet">{delivery.webhook_id}</code>
        <span class="quiet end">
          <Ago at={delivery.settled_at ?? delivery.created_at} timezone={zoneOf(visit)} now={visit.now} />
        </span>
        {state === "pending" ? null : (
          <Act
            action={`${webhookPath(visit)}/redelivery`}
            label="Send again"
            fields={{ project, news, delivery: delivery.id }}
            isOnce
          />
        )}
      </div>
      {failure === null ? null : (
        <>
          <Said text={failure.message} tone={state === "failed" ? "wrong" : "quiet"} />
          <p class="quiet">{failure.fix}</p>
        </>
      )}
    </li>
  );
};

const ReplayForm = ({ visit, refused: { filled, wrongs = NOTHING_WRONG } }: Pick<Props, "visit" | "refused">) => (
  <form class="sheet" method="post" action={`${webhookPath(visit)}/replays`}>
    <Once />
    <h2>Send a range again</h2>
    <p class="quiet">
      The oldest first, of at most 31 days. Each keeps its webhook-id, by which a receiver knows what it has seen.
    </p>
    <div class="columns">
      <TextField
        name="from"
        label="From"
        type="datetime-local"
        hint={`By the clock of ${zoneOf(visit)}.`}
        value={filled?.text("from") ?? ""}
        required
        wrongs={wrongs}
      />
      <TextField
        name="to"
        label="Up to, and without"
        type="datetime-local"
        hint={`By the clock of ${zoneOf(visit)}.`}
        value={filled?.text("to") ?? ""}
        required
        wrongs={wrongs}
      />
    </div>
    <SelectField
      name="only"
      label="Of it"
      value={filled?.text("only") ?? "failed"}
      options={[
        ["failed", "what did not arrive"],
        ["all", "all, also what did arrive"],
      ]}
    />
    <button class="second" type="submit">
      Send them again
    </button>
  </form>
);
