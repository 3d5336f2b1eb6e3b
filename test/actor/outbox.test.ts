/** Finished rows on their way to the log, with a log that does what the test says. */
import { runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { AlarmClock } from "../../src/actor/alarm-clock.ts";
import { FinishedRuns } from "../../src/actor/finished-runs.ts";
import { apiRun } from "../../src/actor/making-runs.ts";
import { Outbox } from "../../src/actor/outbox.ts";
import type { LiveRun } from "../../src/actor/run-row.ts";
import { RunTable } from "../../src/actor/run-table.ts";
import { readRunId } from "../../src/domain/ids.ts";
import type { Run } from "../../src/domain/run.ts";
import { MINUTE_MS } from "../../src/domain/time/instant.ts";
import { newId } from "../../src/system.ts";
import { makeWorld, type World } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
type Record = (runs: readonly Run[]) => Promise<void>;

beforeEach(() => {
  vi.spyOn(scheduler, "wait").mockImplementation(async () => {});
  vi.spyOn(console, "error").mockImplementation(() => {});
});

const POLICY = { retry: { attempts: 0, delay: 0, backoff: "fixed" }, timeout: 1_000 } as const;

const finishedRun = (): LiveRun => {
  const wish = {
    fn: "work",
    args: null,
    context: "api-triggered",
    version: 1,
    pinned: false,
    ofPublication: false,
    notifications: null,
  } as const;
  return { ...apiRun(readRunId(newId()), wish, POLICY, NINE), status: "succeeded", finishedAt: NINE, wakeAt: null };
};

/** Runs that call for no captures. */
const NO_ORDERS: Orders = { ensure: async () => new Set(), left: () => {} };
type Orders = ConstructorParameters<typeof Outbox>[3];

/** An outbox over a real table, inside the actor. */
async function inActor<Value>(
  record: Record,
  act: (outbox: Outbox, runs: RunTable, again: () => Outbox) => Promise<Value>,
  orders: Orders = NO_ORDERS,
): Promise<Value> {
  const world: World = await makeWorld();
  return runInDurableObject(world.stub, (_, { storage }) => {
    const runs = new RunTable(storage.sql, new AlarmClock(storage), { noteRun: () => {} });
    const make = () =>
      new Outbox(world.scope, { record: (_scope, rows) => record(rows) }, new FinishedRuns(storage.sql), orders);
    return act(make(), runs, make);
  });
}

function put(outbox: Outbox, runs: RunTable, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const run = finishedRun();
    runs.add(run);
    outbox.add();
  }
}

describe("the outbox", () => {
  it("removes a row only when the log has it", async () => {
    await inActor(
      async () => {
        throw new Error("D1 is down");
      },
      async (outbox, runs) => {
        put(outbox, runs, 2);
        await outbox.flush(() => NINE);
        expect(runs.list({}, { limit: 1_000 })).toHaveLength(2);
      },
    );
  });

  it("writes a hundred rows at a time until none waits", async () => {
    const written: number[] = [];
    await inActor(
      async (rows) => void written.push(rows.length),
      async (outbox, runs) => {
        put(outbox, runs, 250);
        await outbox.flush(() => NINE);
        expect(written).toEqual([100, 100, 50]);
        expect([runs.isEmpty(), outbox.wakeAt()]).toEqual([true, null]);
      },
    );
  });

  it("waits longer after each failure, at most five minutes, and does not ask before", async () => {
    let asked = 0;
    await inActor(
      async () => {
        asked += 1;
        throw new Error("D1 is down");
      },
      async (outbox, runs) => {
        put(outbox, runs, 1);
        const waits: number[] = [];
        for (let now = NINE, tries = 0; tries < 12; tries += 1) {
          await outbox.flush(() => now);
          const next = outbox.wakeAt() ?? 0;
          await outbox.flush(() => next - 1);
          waits.push(next - now);
          now = next;
        }
        expect(waits.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
        expect(waits.at(-1)).toBe(5 * MINUTE_MS);
        expect(asked).toBe(12);
      },
    );
  });

  it("starts anew with short waits once the log has answered", async () => {
    let isDown = true;
    await inActor(
      async () => {
        if (isDown) throw new Error("D1 is down");
      },
      async (outbox, runs) => {
        put(outbox, runs, 1);
        await outbox.flush(() => NINE);
        isDown = false;
        await outbox.flush(() => NINE + 1_000);
        expect(outbox.wakeAt()).toBeNull();
        isDown = true;
        put(outbox, runs, 1);
        await outbox.flush(() => NINE + 2_000);
        expect(outbox.wakeAt()).toBe(NINE + 3_000);
      },
    );
  });

  it("has one flush under way however many ask for one", async () => {
    const written: number[] = [];
    await inActor(
      async (rows) => void written.push(rows.length),
      async (outbox, runs) => {
        put(outbox, runs, 3);
        await Promise.all([outbox.flush(() => NINE), outbox.flush(() => NINE), outbox.flush(() => NINE)]);
        expect(written).toEqual([3]);
      },
    );
  });

  it("takes along what is added while it writes", async () => {
    const written: number[] = [];
    let late = (): void => {};
    await inActor(
      async (rows) => {
        written.push(rows.length);
        late();
      },
      async (outbox, runs) => {
        late = () => {
          late = () => {};
          put(outbox, runs, 2);
        };
        put(outbox, runs, 1);
        await outbox.flush(() => NINE);
        expect(written).toEqual([1, 2]);
      },
    );
  });

  it("finds what waits again after the instance was thrown out", async () => {
    const written: number[] = [];
    await inActor(
      async (rows) => void written.push(rows.length),
      async (outbox, runs, again) => {
        put(outbox, runs, 2);
        const next = again();
        expect(next.wakeAt()).toBeNull();
        next.load();
        expect(next.wakeAt()).not.toBeNull();
        await next.flush(() => NINE);
        expect(written).toEqual([2]);
      },
    );
  });

  describe("with captures to order", () => {
    /** A queue of captures that refuses for as long as it is told to. */
    function orders() {
      const asked: number[] = [];
      const state = { isDown: true };
      const ensure: Orders["ensure"] = async (runs) => {
        asked.push(runs.length);
        return new Set(state.isDown ? runs.map(({ id }) => id) : []);
      };
      return { asked, state, tools: { ensure, left: () => {} } };
    }

    it("keeps a run that the log has until its captures are ordered, and writes it into the log no second time", async () => {
      const { asked, state, tools } = orders();
      const written: number[] = [];
      await inActor(
        async (rows) => void written.push(rows.length),
        async (outbox, runs) => {
          put(outbox, runs, 3);
          await outbox.flush(() => NINE);
          expect(runs.isEmpty()).toBe(false);
          expect(outbox.wakeAt()).toBe(NINE + 2_000);
          await outbox.flush(() => NINE + 1_999);
          expect(asked).toEqual([3]);
          state.isDown = false;
          await outbox.flush(() => NINE + 2_000);
          expect([runs.isEmpty(), outbox.wakeAt(), written, asked]).toEqual([true, null, [3], [3, 3]]);
        },
        tools,
      );
    });

    it("waits longer after each failure, at most five minutes", async () => {
      const { tools } = orders();
      await inActor(
        async () => {},
        async (outbox, runs) => {
          put(outbox, runs, 1);
          const waits: number[] = [];
          for (let now = NINE, tries = 0; tries < 10; tries += 1) {
            await outbox.flush(() => now);
            const next = outbox.wakeAt() ?? 0;
            waits.push(next - now);
            now = next;
          }
          expect(waits.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
          expect(waits.at(-1)).toBe(5 * MINUTE_MS);
        },
        tools,
      );
    });

    it("holds no other run from the log while the queue of captures is down", async () => {
      const { tools } = orders();
      const written: number[] = [];
      await inActor(
        async (rows) => void written.push(rows.length),
        async (outbox, runs) => {
          put(outbox, runs, 250);
          await outbox.flush(() => NINE);
          put(outbox, runs, 1);
          await outbox.flush(() => NINE + 1);
          expect(written).toEqual([100, 100, 50, 1]);
        },
        tools,
      );
    });

    it("orders them while the log is down no more than it writes them", async () => {
      const { asked, tools } = orders();
      await inActor(
        async () => {
          throw new Error("D1 is down");
        },
        async (outbox, runs) => {
          put(outbox, runs, 2);
          await outbox.flush(() => NINE);
          expect(asked).toEqual([]);
        },
        tools,
      );
    });

    it("finds what is still to be ordered after the instance was thrown out, and goes on with it alone", async () => {
      const { state, tools } = orders();
      const written: number[] = [];
      await inActor(
        async (rows) => void written.push(rows.length),
        async (outbox, runs, again) => {
          put(outbox, runs, 2);
          await outbox.flush(() => NINE);
          state.isDown = false;
          const next = again();
          next.load();
          expect(next.wakeAt()).not.toBeNull();
          await next.flush(() => NINE);
          expect([runs.isEmpty(), written]).toEqual([true, [2]]);
        },
        tools,
      );
    });
  });
});
