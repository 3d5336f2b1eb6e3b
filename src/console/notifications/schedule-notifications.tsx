/** `/projects/{p}/schedules/{s}/notifications`: of which runs of a schedule who hears; each rule can be tried. */
import { Anything } from "../answers/fields.ts";
import type { NotificationAnswer } from "../answers/notification.ts";
import { ScheduleAnswer } from "../answers/schedule.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { type InProject, onProjectForm, onProjectPage } from "../in-project.tsx";
import { Page, schedulePath } from "../page.tsx";
import { NOTHING_WRONG, Troubles, type Wrongs, wrongsOf } from "../pieces/fields.tsx";
import { Act, Done, Empty } from "../pieces/pieces.tsx";
import { idOfSchedule } from "../schedules/schedule.tsx";
import { scheduleAt } from "../schedules/schedule-acts.tsx";
import { FromFunction } from "../schedules/schedule-of-function.tsx";
import { isLiving, nameOfSchedule } from "../schedules/schedule-words.ts";
import { sayNotification } from "./notification-words.ts";
import { RECIPIENT_FIELDS, type Recipients, recipientName, recipientsOf } from "./recipients.ts";

const PATH = "/projects/:p/schedules/:s/notifications";

export function mountScheduleNotifications(pages: Pages): void {
  onProjectPage(pages, PATH, "can_edit", (visit) => showRules(visit));
  onProjectForm(pages, `${PATH}/:n/removal`, "can_edit", remove);
  onProjectForm(pages, `${PATH}/:n/test`, "can_edit", sendTest);
}

/** The place of a rule in the schedule's list. */
export const placeOf = ({ c }: InProject): number => Number(c.req.param("n"));

/** Taken out only as it was seen: another one may have its place by now. */
async function remove(visit: InProject, filled: Filled): Promise<Response> {
  const { notifications } = await visit.api.get(scheduleAt(visit), ScheduleAnswer);
  const body = { notifications: notifications.filter((_, place) => place !== placeOf(visit)) };
  const headers = { "if-match": filled.text("etag") };
  const saved = await visit.api.send("PATCH", scheduleAt(visit), Anything, { body, headers });
  return saved.ok ? goBack(visit, "saved") : showRules(visit, wrongsOf(saved.error, []));
}

async function sendTest(visit: InProject, filled: Filled): Promise<Response> {
  const to = filled.text("to") === "recipients" ? "recipients" : "me";
  const body = { notification: placeOf(visit), to };
  const sent = await visit.api.send("POST", `${scheduleAt(visit)}/test-delivery`, Anything, {
    body,
    headers: filled.onceHeader,
  });
  return sent.ok ? goBack(visit, "tested") : showRules(visit, wrongsOf(sent.error, []));
}

const goBack = (visit: InProject, did: string): Response =>
  visit.goTo(`${schedulePath(visit, idOfSchedule(visit))}/notifications?did=${did}`);

async function showRules(visit: InProject, wrongs: Wrongs = NOTHING_WRONG): Promise<Response> {
  const [{ value, etag }, recipients] = await Promise.all([
    visit.api.getTagged(scheduleAt(visit), ScheduleAnswer),
    recipientsOf(visit, ""),
  ]);
  const props = { visit, schedule: value, etag: etag ?? "", recipients, wrongs };
  return visit.show(<RulesPage {...props} />, wrongs === NOTHING_WRONG ? 200 : 422);
}

interface RulesProps {
  readonly visit: InProject;
  readonly schedule: ScheduleAnswer;
  readonly etag: string;
  readonly recipients: Recipients;
  readonly wrongs: Wrongs;
}

const RulesPage = ({ visit, schedule, etag, recipients, wrongs }: RulesProps) => {
  const path = schedulePath(visit, schedule.id);
  const mayChange = schedule.origin === "dynamic" && isLiving(schedule);
  const add = (
    <a class="button" href={`${path}/notifications/new`} data-new>
      Add a notification
    </a>
  );
  return (
    <Page visit={visit} title="Who is told" up={{ name: nameOfSchedule(schedule), path }} acts={mayChange ? add : null}>
      <SaidOfRules visit={visit} />
      <Troubles wrongs={wrongs} />
      <p class="quiet">
        Of {nameOfSchedule(schedule)}, {schedule.description}. Backfills and what somebody cancels are told to nobody.
      </p>
      {schedule.origin === "metadata" ? <FromFunction visit={visit} schedule={schedule} /> : null}
      {schedule.notifications.length === 0 ? (
        <Empty title="Nobody is told of its runs">
          <p>
            A notification says of which runs who hears, by mail, in Slack or by webhook, and whether with a picture of
            the app.
          </p>
          {mayChange ? add : null}
        </Empty>
      ) : (
        <ul class="sheet">
          {schedule.notifications.map((rule, place) => (
            <Rule {...{ visit, rule, place, recipients, etag, mayChange }} path={`${path}/notifications/${place}`} />
          ))}
        </ul>
      )}
    </Page>
  );
};

const SaidOfRules = ({ visit }: { readonly visit: InProject }) => {
  const did = visit.c.req.query("did");
  if (did === "saved") return <Done>The notifications are saved.</Done>;
  if (did !== "tested") return null;
  return (
    <Done>
      The test is on its way, marked as one. <a href={`${visit.home}/notifications#news`}>See what becomes of it</a>
    </Done>
  );
};

interface RuleProps {
  readonly rule: NotificationAnswer;
  readonly path: string;
  readonly recipients: Recipients;
  readonly etag: string;
  readonly mayChange: boolean;
}

const Rule = ({ rule, path, recipients, etag, mayChange }: RuleProps) => {
  const names = RECIPIENT_FIELDS.flatMap((field) => rule[field].map((id) => recipientName(recipients, field, id)));
  return (
    <li data-row>
      <p class="line">
        {mayChange ? <a href={path}>{sayNotification(rule)}</a> : <span>{sayNotification(rule)}</span>}
      </p>
      {names.length === 0 ? null : (
        <p class="quiet">
          {names.map((name, index) => (
            <>
              {index === 0 ? "" : ", "}
              <bdi>{name}</bdi>
            </>
          ))}
        </p>
      )}
      {rule.subject === null ? null : (
        <p class="quiet">
          Subject: <bdi>{rule.subject}</bdi>
        </p>
      )}
      <div class="row">
        <Act action={`${path}/test`} label="Send me a test now" fields={{ to: "me" }} isOnce />
        {names.length === 0 ? null : (
          <Act action={`${path}/test`} label="Send a test to all of them" fields={{ to: "recipients" }} isOnce />
        )}
        {mayChange ? <Act action={`${path}/removal`} label="Remove" tone="danger" fields={{ etag }} /> : null}
      </div>
    </li>
  );
};
