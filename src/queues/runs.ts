/** The consumer of `runs` and of its dead letters: claims what arrives, and has it executed in lots. */
import { reachProject } from "../actor/reach.ts";
import type { ProjectVerbs } from "../actor/rpc.ts";
import { mintProjectScope } from "../domain/access.ts";
import type { Claim, RunKey, RunRef } from "../domain/claim.ts";
import { isUuid } from "../domain/ids.ts";
import { type Env, readConfig } from "../env.ts";
import { noteStart, OutcomeReporter, type Report } from "./outcome-reporter.ts";
import { CODE_LOT_SIZE, LOT_SIZE } from "./run-lot.ts";

/** The wait before a message comes again whose project could not be reached. */
const REDELIVER_AFTER_S = 2;

/** A way to start a lot in an invocation of its own. */
export interface StartLot {
  execute(claims: readonly Claim[]): Promise<readonly Report[]>;
}

/**
 * Claims the runs of a batch and executes them. A message is done when its run is claimed: from there on the actor's lease
 * looks after it, whatever becomes of this invocation.
 */
export async function consumeRuns(
  batch: MessageBatch<RunRef>,
  env: Env,
  context: Pick<ExecutionContext, "waitUntil">,
  lot: StartLot,
): Promise<void> {
  const claims = (await Promise.all(byProject(batch).map((messages) => claim(messages, env)))).flat();
  noteStart();
  const reporter = new OutcomeReporter(env);
  const all = Promise.allSettled(lotsOf(claims).map((claims) => executeLot(claims, lot, reporter)));
  if (readConfig(env).consumerWaits) await all;
  else context.waitUntil(all);
}

/**
 * A lot holds runs of one workspace alone: a slow function makes no other tenant's run wait for a connection. Runs of code
 * make smaller lots.
 */
function lotsOf(claims: readonly Claim[]): readonly (readonly Claim[])[] {
  return [...Map.groupBy(claims, ({ ref }) => ref.workspace).values()].flatMap((ofOne) => {
    const { code = [], http = [] } = Object.groupBy(ofOne, (claim) => (hasCode(claim) ? "code" : "http"));
    return [...cut(code, CODE_LOT_SIZE), ...cut(http, LOT_SIZE)];
  });
}

const hasCode = ({ functions }: Claim): boolean => functions.some(({ kind }) => kind === "code");

function cut(claims: readonly Claim[], size: number): readonly (readonly Claim[])[] {
  const lots: (readonly Claim[])[] = [];
  for (let start = 0; start < claims.length; start += size) lots.push(claims.slice(start, start + size));
  return lots;
}

async function executeLot(claims: readonly Claim[], lot: StartLot, reporter: OutcomeReporter): Promise<void> {
  const reports = await lot.execute(claims);
  await Promise.all(reports.map((report) => reporter.report(report)));
}

/** Messages that the queue gave up. Their runs are still in the actors; it decides whether they are hopeless. */
export async function consumeDeadRuns(batch: MessageBatch<RunRef>, env: Env): Promise<void> {
  for (const messages of byProject(batch)) {
    await forProject(messages, env, async (project, keys) => {
      console.error({
        event: "runs_dead_lettered",
        project: messages[0]?.body.project,
        runs: keys.map((key) => key.run),
      });
      await project.undeliverable(keys);
    });
  }
}

/** The messages of each project. What is no message of ours will not become one: it is told and done with. */
function byProject(batch: MessageBatch<RunRef>): readonly (readonly Message<RunRef>[])[] {
  const strange = batch.messages.filter((message) => !isRunRef(message.body));
  for (const message of strange) {
    console.error({ event: "message_not_understood", queue: batch.queue, message: message.id });
    message.ack();
  }
  const ours = batch.messages.filter((message) => isRunRef(message.body));
  return [...Map.groupBy(ours, ({ body }) => `${body.workspace}:${body.project}`).values()];
}

/** The queue may hold what an older or a stranger's hand put there. */
function isRunRef(body: unknown): body is RunRef {
  if (typeof body !== "object" || body === null) return false;
  const { workspace, project, run, schedule } = body as { [field in keyof RunRef]?: unknown };
  const ids = [workspace, project, run, ...(schedule === null ? [] : [schedule])];
  return ids.every((id) => typeof id === "string" && isUuid(id));
}

async function claim(messages: readonly Message<RunRef>[], env: Env): Promise<readonly Claim[]> {
  return (await forProject(messages, env, (project, keys) => project.begin(keys))) ?? [];
}

/** One call for all messages of a project; they are done when it succeeds and come again when it does not. */
async function forProject<Value>(
  messages: readonly Message<RunRef>[],
  env: Env,
  call: (project: ProjectVerbs, keys: readonly RunKey[]) => Promise<Value>,
): Promise<Value | undefined> {
  const ref = messages[0]?.body;
  if (ref === undefined) return undefined;
  const project = reachProject(env, mintProjectScope(ref.workspace, ref.project));
  try {
    const value = await call(
      project,
      messages.map(({ body }) => ({ schedule: body.schedule, run: body.run })),
    );
    for (const message of messages) message.ack();
    return value;
  } catch (cause) {
    console.warn({ event: "project_unreachable", project: ref.project, cause: String(cause) });
    for (const message of messages) message.retry({ delaySeconds: REDELIVER_AFTER_S });
    return undefined;
  }
}
