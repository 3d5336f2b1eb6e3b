/** `/projects/{p}/schedules/{s}/edit`: a schedule is changed, and only as it was seen. */
import { ScheduleAnswer } from "../answers/schedule.ts";
import type { Tagged } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { type InProject, onProjectForm, onProjectPage } from "../in-project.tsx";
import { Page, schedulePath } from "../page.tsx";
import { NOTHING_WRONG, type Wrongs, wrongsOf } from "../pieces/fields.tsx";
import { ARGS_WRONG, readBody } from "./new-schedule.tsx";
import { idOfSchedule } from "./schedule.tsx";
import { scheduleAt } from "./schedule-acts.tsx";
import { Conflict, merge } from "./schedule-conflict.tsx";
import { ScheduleForm, type Seen } from "./schedule-form.tsx";
import { functionsOf } from "./schedule-functions.ts";
import { FromFunction } from "./schedule-of-function.tsx";
import { readingOf } from "./schedule-reading.tsx";
import {
  asTyped,
  bodyOf,
  changedFields,
  FIELDS,
  type FieldName,
  fieldOfIssue,
  type Typed,
  typedBefore,
  typedIn,
} from "./schedule-typed.ts";
import { nameOfSchedule } from "./schedule-words.ts";

const PATH = "/projects/:p/schedules/:s/edit";

export function mountEditSchedule(pages: Pages): void {
  onProjectPage(pages, PATH, "can_edit", async (visit) => {
    const found = await findTagged(visit);
    const typed = asTyped(found.value);
    return showEdit(visit, found.value, { typed, seen: { etag: found.etag ?? "", before: typed } });
  });
  onProjectForm(pages, PATH, "can_edit", change);
}

const findTagged = (visit: InProject): Promise<Tagged<ScheduleAnswer>> =>
  visit.api.getTagged(scheduleAt(visit), ScheduleAnswer);

async function change(visit: InProject, filled: Filled): Promise<Response> {
  const typed = typedIn(filled);
  const seen: Seen = { etag: filled.text("etag"), before: typedBefore(filled) };
  const schedule = await visit.api.get(scheduleAt(visit), ScheduleAnswer);
  if (filled.has("check") || filled.has("use")) return showEdit(visit, schedule, { typed, seen });
  const fields = changedFields(seen.before, typed);
  const body = readBody(() => bodyOf(typed, fields));
  if (body === null) return showEdit(visit, schedule, { typed, seen, wrongs: ARGS_WRONG });
  const headers = { "if-match": seen.etag };
  const saved = await visit.api.send("PATCH", scheduleAt(visit), ScheduleAnswer, { body, headers });
  if (saved.ok) return visit.goTo(`${schedulePath(visit, idOfSchedule(visit))}?did=saved`);
  if (saved.error.status === 412) return showConflict(visit, typed, seen.before);
  const wrongs = wrongsOf(saved.error, [...FIELDS, "at"], fieldOfIssue(typed));
  return showEdit(visit, schedule, { typed, seen, wrongs });
}

/** Somebody else saved it meanwhile: the form holds what was typed here over what they saved, for a second look. */
async function showConflict(
  visit: InProject,
  mine: Typed,
  before: Readonly<Record<FieldName, string>>,
): Promise<Response> {
  const { value, etag } = await findTagged(visit);
  const theirs = asTyped(value);
  const typed = merge({ before, mine, theirs });
  return showEdit(visit, value, {
    typed,
    seen: { etag: etag ?? "", before: theirs },
    conflict: { before, mine, theirs },
  });
}

interface Editing {
  readonly typed: Typed;
  readonly seen: Seen;
  readonly wrongs?: Wrongs;
  readonly conflict?: Parameters<typeof merge>[0];
}

async function showEdit(visit: InProject, schedule: ScheduleAnswer, editing: Editing): Promise<Response> {
  const { typed, seen, wrongs = NOTHING_WRONG, conflict } = editing;
  const [functions, reading] = await Promise.all([functionsOf(visit), readingOf(visit, typed)]);
  const path = schedulePath(visit, schedule.id);
  const name = nameOfSchedule(schedule);
  return visit.show(
    <Page visit={visit} title="Edit the schedule" up={{ name, path }}>
      {conflict === undefined ? null : <Conflict visit={visit} schedule={schedule} {...conflict} />}
      {schedule.skips.length === 0 ? null : (
        <p class="news">Runs of it are to be skipped. Other times, bounds or another spread make it forget which.</p>
      )}
      {schedule.origin === "metadata" ? (
        <FromFunction visit={visit} schedule={schedule} />
      ) : (
        <ScheduleForm
          visit={visit}
          action={`${path}/edit`}
          typed={typed}
          wrongs={wrongs}
          reading={reading}
          functions={functions ?? []}
          seen={seen}
          back={path}
        />
      )}
    </Page>,
    conflict !== undefined ? 412 : wrongs === NOTHING_WRONG ? 200 : 422,
  );
}
