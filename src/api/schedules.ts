/** `/v1/projects/{p}/schedules`: made, listed, and cancelled by function. */
import { z } from "@hono/zod-openapi";
import type { SavedSchedule } from "../actor/rpc.ts";
import type { Target } from "../domain/audit.ts";
import type { Failure } from "../domain/errors.ts";
import { ok, type Result } from "../domain/result.ts";
import { SCHEDULE_ORIGINS, SOUGHT_STATES } from "../domain/schedule.ts";
import type { Instant } from "../domain/time/instant.ts";
import { D1RunLog } from "../runlog/d1-runlog.ts";
import { answer, onTarget, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { etagOf } from "./etag.ts";
import { FlagParam, FunctionName, PageQuery, pageOf } from "./fields.ts";
import type { Api } from "./operation.ts";
import { listName, pageReply, readPage } from "./paging.ts";
import { RunJson, runJson } from "./run-json.ts";
import { latestRunsOf } from "./run-list.ts";
import { saveSchedules } from "./saving-schedules.ts";
import { NewSchedule, ScheduleJson, scheduleJson } from "./schedule-json.ts";

const ALL = { tag: "Schedules", path: "/v1/projects/{p}/schedules" };

/** A schedule, and what saving it did. */
export const SavedScheduleJson = ScheduleJson.extend({
  change: z.enum(["created", "updated", "unchanged"]).openapi({ description: "What saving it did." }),
}).openapi("SavedSchedule");

const LATEST_RUNS_MAX = 10;

const CancelledJson = z.strictObject({ cancelled: z.int(), dry_run: z.boolean() }).openapi("Cancelled");

const ScheduleQuery = PageQuery.extend({
  state: z
    .enum(SOUGHT_STATES)
    .optional()
    .openapi({ description: "`living`: active, paused and quarantined ones, those that have not ended." }),
  fn: FunctionName.optional(),
  origin: z.enum(SCHEDULE_ORIGINS).optional(),
  latest_runs: z.coerce.number().int().min(1).max(LATEST_RUNS_MAX).optional().openapi({
    description: "Shows the latest runs of each schedule too, so many of each.",
  }),
});

/** A schedule in the list. */
const ListedScheduleJson = ScheduleJson.extend({
  latest_runs: z.array(RunJson).optional().openapi({ description: "Newest first; there when they were asked for." }),
}).openapi("ListedSchedule");

/** Shown as of its saving, so that the answer is the same when it is asked for again under its key. */
export const savedJson = ({ change, schedule }: SavedSchedule, now: Instant): z.output<typeof SavedScheduleJson> => ({
  ...scheduleJson(schedule, change === "unchanged" ? now : schedule.updatedAt),
  change,
});

/** 201 only for a schedule that was not there before. */
export const savedStatus = ({ change }: SavedSchedule): number => (change === "created" ? 201 : 200);

/** For the audit; a save that changed nothing is no act. */
export const savedTarget = ({ change, schedule }: SavedSchedule): Target | null =>
  change === "unchanged" ? null : { kind: "schedule", id: schedule.id };

/** The one answer of a save of one, with what marks the whole as given before. */
export function theOnly<Value>(saved: Result<readonly Result<Value, Failure>[], Failure>): Result<Value, Failure> {
  if (!saved.ok) return saved;
  const { value, ...marks } = saved;
  const [only] = value;
  if (only === undefined) throw new Error("A schedule was saved without an answer.");
  return { ...marks, ...only };
}

export function mountSchedules(api: Api): void {
  inProject(
    api,
    {
      ...ALL,
      method: "post",
      id: "createSchedule",
      needs: "can_edit",
      act: "schedule.saved",
      summary: "Save a schedule",
      body: NewSchedule,
      example: { schedule: "every day at 9:00 am", fn: "daily-report", timezone: "Europe/Berlin", retry: 3 },
      idempotent: true,
      problems: ["limit_reached", "conflict"],
      answers: {
        201: { description: "A new schedule.", schema: SavedScheduleJson },
        200: { description: "The schedule of this key, changed or left as it was.", schema: SavedScheduleJson },
      },
    },
    async (ask) => {
      const { scope, body, idempotency, now } = ask;
      const saved = await saveSchedules(ask, [body], idempotency);
      return answer(theOnly(saved), (one) =>
        onTarget(
          reply(savedStatus(one), savedJson(one, now), {
            etag: etagOf(one.schedule),
            location: `/v1/projects/${scope.projectId}/schedules/${one.schedule.id}`,
          }),
          savedTarget(one),
        ),
      );
    },
  );
  mountList(api);
  mountCancellation(api);
}

function mountList(api: Api): void {
  inProject(
    api,
    {
      ...ALL,
      method: "get",
      id: "listSchedules",
      needs: "can_view",
      summary: "List the schedules",
      query: ScheduleQuery,
      answers: { 200: { description: "Oldest first.", schema: pageOf(ListedScheduleJson) } },
    },
    async ({ env, scope, actor, query, now }) => {
      const { limit, cursor, latest_runs: count, ...filter } = query;
      const list = listName("schedules", scope.projectId, filter);
      const page = readPage(env, list, { limit, cursor });
      if (!page.ok) return page;
      const found = await actor.repeatable((project) => project.schedules(filter, page.value));
      const ids = found.ok && count !== undefined ? found.value.items.map(({ id }) => id) : [];
      const sources = { scope, actor, log: new D1RunLog(env.RUNLOG) };
      const runs = ids.length === 0 ? ok(new Map()) : await latestRunsOf(sources, ids, count ?? 1);
      if (!runs.ok) return answer(runs, () => reply(200));
      return answer(found, (schedules) =>
        pageReply(env, list, schedules, (one) => ({
          ...scheduleJson(one, now),
          ...(count === undefined ? {} : { latest_runs: (runs.value.get(one.id) ?? []).map(runJson) }),
        })),
      );
    },
  );
}

function mountCancellation(api: Api): void {
  inProject(
    api,
    {
      ...ALL,
      method: "delete",
      id: "cancelSchedulesOfFunction",
      needs: "can_edit",
      act: "schedules.cancelled",
      summary: "Cancel every schedule of a function",
      query: z.strictObject({ fn: FunctionName, dry_run: FlagParam }),
      answers: { 200: { description: "How many were, or with `dry_run` would be.", schema: CancelledJson } },
    },
    async ({ actor, query }) => {
      const dryRun = query.dry_run === "true";
      const cancelled = await actor.repeatable((project) => project.cancelSchedulesOf(query.fn, dryRun));
      return answer(cancelled, (done) => {
        const said = reply(200, { cancelled: done.cancelled, dry_run: dryRun });
        return onTarget(said, dryRun || done.cancelled === 0 ? null : { kind: "function", id: query.fn });
      });
    },
  );
}
