/** The rows of finished runs, in a real table inside the actor. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { AlarmClock } from "../../src/actor/alarm-clock.ts";
import { keyOf } from "../../src/actor/dispatcher.ts";
import { FinishedRuns } from "../../src/actor/finished-runs.ts";
import { apiRun } from "../../src/actor/making-runs.ts";
import type { LiveRun } from "../../src/actor/run-row.ts";
import { RunTable } from "../../src/actor/run-table.ts";
import { readRunId } from "../../src/domain/ids.ts";
import { newId } from "../../src/system.ts";
import { makeWorld } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
const POLICY = { retry: { attempts: 0, delay: 0, backoff: "fixed" }, timeout: 1_000 } as const;
const WISH = {
  ...{ fn: "work", args: null, version: 1, pinned: false, ofPublication: false, notifications: null },
  context: "api-triggered",
} as const;
const makeLiving = (): LiveRun => apiRun(readRunId(newId()), WISH, POLICY, NINE);
const makeFinished = (): LiveRun => ({ ...makeLiving(), status: "succeeded", finishedAt: NINE, wakeAt: null });

async function inActor(act: (runs: RunTable, finished: FinishedRuns) => void): Promise<void> {
  const { stub } = await makeWorld();
  await runInDurableObject(stub, (_, { storage }) => {
    act(new RunTable(storage.sql, new AlarmClock(storage), { noteRun: () => {} }), new FinishedRuns(storage.sql));
  });
}

const idsOf = (runs: readonly LiveRun[]): readonly string[] => runs.map(({ id }) => id).toSorted();

describe("finished runs", () => {
  it("are told apart by whether the log has them; living ones are none of them", async () => {
    await inActor((runs, finished) => {
      expect(finished.look()).toEqual({ isUnlogged: false, isLogged: false });
      const [one, two, living] = [makeFinished(), makeFinished(), makeLiving()];
      for (const run of [one, two, living]) runs.add(run);
      expect(idsOf(finished.unlogged(9))).toEqual(idsOf([one, two]));
      finished.noteLogged([keyOf(one), keyOf(living)]);
      expect([idsOf(finished.unlogged(9)), idsOf(finished.logged(9))]).toEqual([[two.id], [one.id]]);
      expect(finished.look()).toEqual({ isUnlogged: true, isLogged: true });
    });
  });

  it("come no more at a time than are asked for", async () => {
    await inActor((runs, finished) => {
      for (let count = 0; count < 3; count += 1) runs.add(makeFinished());
      expect(finished.unlogged(2)).toHaveLength(2);
    });
  });

  it("are taken out by their names; one that has not ended stays, whoever says otherwise", async () => {
    await inActor((runs, finished) => {
      const [one, two, living] = [makeFinished(), makeFinished(), makeLiving()];
      for (const run of [one, two, living]) runs.add(run);
      finished.remove([keyOf(one), keyOf(living)]);
      expect(idsOf(finished.unlogged(9))).toEqual([two.id]);
      expect(runs.get(keyOf(living))?.id).toBe(living.id);
    });
  });
});
