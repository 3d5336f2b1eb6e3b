/** Saves schedules: looks ahead at whom their notifications name, has the actor save them, and gives access to who has none. */
import type { Answer, Idempotency, SavedSchedule } from "../actor/rpc.ts";
import type { Scribe } from "../directory/audit.ts";
import type { Project } from "../directory/projects.ts";
import { conflict, type Failure } from "../domain/errors.ts";
import { fail, type Result } from "../domain/result.ts";
import type { ScheduleInput } from "../domain/schedule.ts";
import type { Env } from "../env.ts";
import { foreseenOfEach, giveAccess } from "./foreseeing.ts";
import type { ProjectLine } from "./project-line.ts";

/** Where schedules are saved, and in whose name. */
export interface SavingPlace {
  readonly env: Env;
  readonly project: Project;
  readonly actor: ProjectLine;
  readonly scribe: Scribe;
}

type Saved = Result<SavedSchedule, Failure>;

/** One answer for each, in their order. One whose recipients cannot be named is refused, and does not stop the others. */
export async function saveSchedules(
  { env, project, actor, scribe }: SavingPlace,
  inputs: readonly ScheduleInput[],
  idempotency?: Idempotency,
): Answer<readonly Saved[]> {
  const ahead = await foreseenOfEach(
    env,
    project,
    inputs.map(({ notifications }) => notifications),
  );
  const wanted = inputs.filter((_, index) => ahead[index]?.ok);
  const saved = await actor.keyed(idempotency, (verbs, key) => verbs.saveSchedules(wanted, key));
  if (!saved.ok) return saved;
  // All of them could be named when the key came first: the answer is as it was then, whoever has left since.
  const isAsBefore = saved.replayed === true && saved.value.length === inputs.length;
  if (!isAsBefore && saved.value.length !== wanted.length) return fail(OTHERS_BY_NOW);
  const rest = [...saved.value];
  const answers = ahead.map((one): Saved => (one.ok || isAsBefore ? (rest.shift() ?? fail(OTHERS_BY_NOW)) : one));
  for (const [index, answer] of answers.entries()) {
    const one = ahead[index];
    if (answer.ok && one?.ok) await giveAccess(env, project, one.value, answer.value.newlyNamed, scribe);
  }
  return { ...saved, value: answers };
}

const OTHERS_BY_NOW = conflict(
  "Other recipients can be named than when this Idempotency-Key came first. Look at the schedules as they are.",
);
