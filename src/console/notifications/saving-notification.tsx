/** `/projects/{p}/schedules/{s}/notifications/new` and `/{n}`: a rule is made or changed, after a look at what it comes to. */
import type { NotificationAnswer } from "../answers/notification.ts";
import { ForesightAnswer } from "../answers/recipients.ts";
import { ScheduleAnswer } from "../answers/schedule.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { type InProject, onProjectForm, onProjectPage } from "../in-project.tsx";
import { Page, schedulePath } from "../page.tsx";
import { NOTHING_WRONG, Troubles, type Wrongs, wrongsOf } from "../pieces/fields.tsx";
import { SavesByEnter } from "../pieces/pieces.tsx";
import { showMissing } from "../project-visit.tsx";
import type { Refusal } from "../refusal.ts";
import { idOfSchedule } from "../schedules/schedule.tsx";
import { scheduleAt } from "../schedules/schedule-acts.tsx";
import { NotificationFields } from "./notification-fields.tsx";
import { Foresight, saysOf } from "./notification-foresight.tsx";
import {
  asTypedNotification,
  bodyOfNotification,
  fieldOfNotification,
  NEW_NOTIFICATION,
  NOTIFICATION_FIELDS,
  type TypedNotification,
  typedNotificationIn,
} from "./notification-typed.ts";
import { sayNotification } from "./notification-words.ts";
import { recipientsOf } from "./recipients.ts";
import { placeOf } from "./schedule-notifications.tsx";

const PATH = "/projects/:p/schedules/:s/notifications";

export function mountSavingNotification(pages: Pages): void {
  onProjectPage(pages, `${PATH}/new`, "can_edit", begin);
  onProjectForm(pages, `${PATH}/new`, "can_edit", save);
  onProjectPage(pages, `${PATH}/:n`, "can_edit", begin);
  onProjectForm(pages, `${PATH}/:n`, "can_edit", save);
}

const isNew = ({ c }: InProject): boolean => c.req.param("n") === undefined;

/** A rule as one text: by what it says it is known again, whatever its place is by now. */
const textOf = (rule: NotificationAnswer): string => JSON.stringify(rule);

/** Where the rule is that the form was drawn for; null: it is not there any more. A new one comes last. */
function placeNow(visit: InProject, { was }: Shown, { notifications }: ScheduleAnswer): number | null {
  if (isNew(visit)) return notifications.length;
  const places = notifications.flatMap((rule, place) => (textOf(rule) === was ? [place] : []));
  return places.find((place) => place === placeOf(visit)) ?? places[0] ?? null;
}

async function begin(visit: InProject): Promise<Response> {
  const { value, etag } = await visit.api.getTagged(scheduleAt(visit), ScheduleAnswer);
  if (isNew(visit)) return showForm(visit, { typed: NEW_NOTIFICATION, etag: etag ?? "" });
  const rule = value.notifications[placeOf(visit)];
  if (rule === undefined) return showMissing(visit.c);
  return showForm(visit, { typed: asTypedNotification(rule), etag: etag ?? "", was: textOf(rule) });
}

/** First it is said what it would come to; with nothing to say, or once that was seen, it is saved. */
async function save(visit: InProject, filled: Filled): Promise<Response> {
  const typed = typedNotificationIn(filled);
  const shown: Shown = { typed, etag: filled.text("etag"), was: filled.text("was"), search: filled.text("search") };
  if (filled.has("find")) return showForm(visit, shown);
  const body = { notifications: [bodyOfNotification(typed)] };
  const ahead = await visit.api.send("POST", `${visit.at}/notification-previews`, ForesightAnswer, { body });
  if (!ahead.ok) return showForm(visit, { ...shown, wrongs: wrongsIn(ahead.error, 0, typed) });
  const { errors } = ahead.value;
  if (errors.length > 0) {
    const refusal = { status: 422, code: "invalid", detail: "", errors: errors.map(toIssue), extra: {} };
    return showForm(visit, { ...shown, foresight: ahead.value, wrongs: wrongsIn(refusal, 0, typed) });
  }
  const isNews = saysOf(ahead.value) !== "" && saysOf(ahead.value) !== filled.text("ahead");
  if (filled.has("check") || isNews) return showForm(visit, { ...shown, foresight: ahead.value });
  return keep(visit, shown);
}

const toIssue = ({ path, message, expected }: ForesightAnswer["errors"][number]) => ({
  path,
  message,
  ...(expected === undefined ? {} : { expected }),
});

const wrongsIn = (refusal: Refusal, place: number, typed: TypedNotification): Wrongs =>
  wrongsOf(refusal, NOTIFICATION_FIELDS, fieldOfNotification(place, typed));

async function keep(visit: InProject, shown: Shown): Promise<Response> {
  const schedule = await visit.api.get(scheduleAt(visit), ScheduleAnswer);
  const place = placeNow(visit, shown, schedule);
  if (place === null) return showConflict(visit, shown);
  const rules: unknown[] = [...schedule.notifications];
  rules.splice(place, 1, bodyOfNotification(shown.typed));
  const body = { notifications: rules };
  const headers = { "if-match": shown.etag };
  const saved = await visit.api.send("PATCH", scheduleAt(visit), ScheduleAnswer, { body, headers });
  if (saved.ok) return visit.goTo(`${schedulePath(visit, idOfSchedule(visit))}/notifications?did=saved`);
  if (saved.error.status === 412) return showConflict(visit, shown);
  return showForm(visit, { ...shown, wrongs: wrongsIn(saved.error, place, shown.typed) });
}

/** Somebody else changed the schedule meanwhile: what was typed stays, beside what is saved now. */
async function showConflict(visit: InProject, shown: Shown): Promise<Response> {
  const { value, etag } = await visit.api.getTagged(scheduleAt(visit), ScheduleAnswer);
  return showForm(visit, { ...shown, etag: etag ?? "", conflict: value });
}

interface Shown {
  readonly typed: TypedNotification;
  readonly etag: string;
  /** The rule as it was when the form was drawn; absent of a new one. */
  readonly was?: string;
  readonly search?: string;
  readonly wrongs?: Wrongs;
  readonly foresight?: ForesightAnswer;
  /** The schedule as somebody else saved it meanwhile. */
  readonly conflict?: ScheduleAnswer;
}

async function showForm(visit: InProject, shown: Shown): Promise<Response> {
  const { typed, etag, was = "", search = "", wrongs = NOTHING_WRONG, foresight, conflict } = shown;
  const place = conflict === undefined ? placeOf(visit) : placeNow(visit, shown, conflict);
  const adds = isNew(visit) || place === null;
  const recipients = await recipientsOf(visit, search);
  const path = `${schedulePath(visit, idOfSchedule(visit))}/notifications`;
  const mayConnect = visit.can("manage_workspace");
  return visit.show(
    <Page
      visit={visit}
      title={isNew(visit) ? "Add a notification" : "Change a notification"}
      up={{ name: "Who is told", path }}
    >
      {conflict === undefined ? null : <Conflict visit={visit} schedule={conflict} place={place} />}
      <Troubles wrongs={wrongs} />
      <form method="post" action={adds ? `${path}/new` : `${path}/${place}`} data-guard>
        <SavesByEnter />
        <input type="hidden" name="etag" value={etag} />
        {adds ? null : <input type="hidden" name="was" value={was} />}
        {foresight === undefined ? null : <Foresight foresight={foresight} />}
        <NotificationFields {...{ typed, wrongs, recipients, mayConnect, search }} />
        <div class="row">
          <button type="submit">Save</button>
          <button class="second" type="submit" name="check" value="1">
            See what it comes to
          </button>
          <a href={path}>Leave it</a>
        </div>
      </form>
    </Page>,
    conflict !== undefined ? 412 : wrongs === NOTHING_WRONG ? 200 : 422,
  );
}

interface ConflictProps {
  readonly visit: InProject;
  readonly schedule: ScheduleAnswer;
  /** Where the rule is now; null: it is not there any more. */
  readonly place: number | null;
}

const Conflict = ({ visit, schedule, place }: ConflictProps) => (
  <div class="trouble" role="alert">
    <p class="lead">Somebody else changed the schedule while you did</p>
    <p>
      {isNew(visit) ? "" : sayThere(place === null ? undefined : schedule.notifications[place])}
      Nothing of yours is saved yet, and nothing is lost. Save once more to{" "}
      {isNew(visit) || place === null ? "add it to what they saved" : "put yours in its place"}, or{" "}
      <a href={`${schedulePath(visit, schedule.id)}/notifications`}>take theirs</a>.
    </p>
  </div>
);

const sayThere = (rule: NotificationAnswer | undefined): string =>
  rule === undefined
    ? "They changed or removed this notification: it is not there any more as you saw it. "
    : `This notification is still as you saw it: ${sayNotification(rule)} `;
