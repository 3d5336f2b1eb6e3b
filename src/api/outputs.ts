/** `/v1/projects/{p}/runs/{r}/output`: what the functions of a run returned. */
import { z } from "@hono/zod-openapi";
import { readOutput } from "../artifacts/artifacts.ts";
import { notFound } from "../domain/errors.ts";
import { fail, ok } from "../domain/result.ts";
import { D1RunLog } from "../runlog/d1-runlog.ts";
import { answer, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { JsonValue } from "./fields.ts";
import type { Api } from "./operation.ts";
import { RunParams } from "./run.ts";
import { findRun } from "./run-list.ts";

const OutputJson = z
  .strictObject({
    items: z
      .array(z.strictObject({ fn: z.string(), value: JsonValue }))
      .openapi({ description: "One for each function that ran; empty while there is no output." }),
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
      answers: { 200: { description: "The output.", schema: OutputJson } },
    },
    async ({ env, scope, actor, params }) => {
      const run = await findRun({ scope, actor, log: new D1RunLog(env.RUNLOG) }, params.r);
      if (!run.ok) return answer(run, () => reply(200));
      if (run.value.output === null) return ok(reply(200, { items: [] }));
      const json = await readOutput(env.ARTIFACTS, scope, run.value.output);
      return answer(json === null ? fail(notFound("output", params.r)) : ok(json), (text) => ({
        status: 200,
        json: text,
      }));
    },
  );
}
