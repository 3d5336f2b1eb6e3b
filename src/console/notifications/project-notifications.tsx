/** `/projects/{p}/notifications`: who is told of what in the project, and what became of the news. */
import { CHANNELS, DELIVERY_STATES, type DeliveryState } from "../../domain/news/delivery.ts";
import { DeliveryAnswer } from "../answers/delivery.ts";
import { pageOf } from "../answers/fields.ts";
import { ScheduleAnswer } from "../answers/schedule.ts";
import { withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import { type InProject, onProjectPage } from "../in-project.tsx";
import { Page, runPath, schedulePath } from "../page.tsx";
import { SelectField } from "../pieces/fields.tsx";
import { Ago } from "../pieces/moment.tsx";
import { Empty, More } from "../pieces/pieces.tsx";
import { Said } from "../pieces/said.tsx";
import { CHANNEL_WORDS, STATE_WORDS } from "./delivery-words.ts";
import { sayNotification } from "./notification-words.ts";

/** Schedules that one page looks through. */
const SCHEDULES_MAX = 200;
const DELIVERIES_SHOWN = 30;

export function mountProjectNotifications(pages: Pages): void {
  onProjectPage(pages, "/projects/:p/notifications", "can_view", async (visit) => {
    const [schedules, deliveries] = await Promise.all([
      visit.api.get(`${visit.at}/schedules?state=living&limit=${SCHEDULES_MAX}`, pageOf(ScheduleAnswer)),
      visit.reaches("can_edit") ? deliveriesOf(visit) : null,
    ]);
    const hasMore = schedules.next_cursor !== null;
    return visit.show(<NotificationsPage {...{ visit, schedules: schedules.items, hasMore, deliveries }} />);
  });
}

type DeliveryPage = { readonly items: readonly DeliveryAnswer[]; readonly next_cursor: string | null };

function deliveriesOf({ api, at, c }: InProject): Promise<DeliveryPage> {
  const { state, channel, cursor } = c.req.query();
  const query = { limit: DELIVERIES_SHOWN, state, channel, cursor };
  return api.get(withQuery(`${at}/deliveries`, query), pageOf(DeliveryAnswer));
}

interface Props {
  readonly visit: InProject;
  readonly schedules: readonly ScheduleAnswer[];
  readonly hasMore: boolean;
  /** Null for whoever may not see who else is told. */
  readonly deliveries: DeliveryPage | null;
}

const NotificationsPage = ({ visit, schedules, hasMore, deliveries }: Props) => (
  <Page visit={visit} title="Notifications">
    <h2>Who is told</h2>
    {schedules.length === 0 ? (
      <Empty title="Nothing is scheduled, so nobody is told">
        <p>
          Notifications belong to schedules: each says of which of its runs who hears, and whether with a picture of the
          app.
        </p>
        {visit.reaches("can_edit") ? (
          <a class="button" href={`${visit.home}/schedules/new`}>
            New schedule
          </a>
        ) : null}
      </Empty>
    ) : (
      <ul class="sheet">
        {schedules.map((schedule) => (
          <OneSchedule visit={visit} schedule={schedule} />
        ))}
      </ul>
    )}
    {hasMore ? <p class="quiet">There are more schedules than these; each has its own page.</p> : null}
    <h2 id="news">What became of the news</h2>
    {deliveries === null ? (
      <p class="quiet">Seeing who else is told needs can_edit.</p>
    ) : (
      <Deliveries visit={visit} deliveries={deliveries} />
    )}
  </Page>
);

const OneSchedule = ({ visit, schedule }: { readonly visit: InProject; readonly schedule: ScheduleAnswer }) => (
  <li data-row>
    <p class="line">
      <a href={schedulePath(visit, schedule.id)}>{schedule.fn ?? "The whole project"}</a>
      <span class="quiet">{schedule.description}</span>
      {visit.reaches("can_edit") ? (
        <a class="end" href={`${schedulePath(visit, schedule.id)}/notifications`}>
          Change
        </a>
      ) : null}
    </p>
    {schedule.notifications.length === 0 ? <p class="quiet">Nobody is told.</p> : null}
    {schedule.notifications.map((notification) => (
      <p>{sayNotification(notification)}</p>
    ))}
  </li>
);

const Deliveries = ({ visit, deliveries }: { readonly visit: InProject; readonly deliveries: DeliveryPage }) => {
  const { state = "", channel = "" } = visit.c.req.query();
  const isFiltered = state !== "" || channel !== "";
  const path = `${visit.home}/notifications`;
  return (
    <>
      <form class="filters" method="get" action={path}>
        <SelectField
          name="state"
          label="State"
          value={state}
          options={[["", "any"], ...DELIVERY_STATES.map((one): [string, string] => [one, STATE_WORDS[one]])]}
          submits
        />
        <SelectField
          name="channel"
          label="Channel"
          value={channel}
          options={[["", "any"], ...CHANNELS.map((one): [string, string] => [one, CHANNEL_WORDS[one]])]}
          submits
        />
        <button class="second unscripted" type="submit">
          Filter
        </button>
      </form>
      {deliveries.items.length > 0 ? (
        <ul class="sheet">
          {deliveries.items.map((delivery) => (
            <OneDelivery visit={visit} delivery={delivery} />
          ))}
        </ul>
      ) : (
        <p class="quiet">
          {isFiltered ? (
            <>
              No news is like that. <a href={`${path}#news`}>Show all of it</a>
            </>
          ) : (
            "Nobody has been told of anything yet."
          )}
        </p>
      )}
      <More
        href={
          deliveries.next_cursor === null ? null : withQuery(path, { state, channel, cursor: deliveries.next_cursor })
        }
      />
    </>
  );
};

const TONES: Readonly<Record<DeliveryState, string>> = {
  pending: "mark",
  retrying: "mark warn",
  sent: "mark good",
  failed: "mark wrong",
  unknown: "mark warn",
  suppressed: "mark",
};

const OneDelivery = ({ visit, delivery }: { readonly visit: InProject; readonly delivery: DeliveryAnswer }) => {
  const { recipient, channel, state, event, news_id: news, failure, settled_at, created_at } = delivery;
  const isOfRun = event.startsWith("run.");
  return (
    <li data-row>
      <p class="line">
        <span>
          <bdi>{recipient.name}</bdi> {CHANNEL_WORDS[channel]}
        </span>
        <span class={TONES[state]}>{STATE_WORDS[state]}</span>
        {isOfRun ? <a href={`${runPath(visit, news)}#news`}>{event}</a> : <span class="quiet">{event}</span>}
        <span class="quiet end">
          <Ago at={settled_at ?? created_at} timezone={visit.zone} now={visit.now} />
        </span>
      </p>
      {failure === null ? null : (
        <>
          <Said text={failure.message} tone={state === "failed" ? "wrong" : "quiet"} />
          <p class="quiet">{failure.fix}</p>
        </>
      )}
    </li>
  );
};
