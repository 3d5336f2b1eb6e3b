/** `/v1/projects/{p}/runs/{r}`: one run, its chain of attempts, and its cancellation. */
import { z } from "@hono/zod-openapi";
import { reaches } from "../domain/access.ts";
import type { Capture } from "../domain/captures/capture.ts";
import { type NewsWait, newsWait } from "../domain/captures/news-wait.ts";
import { conflict } from "../domain/errors.ts";
import { newsOfRun, type RunId } from "../domain/ids.ts";
import { fail } from "../domain/result.ts";
import type { Run } from "../domain/run.ts";
import type { Instant } from "../domain/time/instant.ts";
import { listCaptures } from "../runlog/captures.ts";
import { D1RunLog } from "../runlog/d1-runlog.ts";
import { listDeliveriesFor } from "../runlog/deliveries.ts";
import { type Answered, answer, type Reply, reply } from "./answer.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { RunIdParam } from "./fields.ts";
import type { Api } from "./operation.ts";
import { RunJson, RunWithChainJson, runJson, runWithChainJson } from "./run-json.ts";
import { chainOf, findRun } from "./run-list.ts";
import { runOutputOf } from "./run-output.ts";

/** The path of everything under one run. */
export const RunParams = z.object({ r: RunIdParam });

const ONE = { tag: "Runs", path: "/v1/projects/{p}/runs/{r}", params: RunParams };

/** A request about one run. */
export type OfRun = ProjectAsk<{ readonly r: RunId }, unknown, unknown>;

/** Whether the caller is also shown what a captured page wrote and asked for, which may tell more than it shows. */
export const isEditor = ({ access }: Pick<OfRun, "access">): boolean => reaches(access.access, "can_edit");

const runReply = (run: Run): Reply => reply(200, runJson(run));

const NewCancellation = z.strictObject({}).openapi("NewCancellation");

export function mountRun(api: Api): void {
  inProject(
    api,
    {
      ...ONE,
      method: "get",
      id: "getRun",
      needs: "can_view",
      summary: "Show a run with its chain of attempts, its log and its captures",
      answers: { 200: { description: "The run.", schema: RunWithChainJson } },
    },
    showRun,
  );
  inProject(
    api,
    {
      ...ONE,
      path: `${ONE.path}/cancellation`,
      method: "post",
      id: "cancelRun",
      needs: "can_edit",
      act: "run.cancelled",
      summary: "Cancel a run that has not ended",
      body: NewCancellation,
      problems: ["conflict"],
      answers: { 200: { description: "The run, cancelled.", schema: RunJson } },
    },
    async ({ env, scope, actor, params }) => {
      const cancelled = await actor.repeatable((project) => project.cancelRun(params.r));
      if (cancelled.ok || cancelled.error.code !== "not_found") return answer(cancelled, runReply);
      const ended = await new D1RunLog(env.RUNLOG).get(scope, params.r);
      return answer(
        ended === null ? cancelled : fail(conflict(`The run is ${ended.status}; it has ended already.`)),
        runReply,
      );
    },
  );
}

async function showRun(ask: OfRun): Promise<Answered> {
  const { env, scope, actor, params, caller, now } = ask;
  const sources = { scope, actor, log: new D1RunLog(env.RUNLOG) };
  const run = await findRun(sources, params.r);
  if (!run.ok) return answer(run, runReply);
  const [chain, output, captures, deliveries] = await Promise.all([
    chainOf(sources, run.value),
    runOutputOf(env, scope, run.value),
    listCaptures(env.RUNLOG, scope, params.r),
    listDeliveriesFor(env.RUNLOG, scope, newsOfRun(params.r), { isEditor: isEditor(ask), memberId: caller.memberId }),
  ]);
  const log = output.ok ? output.value.log : undefined;
  const wait = waitOf(captures, now);
  return answer(chain, (runs) =>
    reply(
      200,
      runWithChainJson(run.value, { chain: runs, log, captures, deliveries, news: wait, isForEditors: isEditor(ask) }),
    ),
  );
}

/** How long the run's news waits; null when none waits for any of its captures. */
function waitOf(captures: readonly Capture[], now: Instant): NewsWait | null {
  const waits = captures.flatMap(({ newsBy }) => (newsBy === null ? [] : [newsBy]));
  if (waits.length === 0) return null;
  const formats = captures.filter(({ newsBy }) => newsBy !== null).map(({ format }) => format);
  return newsWait({ formats, until: Math.max(...waits) }, captures, now);
}
