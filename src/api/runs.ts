/** `/v1/projects/{p}/runs`, and the runs of one schedule. */
import { z } from "@hono/zod-openapi";
import type { RunFilter } from "../actor/rpc.ts";
import { readScheduleId } from "../domain/ids.ts";
import { fail } from "../domain/result.ts";
import { RUN_CONTEXTS, RUN_STATUSES, type Run, type RunContext } from "../domain/run.ts";
import { D1RunLog } from "../runlog/d1-runlog.ts";
import { type Answered, answer, onTarget, type Reply, reply } from "./answer.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { FunctionName, JsonValue, PageQuery, pageOf, ScheduleIdParam } from "./fields.ts";
import { foreseen, giveAccess } from "./foreseeing.ts";
import { NotificationsField } from "./notification-json.ts";
import type { Api } from "./operation.ts";
import { listName, pageReply, readPage } from "./paging.ts";
import { problemOf } from "./problem.ts";
import { RunJson, runJson } from "./run-json.ts";
import { listRuns } from "./run-list.ts";
import { ScheduleParams } from "./schedule.ts";

const ALL = { tag: "Runs", path: "/v1/projects/{p}/runs" };
const OF_SCHEDULE = { tag: "Runs", path: "/v1/projects/{p}/schedules/{s}/runs", params: ScheduleParams };
const LISTED = { 200: { description: "Newest occurrence first.", schema: pageOf(RunJson) } };
const MADE = { 201: { description: "The run, on its way.", schema: RunJson } };

const NewRun = z
  .strictObject({
    fn: FunctionName.optional().openapi({ description: "Absent: the whole project." }),
    args: JsonValue.optional(),
    version: z.int().min(1).optional().openapi({ description: "Absent: the published one." }),
    notifications: NotificationsField.optional(),
  })
  .openapi("NewRun");

const NewScheduleRun = z.strictObject({}).openapi("NewScheduleRun");

const StatusQuery = PageQuery.extend({
  status: z.enum(RUN_STATUSES).optional(),
  context: z.enum(RUN_CONTEXTS).optional(),
});
const RunQuery = StatusQuery.extend({ schedule: ScheduleIdParam.optional(), fn: FunctionName.optional() });

type Listing = ProjectAsk<unknown, { limit: number; cursor?: string | undefined }, unknown>;

const madeReply =
  ({ scope }: ProjectAsk<unknown, unknown, unknown>) =>
  (run: Run): Reply =>
    onTarget(reply(201, runJson(run), { location: `/v1/projects/${scope.projectId}/runs/${run.id}` }), {
      kind: "run",
      id: run.id,
    });

export function mountRuns(api: Api): void {
  inProject(
    api,
    {
      ...ALL,
      method: "post",
      id: "createRun",
      needs: "can_edit",
      act: "run.started",
      summary: "Run a function or the whole project now",
      body: NewRun,
      example: { fn: "daily-report", args: { day: "2027-01-15" } },
      idempotent: true,
      problems: ["limit_reached", "conflict"],
      answers: MADE,
    },
    async (ask) => {
      const context = await contextOf(ask, ask.body.version);
      const { env, project: found, scribe, actor, idempotency, body } = ask;
      const ahead = await foreseen(env, found, body.notifications);
      if (!ahead.ok) return fail(problemOf(ahead.error));
      const run = await actor.keyed(idempotency, (project, key) => project.startRun({ ...body, context }, key));
      if (run.ok)
        await giveAccess(
          env,
          found,
          ahead.value,
          ahead.value.grants.map(({ id }) => id),
          scribe,
        );
      return answer(run, madeReply(ask));
    },
  );
  inProject(
    api,
    {
      ...ALL,
      method: "get",
      id: "listRuns",
      needs: "can_view",
      summary: "List the runs",
      query: RunQuery,
      answers: LISTED,
    },
    (ask) => {
      const { limit, cursor, ...filter } = ask.query;
      return list(ask, filter);
    },
  );
  mountRunsOfSchedule(api);
}

function mountRunsOfSchedule(api: Api): void {
  inProject(
    api,
    {
      ...OF_SCHEDULE,
      method: "post",
      id: "runScheduleNow",
      needs: "can_edit",
      act: "run.started",
      summary: "Run a schedule now",
      description: "Beside its occurrences, which stay as they are.",
      body: NewScheduleRun,
      idempotent: true,
      problems: ["conflict"],
      answers: MADE,
    },
    async (ask) => {
      const { actor, params, idempotency } = ask;
      const run = await actor.keyed(idempotency, (project, key) => project.runNow(params.s, key));
      return answer(run, madeReply(ask));
    },
  );
  inProject(
    api,
    {
      ...OF_SCHEDULE,
      method: "get",
      id: "listRunsOfSchedule",
      needs: "can_view",
      summary: "List the runs of a schedule",
      query: StatusQuery,
      answers: LISTED,
    },
    (ask) => {
      const { limit, cursor, ...filter } = ask.query;
      return list(ask, { ...filter, schedule: readScheduleId(ask.params.s) });
    },
  );
}

async function list(ask: Listing, filter: RunFilter): Promise<Answered> {
  const { env, scope, actor } = ask;
  const name = listName("runs", scope.projectId, filter);
  const page = readPage(env, name, ask.query);
  if (!page.ok) return page;
  const runs = await listRuns({ scope, actor, log: new D1RunLog(env.RUNLOG) }, filter, page.value);
  return answer(runs, (found) => pageReply(env, name, found, runJson));
}

/** A draft that is run by hand sees the context `logic`. */
async function contextOf(
  { actor }: ProjectAsk<unknown, unknown, unknown>,
  version: number | undefined,
): Promise<RunContext> {
  if (version === undefined) return "api-triggered";
  const found = await actor.repeatable((project) => project.version(version));
  return found.ok && found.value.state === "draft" ? "logic" : "api-triggered";
}
