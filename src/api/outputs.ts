/** `/v1/projects/{p}/runs/{r}/output`: what the functions of a run returned, also while it runs. */
import { z } from "@hono/zod-openapi";
import { ok } from "../domain/result.ts";
import { D1RunLog } from "../runlog/d1-runlog.ts";
import { answer, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { JsonValue } from "./fields.ts";
import type { Api } from "./operation.ts";
import { RunParams } from "./run.ts";
import { findRun } from "./run-list.ts";
import { runOutputOf } from "./run-output.ts";

const OutputJson = z
  .strictObject({
    items: z
      .array(z.strictObject({ fn: z.string(), value: JsonValue }))
      .openapi({ description: "One for each function that has returned, in their order; also of a run that failed." }),
    complete: z.boolean().openapi({ description: "Whether the run has ended, so that nothing is added any more." }),
  })
  .openapi("Output");

export function mountOutputs(api: Api): void {
  inProject(
    api,
    {
      method: "get",
      tag: "Runs",
      path: "/v1/projects/{p}/runs/{r}/output",
      params: RunParams,
      id: "getOutput",
      needs: "can_explore",
      summary: "Show the output of a run",
      description:
        "While the run goes on: what it has produced so far, recorded about once a second at first, and rarer the longer it goes on.",
      answers: { 200: { description: "The output.", schema: OutputJson } },
    },
    async ({ env, scope, actor, params }) => {
      const run = await findRun({ scope, actor, log: new D1RunLog(env.RUNLOG) }, params.r);
      if (!run.ok) return answer(run, () => reply(200));
      const output = await runOutputOf(env, scope, run.value);
      if (!output.ok) return output;
      return ok(reply(200, { items: output.value.items, complete: run.value.finishedAt !== null }));
    },
  );
}
