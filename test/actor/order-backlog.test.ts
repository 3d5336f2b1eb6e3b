/** Runs that the log has and whose captures are still to be ordered; through the outbox, see `outbox.test.ts`. */
import { describe, expect, it } from "vitest";
import { keyOf } from "../../src/actor/dispatcher.ts";
import type { FinishedRuns } from "../../src/actor/finished-runs.ts";
import { apiRun } from "../../src/actor/making-runs.ts";
import { OrderBacklog } from "../../src/actor/order-backlog.ts";
import type { LiveRun } from "../../src/actor/run-row.ts";
import type { RunKey } from "../../src/domain/claim.ts";
import { readRunId } from "../../src/domain/ids.ts";
import { MINUTE_MS } from "../../src/domain/time/instant.ts";
import { newId } from "../../src/system.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
const POLICY = { retry: { attempts: 0, delay: 0, backoff: "fixed" }, timeout: 1_000 } as const;
const WISH = {
  ...{ fn: "work", args: null, version: 1, pinned: false, ofPublication: false, notifications: null },
  context: "api-triggered",
} as const;
const finished = (): LiveRun => ({ ...apiRun(readRunId(newId()), WISH, POLICY, NINE), status: "succeeded" });

/** A backlog over rows that lie in a list, and a queue that is down for as long as it is told to. */
function makeBacklog() {
  const rows: { readonly run: LiveRun; isLogged: boolean }[] = [];
  const has = (keys: readonly RunKey[], { id }: LiveRun) => keys.some(({ run }) => run === id);
  const table: Pick<FinishedRuns, "remove" | "noteLogged" | "logged"> = {
    remove: (keys) => void rows.splice(0, rows.length, ...rows.filter(({ run }) => !has(keys, run))),
    noteLogged: (keys) => {
      for (const row of rows) row.isLogged ||= has(keys, row.run);
    },
    logged: (limit) =>
      rows
        .filter(({ isLogged }) => isLogged)
        .map(({ run }) => run)
        .slice(0, limit),
  };
  const queue = { isDown: false, asked: 0, whileAsked: () => {} };
  const orders = {
    ensure: async (runs: readonly LiveRun[]) => {
      queue.asked += 1;
      queue.whileAsked();
      return new Set(queue.isDown ? runs.map(({ id }) => id) : []);
    },
    left: () => {},
  };
  let at = NINE;
  const backlog = new OrderBacklog(table as FinishedRuns, orders);
  const add = (): LiveRun => {
    const run = finished();
    rows.push({ run, isLogged: false });
    return run;
  };
  return { backlog, queue, rows, add, now: () => at, setNow: (instant: number) => (at = instant) };
}

describe("the backlog of orders", () => {
  it("lets a run go whose captures are ordered, and does not wake the project", async () => {
    const { backlog, rows, add, now } = makeBacklog();
    await backlog.release([add(), add()], now);
    expect([rows, backlog.wakeAt()]).toEqual([[], null]);
  });

  it("keeps a run while the queue is down, wakes for it, and lets it go when the queue answers", async () => {
    const { backlog, queue, rows, add, now, setNow } = makeBacklog();
    queue.isDown = true;
    const run = add();
    await backlog.release([run], now);
    expect(rows.map((row) => [keyOf(row.run), row.isLogged])).toEqual([[keyOf(run), true]]);
    await backlog.flush(now);
    expect(queue.asked).toBe(1);
    queue.isDown = false;
    setNow(backlog.wakeAt() ?? Number.NaN);
    await backlog.flush(now);
    expect([rows, backlog.wakeAt()]).toEqual([[], null]);
  });

  it("waits longer each time, and five minutes at most", async () => {
    const { backlog, queue, add, now, setNow } = makeBacklog();
    queue.isDown = true;
    await backlog.release([add()], now);
    const waits: number[] = [];
    for (let times = 0; times < 10; times += 1) {
      waits.push((backlog.wakeAt() ?? Number.NaN) - now());
      setNow(backlog.wakeAt() ?? Number.NaN);
      await backlog.flush(now);
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect([waits[0], waits.at(-1)]).toEqual([2_000, 5 * MINUTE_MS]);
  });

  it("touches nothing of a project that was closed while the queue was asked", async () => {
    const { backlog, queue, rows, add, now } = makeBacklog();
    queue.whileAsked = () => backlog.close();
    await backlog.release([add()], now);
    expect([rows.length, backlog.wakeAt()]).toEqual([1, null]);
  });
});
