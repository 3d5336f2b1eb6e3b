/** A claim as the actor gives it, with one valid value in every field. */
import { env } from "cloudflare:workers";
import type { ProjectScope } from "../../src/domain/access.ts";
import type { Claim } from "../../src/domain/claim.ts";
import type { FunctionSpec } from "../../src/domain/function.ts";
import { readRunId, readScheduleId } from "../../src/domain/ids.ts";
import { newId } from "../../src/system.ts";

/** A function of the receiver that behaves as its path says; its box is the project's id. */
export const functionAt = (scope: ProjectScope, behaviour: string, more: Partial<FunctionSpec> = {}): FunctionSpec => ({
  name: "work",
  kind: "http",
  url: `${env.RECEIVER}/${scope.projectId}/${behaviour}`,
  ...more,
});

export function makeClaim(scope: ProjectScope, behaviour = "ok", more: Partial<Claim> = {}): Claim {
  const [run, schedule] = [readRunId(newId()), readScheduleId(newId())];
  return {
    ref: { workspace: scope.workspaceId, project: scope.projectId, schedule, run },
    facts: {
      id: run,
      schedule_id: schedule,
      scheduled_for: "2027-01-15T09:00:00.000Z",
      context: "scheduled",
      scheduled: true,
      attempt: 0,
      origin_run_id: null,
      version: 3,
    },
    args: { day: "Friday" },
    functions: [functionAt(scope, behaviour)],
    whole: false,
    code: null,
    timeout: 5_000,
    origin: null,
    secretGeneration: 2,
    previousSecretValid: false,
    ...more,
  };
}
