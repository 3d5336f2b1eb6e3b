/**
 * What may happen to a project, as steps that a machine can choose: people, time, the queue, executors, the log, crashes.
 * `History` plays them on a real actor and keeps the books: which occurrences came due, and who held what.
 */
import { runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { vi } from "vitest";
import { Dispatcher } from "../../src/actor/dispatcher.ts";
import type { RunKey } from "../../src/domain/claim.ts";
import type { RunId } from "../../src/domain/ids.ts";
import type { Outcome, Output } from "../../src/domain/run.ts";
import { occurrencesOf, type Schedule, type ScheduleInput, type ScheduleSpec } from "../../src/domain/schedule.ts";
import { type Instant, MINUTE_MS } from "../../src/domain/time/instant.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { evict, makeWorld, ring, setClock, unwrap, type World } from "./world.ts";

export type Step =
  | { readonly do: "save"; readonly input: ScheduleInput }
  | { readonly do: "change"; readonly at: number; readonly schedule: string }
  | { readonly do: "retime"; readonly at: number; readonly timeout: number }
  | { readonly do: "pause" | "resume" | "cancel" | "skip" | "run now" | "cancel run"; readonly at: number }
  | { readonly do: "pass"; readonly time: number; readonly isRung: boolean }
  | { readonly do: "ring again" | "evict" }
  | { readonly do: "lose" | "deliver" | "deliver twice" | "deliver an old one"; readonly at: number }
  | { readonly do: "lose an executor" | "tell progress"; readonly at: number }
  | { readonly do: "report"; readonly at: number; readonly how: "success" | "failure" | "never" | "accepted" }
  | { readonly do: "log"; readonly mode: LogMode };

/** The run log answers, answers nothing, or writes and then answers nothing. */
type LogMode = "up" | "down" | "deaf";

const EXPRESSIONS = ["* * * * *", "*/3 * * * *", "every 90 seconds", "in 2 minutes", "*/20 * * * * *", "0 * * * *"];
const START = Date.parse("2027-01-15T09:00:10.000Z");

const index = fc.nat(7);
const expression = fc.constantFrom(...EXPRESSIONS);
const input: fc.Arbitrary<ScheduleInput> = fc.record(
  {
    schedule: expression,
    fn: fc.constant("work"),
    overlap: fc.constantFrom("skip", "buffer_one", "buffer_all", "cancel_other", "allow_all"),
    catchup: fc.constantFrom("latest", "all", "none"),
    catchup_window: fc.constantFrom(10_000, 5 * MINUTE_MS, 60 * MINUTE_MS),
    retry: fc.constantFrom(0, { attempts: 2, delay: 1_000 }, { attempts: 1, delay: 90_000 }),
  },
  // It travels to the actor, and only plain objects can.
  { noNullPrototype: true },
);
const pass = fc.record({
  do: fc.constant("pass" as const),
  time: fc.oneof(fc.integer({ min: 0, max: 2 * MINUTE_MS }), fc.integer({ min: 0, max: 20 * MINUTE_MS })),
  isRung: fc.boolean(),
});

/** Any step; time and messages are what happens most. */
export const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("save" as const), input }) },
  { weight: 6, arbitrary: pass },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("change" as const), at: index, schedule: expression }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("retime" as const), at: index, timeout: fc.constantFrom(1_000, 60_000) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom("pause", "resume", "cancel", "skip", "run now", "cancel run"),
      at: index,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("ring again", "evict") }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom("lose", "deliver", "deliver twice", "deliver an old one"), at: index }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("lose an executor", "tell progress"), at: index }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("report" as const),
      at: index,
      how: fc.constantFrom("success", "failure", "never", "accepted"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("log" as const), mode: fc.constantFrom("up", "down", "deaf") }) },
);

/** A stretch of time in which the occurrences of a spec must be decided: after `from`, up to and with `to`. */
export interface Stretch {
  readonly spec: ScheduleSpec;
  readonly from: Instant;
  readonly to: Instant;
}

/** What the model knows of one schedule. */
interface Book {
  readonly id: Schedule["id"];
  spec: ScheduleSpec;
  state: Schedule["state"];
  /** Since when it is in its state. */
  since: Instant;
  readonly stretches: Stretch[];
}

const PROGRESS: Output = { stored: "inline", json: '{"items":[]}' };

export class History {
  readonly world: World;
  readonly books: Book[] = [];
  /** How often an executor was given each run. */
  readonly claims = new Map<RunId, number>();
  /** Runs that were begun after their schedule had been cancelled. */
  readonly escaped: RunId[] = [];
  /** Every run that was ever begun. */
  readonly #seen: RunKey[] = [];
  now = START;
  /** What the actor complained of, newest last: told with a failure. */
  readonly said: unknown[] = [];
  #log: LogMode = "up";
  #onTheirWay: RunKey[] = [];
  readonly #old: RunKey[] = [];
  #running: RunKey[] = [];

  private constructor(world: World) {
    this.world = world;
  }

  static async begin(): Promise<History> {
    vi.restoreAllMocks();
    setClock(START);
    const history = new History(await makeWorld());
    history.#standAround();
    return history;
  }

  #standAround(): void {
    for (const level of ["warn", "error"] as const)
      vi.spyOn(console, level).mockImplementation((line) => void this.said.push(line));
    vi.spyOn(scheduler, "wait").mockImplementation(async () => {});
    vi.spyOn(Dispatcher.prototype, "send").mockImplementation(async (keys) => {
      this.#onTheirWay.push(...keys);
      return [];
    });
    const record = D1RunLog.prototype.record;
    const mode = (): LogMode => this.#log;
    vi.spyOn(D1RunLog.prototype, "record").mockImplementation(async function (this: D1RunLog, scope, runs) {
      if (mode() === "down") throw new Error("D1 is down");
      await record.call(this, scope, runs);
      if (mode() === "deaf") throw new Error("The answer was lost");
    });
  }

  async play(step: Step): Promise<void> {
    switch (step.do) {
      case "save":
        return this.#save(step.input);
      case "change":
        return this.#change(step.at, { schedule: step.schedule });
      case "retime":
        return this.#change(step.at, { timeout: step.timeout });
      case "pause":
        return this.#steer(step.at, (id) => this.world.project.pauseSchedule(id, null));
      case "resume":
        return this.#steer(step.at, (id) => this.world.project.resumeSchedule(id));
      case "cancel":
        return this.#steer(step.at, (id) => this.world.project.cancelSchedule(id));
      case "skip":
      case "run now":
        return this.#ask(step.do, step.at);
      case "cancel run":
        return this.#cancelRun(step.at);
      case "pass":
        this.now += step.time;
        setClock(this.now);
        return step.isRung ? void (await ring(this.world)) : undefined;
      case "ring again":
        return void (await ring(this.world));
      case "evict":
        return evict(this.world);
      case "lose an executor":
        this.#running.splice(step.at % Math.max(this.#running.length, 1), 1);
        return undefined;
      case "tell progress":
        return this.#tell(step.at);
      case "report":
        return this.#report(step.at, step.how);
      case "log":
        this.#log = step.mode;
        return undefined;
      default:
        return this.#carry(step.do, step.at);
    }
  }

  async #save(given: ScheduleInput): Promise<void> {
    const { id, spec, state } = await this.world.schedule(given);
    this.books.push({ id, spec, state, since: this.now, stretches: [] });
  }

  async #change(at: number, patch: { schedule: string } | { timeout: number }): Promise<void> {
    const book = this.books[at % this.books.length];
    if (book === undefined) return;
    const changed = await this.world.project.changeSchedule(book.id, patch);
    if (!changed.ok) return this.#look(book);
    const isMoved = "schedule" in patch && patch.schedule !== book.spec.expression;
    if (isMoved && book.state === "active") this.#close(book);
    book.spec = changed.value.spec;
    book.state = changed.value.state;
  }

  async #steer(at: number, verb: (id: Book["id"]) => ReturnType<World["project"]["schedule"]>): Promise<void> {
    const book = this.books[at % this.books.length];
    if (book === undefined) return;
    const before = book.state;
    const answer = await verb(book.id);
    if (!answer.ok) return this.#look(book);
    const { state } = answer.value;
    if (state === before) return;
    // A pause that nobody ends leaves its occurrences open; resuming decides about all of them.
    if (before === "active" || state !== "cancelled") this.#close(book);
    book.state = state;
  }

  /** A verb was refused because the schedule had completed on its own. */
  async #look(book: Book): Promise<void> {
    const { state } = unwrap(await this.world.project.schedule(book.id));
    if (book.state === "active" && state === "completed") this.#close(book);
    book.state = state;
  }

  #close(book: Book): void {
    book.stretches.push({ spec: book.spec, from: book.since, to: this.now });
    book.since = this.now;
  }

  async #ask(verb: "skip" | "run now", at: number): Promise<void> {
    const book = this.books[at % this.books.length];
    if (book === undefined) return;
    await (verb === "skip" ? this.world.project.skipNext(book.id) : this.world.project.runNow(book.id));
  }

  async #cancelRun(at: number): Promise<void> {
    const live = await this.world.live();
    const run = live[at % live.length];
    if (run !== undefined) await this.world.project.cancelRun(run.id);
  }

  async #carry(how: "lose" | "deliver" | "deliver twice" | "deliver an old one", at: number): Promise<void> {
    if (how === "lose") this.#onTheirWay.splice(0, at + 1);
    else if (how === "deliver an old one") await this.#begin(this.#old.slice(-at - 1));
    else await this.deliver(at + 1, how === "deliver twice" ? 2 : 1);
  }

  /** Messages arrive, each so often. */
  async deliver(count: number, copies = 1): Promise<void> {
    const keys = this.#onTheirWay.splice(0, count);
    this.#old.push(...keys);
    for (let copy = 0; copy < copies; copy += 1) await this.#begin(keys);
  }

  async #begin(keys: readonly RunKey[]): Promise<void> {
    if (keys.length === 0) return;
    const claims = await this.world.project.begin(keys);
    for (const { ref } of claims) {
      this.claims.set(ref.run, (this.claims.get(ref.run) ?? 0) + 1);
      this.#running.push({ schedule: ref.schedule, run: ref.run });
      this.#seen.push({ schedule: ref.schedule, run: ref.run });
      if (this.books.some(({ id, state }) => id === ref.schedule && state === "cancelled")) this.escaped.push(ref.run);
    }
  }

  /** Of any run that was ever begun: news of its progress may come long after its end. */
  async #tell(at: number): Promise<void> {
    const run = this.#seen.at(-1 - at);
    if (run !== undefined) await this.world.project.progress([{ run, output: PROGRESS }]);
  }

  async #report(at: number, how: "success" | "failure" | "never" | "accepted"): Promise<void> {
    const run = this.#running[at % this.#running.length];
    if (run === undefined) return;
    if (how !== "accepted") this.#running = this.#running.filter((one) => one !== run);
    await this.world.project.finish([{ run, outcome: this.#outcome(how) }]);
  }

  #outcome(how: "success" | "failure" | "never" | "accepted"): Outcome {
    const at = this.now;
    if (how === "success") return { kind: "succeeded", at, output: null };
    if (how === "accepted") return { kind: "accepted", at };
    const error = { reason: "http_status", message: "The function answered 500.", status: 500 } as const;
    return how === "never" ? { kind: "failed", at, error, retry: "never" } : { kind: "failed", at, error };
  }

  /** What is stored in the actor right now. */
  stored() {
    return runInDurableObject(this.world.stub, async (_, { storage }) => ({
      alarm: await storage.getAlarm(),
      due: storage.sql.exec<{ at: number | null }>("SELECT min(at) AS at FROM due").one().at,
      runs: storage.sql
        .exec<{ schedule_id: string; id: string; status: string; held: number; wake_at: number | null }>(
          "SELECT schedule_id, id, status, held, wake_at FROM runs",
        )
        .toArray(),
    }));
  }

  /** No new occurrences, no more accidents: what is under way comes to its end. */
  async settle(): Promise<void> {
    this.#log = "up";
    await ring(this.world);
    for (const [at] of this.books.entries()) await this.play({ do: "pause", at });
    for (const book of this.books) await this.#look(book);
    for (let turns = 0; turns < 400; turns += 1) {
      await this.deliver(Infinity);
      const outcomes = this.#running.splice(0).map((run) => ({ run, outcome: this.#outcome("success") }));
      if (outcomes.length > 0) await this.world.project.finish(outcomes);
      const { alarm, runs } = await this.stored();
      if (runs.length === 0 && this.#onTheirWay.length === 0) return;
      if (alarm !== null && alarm > this.now && this.#onTheirWay.length === 0) {
        this.now = alarm;
        setClock(alarm);
      }
      await ring(this.world);
    }
    throw new Error(`It does not come to its end: ${JSON.stringify(await this.stored())}`);
  }

  /** The occurrences that had to be decided, as the recurrence names them. */
  expected(book: Book): readonly Instant[] {
    return book.stretches.flatMap(({ spec, from, to }) => {
      const occurrences = occurrencesOf(spec);
      return occurrences.upcoming(from, occurrences.count(from, to, 10_000));
    });
  }
}
