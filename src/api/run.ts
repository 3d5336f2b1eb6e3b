/** `/v1/projects/{p}/runs/{r}`: one run, its chain of attempts, and its cancellation. */
import { z } from "@hono/zod-openapi";
import { conflict } from "../domain/errors.ts";
import { fail } from "../domain/result.ts";
import type { Run } from "../domain/run.ts";
import { D1RunLog } from "../runlog/d1-runlog.ts";
import { answer, type Reply, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { RunIdParam } from "./fields.ts";
import type { Api } from "./operation.ts";
import { RunJson, RunWithChainJson, runJson, runWithChainJson } from "./run-json.ts";
import { chainOf, findRun } from "./run-list.ts";
import { runOutputOf } from "./run-output.ts";

/** The path of everything under one run. */
export const RunParams = z.object({ r: RunIdParam });

const ONE = { tag: "Runs", path: "/v1/projects/{p}/runs/{r}", params: RunParams };

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
      summary: "Show a run with its chain of attempts and its log",
      answers: { 200: { description: "The run.", schema: RunWithChainJson } },
    },
    async ({ env, scope, actor, params }) => {
      const sources = { scope, actor, log: new D1RunLog(env.RUNLOG) };
      const run = await findRun(sources, params.r);
      if (!run.ok) return answer(run, runReply);
      const chain = await chainOf(sources, run.value);
      const output = await runOutputOf(env, scope, run.value);
      const log = output.ok ? output.value.log : undefined;
      return answer(chain, (runs) => reply(200, runWithChainJson(run.value, runs, log)));
    },
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
