/** A world for one test: a fresh project with its actor, an endpoint of its own, and hands to push time with. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { Dispatcher } from "../../src/actor/dispatcher.ts";
import { reachProject } from "../../src/actor/reach.ts";
import type { ProjectVerbs } from "../../src/actor/rpc.ts";
import { mintProjectScope, type ProjectScope, projectObjectName } from "../../src/domain/access.ts";
import type { FunctionSpec } from "../../src/domain/function.ts";
import { readProjectId, readWorkspaceId, type WorkspaceId } from "../../src/domain/ids.ts";
import type { PlanName } from "../../src/domain/plan.ts";
import type { Result } from "../../src/domain/result.ts";
import type { Run } from "../../src/domain/run.ts";
import type { Schedule, ScheduleInput } from "../../src/domain/schedule.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { newId } from "../../src/system.ts";
import type { ReceivedCall } from "./receiver-server.ts";

export interface World {
  readonly scope: ProjectScope;
  readonly project: ProjectVerbs;
  readonly stub: DurableObjectStub;
  /** An http function that behaves as its path says (see `receiver-server.ts`). */
  fn(name: string, behaviour?: string, more?: Partial<FunctionSpec>): FunctionSpec;
  /** What the world's endpoint was sent. */
  calls(): Promise<readonly ReceivedCall[]>;
  /** Saves one schedule and answers it. */
  schedule(input: ScheduleInput): Promise<Schedule>;
  /** Finished runs in the log, oldest first. */
  logged(): Promise<readonly Run[]>;
  /** Live runs of the actor, oldest first. */
  live(): Promise<readonly Run[]>;
}

export interface WorldOptions {
  readonly plan?: PlanName;
  /** A fresh one by default. */
  readonly workspace?: WorkspaceId;
}

/** A project whose published version has the given functions, by default one that is well, `work`. */
export async function makeWorld(
  functions?: (world: Pick<World, "fn">) => readonly FunctionSpec[],
  { plan = "enterprise", workspace = readWorkspaceId(newId()) }: WorldOptions = {},
): Promise<World> {
  const scope = mintProjectScope(workspace, readProjectId(newId()));
  const stub = env.PROJECT.getByName(projectObjectName(scope));
  const project = reachProject(env, scope);
  const box = scope.projectId;
  const fn: World["fn"] = (name, behaviour = "ok", more = {}) => ({
    name,
    kind: "http",
    url: `${env.RECEIVER}/${box}/${behaviour}`,
    ...more,
  });
  const world: World = {
    scope,
    project,
    stub,
    fn,
    calls: async () => (await fetch(`${env.RECEIVER}/${box}`)).json(),
    schedule: async (input) => {
      const [saved] = unwrap(await project.saveSchedules([input]));
      if (saved === undefined) throw new Error("No answer");
      return unwrap(saved).schedule;
    },
    logged: async () => [...(await new D1RunLog(env.RUNLOG).list(scope, {}, { limit: 1_000 }))].reverse(),
    live: async () => [...unwrap(await project.liveRuns({}, { limit: 10_000 }))].reverse(),
  };
  await project.open({ timezone: "UTC", plan });
  const version = unwrap(await project.addVersion(functions?.(world) ?? [fn("work")]));
  unwrap(await project.publish(version.number));
  return world;
}

/** The value of a result that is expected to be there. */
export function unwrap<Value, Failure>(result: Result<Value, Failure>): Value {
  if (!result.ok) throw new Error(`Refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** Sets the clock of the Worker and its actors. Alarms still follow the real one: ring them with `ring`. */
export function setClock(time: string | number): void {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(time);
}

/** Rings the project's alarm now, if one is set. */
export const ring = (world: Pick<World, "stub">): Promise<boolean> => runDurableObjectAlarm(world.stub);

/** Sets the clock and rings: what happens when this time comes. */
export async function ringAt(world: Pick<World, "stub">, time: string | number): Promise<void> {
  setClock(time);
  await ring(world);
}

/** Waits for something that the queue or the log brings about; asks again until it holds. */
export async function eventually<Value>(ask: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
  return vi.waitFor(
    async () => {
      const value = await ask();
      if (!holds(value)) expect.fail(`Still not so: ${JSON.stringify(value)?.slice(0, 2_000)}`);
      return value;
    },
    { timeout: 10_000, interval: 10 },
  );
}

/** Runs SQL in the project's own database: to look, and to break things. */
export const sql = (world: World, query: string, ...bindings: (string | number | null)[]) =>
  runInDurableObject(world.stub, (_, state) => state.storage.sql.exec(query, ...bindings).toArray());

/** From here on nothing that is handed to the queue arrives: as if the queue had lost it. Ends with the test. */
export function loseMessages(): void {
  vi.spyOn(Dispatcher.prototype, "send").mockResolvedValue([]);
}

/** Messages arrive again. */
export function keepMessages(): void {
  vi.restoreAllMocks();
}

/** Rings the alarm as often as it asks for within the minute from `time`, the clock moving along; gives up after 50. */
export async function ringThrough(world: Pick<World, "stub">, time: string | number): Promise<void> {
  const start = typeof time === "string" ? Date.parse(time) : time;
  setClock(start);
  for (let rings = 0; rings < 50; rings += 1) {
    const at = await runInDurableObject(world.stub, (_, state) => state.storage.getAlarm());
    if (at === null || at > start + 60_000) return;
    await ringAt(world, Math.max(at, start));
  }
}

/** The instance is thrown out of memory; what it had written stays. */
export const evict = (world: World): Promise<void> => evictDurableObject(world.stub);

/** When the project's alarm will ring; null when none is set. */
export const alarmOf = (world: World): Promise<number | null> =>
  runInDurableObject(world.stub, (_, state) => state.storage.getAlarm());
