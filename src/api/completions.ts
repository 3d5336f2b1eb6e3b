/** `/v1/projects/{p}/runs/{r}/completion`: a function that answered 202 says how its run ended. */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { storeOutput } from "../artifacts/artifacts.ts";
import { bearerOf } from "../directory/authenticate.ts";
import type { ProjectScope } from "../domain/access.ts";
import { conflict, type Failure } from "../domain/errors.ts";
import type { RunId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Outcome, Run } from "../domain/run.ts";
import { readRunToken } from "../http/run-token.ts";
import { type Answered, answer, reply } from "./answer.ts";
import { mount } from "./door.ts";
import { JsonValue } from "./fields.ts";
import { type Ask, readInput } from "./input.ts";
import type { Api, ApiEnv } from "./operation.ts";
import { NOT_FOUND, type Problem, problemOf } from "./problem.ts";
import { projectLine } from "./project-line.ts";
import { RunParams } from "./run.ts";
import { RunJson, runJson } from "./run-json.ts";
import { unauthorized } from "./unauthorized.ts";

const MESSAGE_MAX_LENGTH = 2_000;

const NewCompletion = z
  .strictObject({
    status: z.enum(["succeeded", "failed"]),
    output: JsonValue.optional().openapi({ description: "What the function returns, when it succeeded." }),
    error: z
      .strictObject({ message: z.string().max(MESSAGE_MAX_LENGTH) })
      .optional()
      .openapi({ description: "What went wrong, when it failed." }),
    retry: z
      .union([z.literal(false), z.int().min(0)])
      .optional()
      .openapi({ description: "`false`: do not retry. A number: not before this many milliseconds." }),
  })
  .openapi("NewCompletion");

type Completion = z.output<typeof NewCompletion>;
type Completed = Exclude<Outcome, { kind: "accepted" }>;
type Asking = Ask<unknown, unknown, Completion>;

const COMPLETE = {
  method: "post",
  tag: "Runs",
  path: "/v1/projects/{p}/runs/{r}/completion",
  params: RunParams,
  id: "completeRun",
  summary: "Complete a run that answered 202",
  description: "Called by the function itself, with the run token that came with the call: `Bearer crt_...`.",
  body: NewCompletion,
  example: { status: "succeeded", output: { rows: 3 } },
  problems: ["conflict"],
  answers: { 200: { description: "The run, as it ended.", schema: RunJson } },
} as const;

export function mountCompletions(api: Api): void {
  mount(api, COMPLETE, "run", async (c) => {
    const scope = await recogniseRun(c);
    if (!scope.ok) return scope;
    const ask = await readInput(c, COMPLETE);
    return ask.ok ? complete(ask.value, scope.value, ask.value.params.r) : ask;
  });
}

/** The token names one run; at another run's address it says nothing. */
async function recogniseRun(c: Context<ApiEnv>): Promise<Result<ProjectScope, Problem>> {
  const bearer = bearerOf(c.req.raw.headers.get("authorization"));
  if (!bearer.ok) return fail(unauthorized(bearer.error));
  const subject = await readRunToken(c.env.CARILLON_KEY, bearer.value);
  if (subject === null) return fail(unauthorized("unknown"));
  const isHere = subject.scope.projectId === c.req.param("p") && subject.run === c.req.param("r");
  return isHere ? ok(subject.scope) : fail(NOT_FOUND);
}

async function complete(ask: Asking, scope: ProjectScope, id: RunId): Promise<Answered> {
  const actor = projectLine(ask.env, scope);
  const run = await actor.repeatable((project) => project.run(id));
  if (!run.ok) return answer(run, () => reply(200));
  // Before the output is stored: a completion that comes too late must not touch what the run ended with.
  if (run.value.status !== "running") return fail(problemOf(notRunning(run.value)));
  const outcome = await outcomeOf(ask, scope, run.value);
  const completed = await actor.once((project) => project.completeRun(id, outcome));
  return answer(completed, (ended) => reply(200, runJson(ended)));
}

const notRunning = (run: Run): Failure => conflict(`The run is ${run.status}; only a running one can be completed.`);

async function outcomeOf({ body, env, now }: Asking, scope: ProjectScope, run: Run): Promise<Completed> {
  if (body.status === "failed") {
    const message = body.error?.message ?? "The function reported a failure.";
    const error = { reason: "reported", message } as const;
    const retry =
      body.retry === false ? ("never" as const) : body.retry === undefined ? undefined : { after: body.retry };
    return { kind: "failed", at: now, error, ...(retry === undefined ? {} : { retry }) };
  }
  const json = JSON.stringify({ items: [{ fn: run.fn, value: body.output ?? null }] });
  return { kind: "succeeded", at: now, output: await storeOutput(env.ARTIFACTS, scope, run.id, json, "completion") };
}
