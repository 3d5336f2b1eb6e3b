/** What a run has left so far, read for the doors: the values of its functions, and its log. */
import { readOutput } from "../artifacts/artifacts.ts";
import type { ProjectScope } from "../domain/access.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Run } from "../domain/run.ts";
import { parseRunOutput, type RunOutput } from "../domain/run-output.ts";
import type { Env } from "../env.ts";
import { NOT_FOUND, type Problem } from "./problem.ts";

/** Of a run that has left nothing yet, or nothing at all. */
const NOTHING: RunOutput = { items: [] };

const SWEPT_AWAY: Problem = {
  ...NOT_FOUND,
  detail: "The run had an output, which has been deleted since: outputs are kept as long as the plan says.",
};

/** What the run left; a problem when it was kept for its time and has been deleted. */
export async function runOutputOf(
  env: Pick<Env, "ARTIFACTS">,
  scope: ProjectScope,
  run: Run,
): Promise<Result<RunOutput, Problem>> {
  if (run.output === null) return ok(NOTHING);
  const json = await readOutput(env.ARTIFACTS, scope, run.output);
  return json === null ? fail(SWEPT_AWAY) : ok(parseRunOutput(json));
}
