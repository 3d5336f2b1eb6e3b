/**
 * What happens when something is due: every occurrence up to now gets its one decision, in the transaction that also moves
 * its schedule to the next one. A crash before the commit leaves all as it was; after it, the rows hold everything.
 */

import type { RunKey } from "../domain/claim.ts";
import { decideCatchUp } from "../domain/policy/catch-up.ts";
import { type Alive, decideOverlap } from "../domain/policy/overlap.ts";
import { effectiveAt, startedUpTo } from "../domain/policy/spread.ts";
import type { CompiledRecurrence } from "../domain/recurrence/compile.ts";
import { occurrencesOf, type ScheduleSpec } from "../domain/schedule.ts";
import type { Instant } from "../domain/time/instant.ts";
import { keyOf } from "./dispatcher.ts";
import type { Due } from "./due-table.ts";
import { OCCURRENCES, runOf, unrunOf } from "./making-runs.ts";
import { notePaused } from "./noting-pauses.ts";
import type { StoredSchedule } from "./schedule-table.ts";
import { cancelLane, noteEnded } from "./settling.ts";
import { forgetUncommitted, type ProjectState } from "./state.ts";

/** Due rows decided in one transaction: as many as one message batch, so that sending overlaps with deciding. */
export const FIRING_BATCH_SIZE = 100;

export interface Fired {
  /** Runs to hand to the queue. */
  readonly runs: readonly RunKey[];
  /** Whether more may be due at the same moment. */
  readonly more: boolean;
}

/** The same beside neighbours: about a millisecond of the thread that they share. */
export const SHARED_BATCH_SIZE = 10;

/** Decides for what is due at `now`, at most one batch of it. */
export function fireDue(state: ProjectState, now: Instant, batchSize: number = FIRING_BATCH_SIZE): Fired {
  const dues = state.due.upTo(now, batchSize);
  const more = dues.length === batchSize;
  try {
    state.schedules.prefetch(dues.map((due) => due.scheduleId));
    const fireAll = () => dues.flatMap((due) => fireOne(state, due, now));
    return { runs: dues.length === 0 ? [] : state.storage.transactionSync(fireAll), more };
  } catch (cause) {
    // One of them cannot be decided about. Nothing of the batch was kept: once more, each by itself, to find which.
    console.warn({ event: "firing_one_by_one", project: state.scope.projectId, cause: String(cause) });
    forgetUncommitted(state);
    return { runs: dues.flatMap((due) => fireAlone(state, due, now)), more };
  }
}

/**
 * Decides what of one schedule is overdue before somebody takes it out of the queue: no ring would come for it any more.
 * Answers the schedule as it is then. The runs are handed over by the ring that is late.
 */
export function decideOverdue(state: ProjectState, schedule: StoredSchedule, now: Instant): StoredSchedule {
  const overdue = schedule.state === "active" ? state.due.overdueOf(schedule.id, now) : [];
  if (overdue.length === 0) return schedule;
  for (const key of overdue.flatMap((due) => fireAlone(state, due, now))) state.runs.lookAgain(key, now);
  return state.schedules.get(schedule.id) ?? schedule;
}

function fireOne(state: ProjectState, due: Due, now: Instant): readonly RunKey[] {
  const schedule = state.schedules.get(due.scheduleId);
  if (schedule?.state === "active" && schedule.generation === due.generation) {
    return new Firing(state, schedule, due, now).decide();
  }
  state.due.remove(due.at, due.scheduleId);
  return [];
}

function fireAlone(state: ProjectState, due: Due, now: Instant): readonly RunKey[] {
  try {
    return state.storage.transactionSync(() => fireOne(state, due, now));
  } catch (cause) {
    forgetUncommitted(state);
    state.storage.transactionSync(() => quarantine(state, due, now, cause));
    return [];
  }
}

/** Sets a schedule aside that could not be decided about, so that the others of the project go on. */
function quarantine(state: ProjectState, due: Due, now: Instant, cause: unknown): void {
  state.due.remove(due.at, due.scheduleId);
  const schedule = state.schedules.get(due.scheduleId);
  if (schedule === null) return;
  const reason = `Firing failed unexpectedly: ${String(cause).slice(0, 200)}`;
  const generation = schedule.generation + 1;
  // Counted as passed over from here on, should somebody resume it.
  const pausedAt = due.nominal - 1;
  const quarantined = { ...schedule, state: "quarantined", reason, generation, pausedAt, updatedAt: now } as const;
  state.schedules.put(quarantined);
  notePaused(state, quarantined, now);
  console.error({
    event: "schedule_quarantined",
    project: state.scope.projectId,
    schedule: schedule.id,
    cause: String(cause),
  });
}

/** A one-time schedule has no earlier occurrence, and a run that a person started of it must not cost it its only one. */
const canOverlap = (spec: ScheduleSpec): boolean => spec.overlap !== "allow_all" && spec.recurrence.kind !== "once";

/** The decisions about one schedule. */
class Firing {
  readonly #state: ProjectState;
  readonly #schedule: StoredSchedule;
  readonly #due: Due;
  readonly #now: Instant;
  readonly #compiled: CompiledRecurrence;
  readonly #send: RunKey[] = [];
  #alive: Alive;
  #runs: number;

  constructor(state: ProjectState, schedule: StoredSchedule, due: Due, now: Instant) {
    this.#state = state;
    this.#schedule = schedule;
    this.#due = due;
    this.#now = now;
    this.#compiled = occurrencesOf(schedule.spec);
    this.#alive = canOverlap(schedule.spec) ? state.runs.alive(schedule.id, OCCURRENCES) : { active: 0, held: 0 };
    this.#runs = schedule.runs;
  }

  decide(): readonly RunKey[] {
    const { spec, skips } = this.#schedule;
    const upTo = startedUpTo(this.#schedule.id, spec.spread, this.#compiled, this.#now);
    const decision = decideCatchUp(this.#compiled, this.#due.nominal, upTo, spec.catchUp);
    for (const missed of decision.missed) this.#ledger("missed", missed.scheduledFor, missed.reason, missed.count);
    for (const nominal of decision.run) {
      if (skips.includes(nominal)) this.#ledger("skipped", nominal, "requested");
      else if (this.#isSpent()) break;
      else this.#decideOne(nominal, decision.run.length > 1);
    }
    this.#moveTo(decision.next);
    return this.#send;
  }

  #decideOne(nominal: Instant, oneOfMany: boolean): void {
    if (this.#state.counter.left(this.#now) === 0) {
      this.#ledger("skipped", nominal, "limit");
      return;
    }
    const overlap = this.#schedule.spec.overlap;
    // Occurrences that are caught up together go one after another, not all at once, and none is lost to `skip`.
    const decision = decideOverlap(oneOfMany && overlap !== "allow_all" ? "buffer_all" : overlap, this.#alive);
    if (decision.do === "skip") {
      this.#ledger("skipped", nominal, decision.reason);
      return;
    }
    if (decision.do === "cancel_then_start") {
      cancelLane(this.#state, this.#schedule.id, OCCURRENCES, this.#now);
      this.#alive = { active: 0, held: 0 };
    }
    const held = decision.do === "hold";
    const cause = nominal === this.#due.nominal ? "occurrence" : "catch_up";
    const occasion = { nominal, effective: this.#effective(nominal), cause, now: this.#now } as const;
    const run = runOf(this.#schedule, occasion, held);
    if (!this.#state.runs.add(run)) return;
    this.#state.counter.add(this.#now);
    this.#runs += 1;
    this.#alive = held
      ? { active: this.#alive.active, held: this.#alive.held + 1 }
      : { active: this.#alive.active + 1, held: this.#alive.held };
    if (!held) this.#send.push(keyOf(run));
  }

  #ledger(
    status: "skipped" | "missed",
    nominal: Instant,
    reason: Parameters<typeof unrunOf>[2]["reason"],
    count = 1,
  ): void {
    const row = unrunOf(
      this.#schedule,
      { nominal, effective: this.#effective(nominal), now: this.#now },
      { status, reason, count },
    );
    if (this.#state.runs.add(row)) noteEnded(this.#state, row);
  }

  #effective(nominal: Instant): Instant {
    const { spec, id } = this.#schedule;
    return spec.spread === 0 ? nominal : effectiveAt(id, spec.spread, nominal, this.#compiled.next(nominal));
  }

  #isSpent(): boolean {
    const { maxRuns } = this.#schedule.spec;
    return maxRuns !== null && this.#runs >= maxRuns;
  }

  #moveTo(next: Instant | null): void {
    const { spec, skips } = this.#schedule;
    if (next === null || this.#isSpent()) {
      this.#complete();
      return;
    }
    this.#state.due.move(this.#due, { at: this.#effective(next), nominal: next });
    const toCome = skips.filter((skip) => skip >= next);
    if (spec.maxRuns === null && toCome.length === skips.length) return;
    this.#state.schedules.put({ ...this.#schedule, runs: this.#countedRuns(), skips: toCome });
  }

  #complete(): void {
    this.#state.due.remove(this.#due.at, this.#due.scheduleId);
    this.#state.schedules.complete(this.#schedule, this.#countedRuns(), this.#now);
  }

  #countedRuns(): number {
    return this.#schedule.spec.maxRuns === null ? this.#schedule.runs : this.#runs;
  }
}
