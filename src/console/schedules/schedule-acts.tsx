/** What is done to a schedule from its page or its row: each a form of its own. */
import { z } from "@hono/zod-openapi";
import { toIso } from "../../domain/time/instant.ts";
import { Anything, MadeAnswer } from "../answers/fields.ts";
import { ScheduleAnswer } from "../answers/schedule.ts";
import { address, type WriteMethod, withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { type InProject, onProjectForm } from "../in-project.tsx";
import { schedulePath } from "../page.tsx";
import { wrongsOf } from "../pieces/fields.tsx";
import { type Refusal, refusalOf } from "../refusal.ts";
import { showRefusal } from "../showing-refusals.tsx";
import { readLocal } from "../workspace-zone.ts";
import { idOfSchedule, showSchedule } from "./schedule.tsx";

const PATH = "/projects/:p/schedules/:s";
const BackfillAnswer = z.object({ occurrences: z.int() });

export function mountScheduleActs(pages: Pages): void {
  onProjectForm(pages, `${PATH}/pause`, "can_edit", pause);
  onProjectForm(pages, `${PATH}/resumption`, "can_edit", resume);
  onProjectForm(pages, `${PATH}/runs`, "can_edit", runNow);
  onProjectForm(pages, `${PATH}/skips`, "can_edit", skipNext);
  onProjectForm(pages, `${PATH}/backfills`, "can_edit", backfill);
  onProjectForm(pages, `${PATH}/again`, "can_edit", makeAgain);
}

/** Where the schedule is in the API. */
export const scheduleAt = (visit: InProject): string => visit.at + address`/schedules/${idOfSchedule(visit)}`;

async function pause(visit: InProject, filled: Filled): Promise<Response> {
  const reason = filled.text("reason");
  const body = reason === "" ? {} : { reason };
  const paused = await visit.api.send("PUT", `${scheduleAt(visit)}/pause`, Anything, { body });
  return paused.ok ? goBack(visit, filled, { did: "paused" }) : showWrong(visit, paused.error, filled, ["reason"]);
}

async function resume(visit: InProject, filled: Filled): Promise<Response> {
  const resumed = await visit.api.send("DELETE", `${scheduleAt(visit)}/pause`, Anything);
  return resumed.ok ? goBack(visit, filled, { did: "resumed" }) : showWrong(visit, resumed.error, filled);
}

async function runNow(visit: InProject, filled: Filled): Promise<Response> {
  const run = await post(visit, filled, "runs", MadeAnswer, {});
  return run.ok ? goBack(visit, filled, { did: "started", run: run.value.id }) : showWrong(visit, run.error, filled);
}

async function skipNext(visit: InProject, filled: Filled): Promise<Response> {
  const skipped = await post(visit, filled, "skips", Anything, {});
  return skipped.ok ? goBack(visit, filled, { did: "skipped" }) : showWrong(visit, skipped.error, filled);
}

async function backfill(visit: InProject, filled: Filled): Promise<Response> {
  const { timezone } = await visit.api.get(scheduleAt(visit), ScheduleAnswer);
  const body = { from: readLocal(filled.text("from"), timezone), to: readLocal(filled.text("to"), timezone) };
  const made = await post(visit, filled, "backfills", BackfillAnswer, body);
  if (!made.ok) return showWrong(visit, made.error, filled, ["from", "to"]);
  return goBack(visit, filled, { did: "backfilled", count: made.value.occurrences });
}

/** What was cancelled, as a new schedule. One instant is said as such: `in 10 minutes` would be another one by now. */
async function makeAgain(visit: InProject, filled: Filled): Promise<Response> {
  const before = await visit.api.get(scheduleAt(visit), ScheduleAnswer);
  if (!isOver(before)) return showRefusal(visit, { ...NOT_OVER, detail: `It is ${before.state}. ${NOT_OVER.detail}` });
  const made = await visit.api.send("POST", `${visit.at}/schedules`, MadeAnswer, {
    body: asNew(before),
    headers: filled.onceHeader,
  });
  if (!made.ok) return showWrong(visit, made.error, filled);
  return visit.goTo(`${schedulePath(visit, made.value.id)}?did=again`);
}

const isOver = ({ state }: ScheduleAnswer): boolean => state === "cancelled" || state === "completed";

const NOT_OVER = refusalOf(409, "conflict", "Only a schedule that is over is made again.");

const asNew = (schedule: ScheduleAnswer) => ({
  schedule: schedule.at ?? schedule.schedule,
  ...(schedule.fn === null ? {} : { fn: schedule.fn }),
  ...(schedule.args === null ? {} : { args: schedule.args }),
  ...(schedule.key === null ? {} : { key: schedule.key }),
  ...(schedule.starts_at === null ? {} : { starts_at: toIso(schedule.starts_at) }),
  ...(schedule.ends_at === null ? {} : { ends_at: toIso(schedule.ends_at) }),
  ...(schedule.max_runs === null ? {} : { max_runs: schedule.max_runs }),
  timezone: schedule.timezone,
  retry: schedule.retry,
  overlap: schedule.overlap,
  catchup: schedule.catchup,
  catchup_window: schedule.catchup_window,
  dst: schedule.dst,
  spread: schedule.spread,
  timeout: schedule.timeout,
  notifications: schedule.notifications,
});

const post = <Schema extends z.ZodType>(
  visit: InProject,
  { onceHeader: headers }: Filled,
  what: string,
  schema: Schema,
  body: unknown,
) => visit.api.send<Schema>("POST" satisfies WriteMethod, `${scheduleAt(visit)}/${what}`, schema, { body, headers });

/** Back to where the button was. */
function goBack(visit: InProject, filled: Filled, did: Readonly<Record<string, string | number>>): Response {
  const id = idOfSchedule(visit);
  const isFromList = filled.text("from") === "list";
  return visit.goTo(
    isFromList ? withQuery(`${visit.home}/schedules`, { ...did, s: id }) : withQuery(schedulePath(visit, id), did),
  );
}

/** The schedule's page, with what was wrong and what was typed. What is not there any more is shown as that. */
function showWrong(
  visit: InProject,
  refusal: Refusal,
  filled: Filled,
  fields: readonly string[] = [],
): Promise<Response> {
  return showSchedule(visit, { wrongs: wrongsOf(refusal, fields), filled });
}
