/**
 * DESIGN.md section 10, promise 1, for histories that nobody thought of: whatever people, time, the queue, executors, the
 * log and crashes do in whatever order, every occurrence gets exactly one decision and nothing is left that cannot move.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Run } from "../../src/domain/run.ts";
import { occurrencesOf } from "../../src/domain/schedule.ts";
import type { Instant } from "../../src/domain/time/instant.ts";
import { History, steps } from "../support/any-history.ts";
import { eventually } from "../support/world.ts";

const HISTORIES = 100;
const LONGEST = 25;

it("gives every occurrence exactly one decision and leaves nothing behind", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: LONGEST, size: "max" }), async (chosen) => {
      const history = await History.begin();
      for (const step of chosen) {
        await history.play(step);
        await expectNothingStuck(history);
      }
      await history.settle();
      await eventually(
        () => history.world.live(),
        (live) => live.length === 0,
      );
      const runs = await history.world.logged();
      expectOneDecisionEach(history, runs);
      expectOneExecutionEach(history);
      expectNoneSlippedPast(history, runs);
      expectLinkedRetries(runs);
    }),
    { numRuns: HISTORIES, interruptAfterTimeLimit: 50_000 },
  );
});

/** Every row has its moment or waits behind one that has, and the alarm is set for the first of them. */
async function expectNothingStuck(history: History): Promise<void> {
  const { alarm, due, runs } = await history.stored();
  const moving = runs.filter((run) => ["queued", "running", "pending_retry"].includes(run.status));
  const stuck = moving.filter((run) => run.wake_at === null && !isBehind(run, moving));
  expect(stuck, "rows that can never move").toEqual([]);
  const wanted = [due, ...moving.map((run) => run.wake_at)].filter((at) => at !== null);
  const said = `The actor said: ${JSON.stringify(history.said.slice(-3))}`;
  if (wanted.length > 0) expect(alarm, said).toBeLessThanOrEqual(Math.max(Math.min(...wanted), history.now + 1));
  if (runs.length > moving.length)
    expect(alarm, "the alarm for finished rows that the log does not have").not.toBeNull();
}

type Row = Awaited<ReturnType<History["stored"]>>["runs"][number];

const isBehind = (run: Row, rows: readonly Row[]): boolean =>
  run.held === 1 && rows.some((other) => other.schedule_id === run.schedule_id && other.held === 0);

function expectOneDecisionEach(history: History, runs: readonly Run[]): void {
  for (const book of history.books) {
    const decisions = runs.filter(
      (run) => run.scheduleId === book.id && ["occurrence", "catch_up"].includes(run.cause),
    );
    const decided = decisions.flatMap((run) => occurrencesIn(history, book, run));
    expect(iso(decided), `${book.spec.expression}`).toEqual(iso(history.expected(book)));
  }
}

/** The occurrences that a row stands for: the one it names and, counted backwards, those before it. */
function occurrencesIn(history: History, book: History["books"][number], run: Run): readonly Instant[] {
  const within = book.stretches.find(({ from, to }) => from < run.scheduledFor && run.scheduledFor <= to);
  if (within === undefined) throw new Error(`No occurrence was due then: ${JSON.stringify(run)} at ${history.now}`);
  const occurrences = occurrencesOf(within.spec);
  const found = [run.scheduledFor];
  while (found.length < run.count) found.push(occurrences.previous(found.at(-1) ?? 0) ?? 0);
  return found;
}

const iso = (instants: readonly Instant[]) => instants.map((at) => new Date(at).toISOString()).sort();

function expectOneExecutionEach(history: History): void {
  expect([...history.claims].filter(([, times]) => times !== 1)).toEqual([]);
}

/** A cancel is a fence; and a run that succeeded, here always with no output, keeps nothing that was told of it on its way. */
function expectNoneSlippedPast(history: History, runs: readonly Run[]): void {
  expect(history.escaped).toEqual([]);
  expect(runs.filter((run) => run.status === "succeeded" && run.output !== null)).toEqual([]);
}

function expectLinkedRetries(runs: readonly Run[]): void {
  const byOrigin = Map.groupBy(runs, (run) => run.originRunId ?? run.id);
  for (const [origin, chain] of byOrigin) {
    const attempts = [...chain].sort((a, b) => a.attempt - b.attempt);
    expect(attempts.map((run) => run.attempt)).toEqual(attempts.map((_, attempt) => attempt));
    expect(attempts[0]?.id).toBe(origin);
    for (const [attempt, run] of attempts.entries()) {
      const isFollowed = attempt < attempts.length - 1;
      expect(run.retryAt !== null && run.status === "failed", JSON.stringify(run)).toBe(isFollowed);
    }
  }
}
