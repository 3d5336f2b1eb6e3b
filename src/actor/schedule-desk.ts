/** The verbs about schedules, carried out on the desk: each finds its schedule and changes it in one transaction. */
import type { Failure } from "../domain/errors.ts";
import type { ScheduleId } from "../domain/ids.ts";
import { ok, type Result } from "../domain/result.ts";
import type { Run } from "../domain/run.ts";
import type { Schedule, ScheduleInput } from "../domain/schedule.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { Desk } from "./desk.ts";
import type { Answer, Idempotency, SavedSchedule } from "./rpc.ts";
import { findSchedule, Saving } from "./saving-schedules.ts";
import { type StoredSchedule, toSchedule } from "./schedule-table.ts";
import type { ProjectState } from "./state.ts";
import { backfill, runNow } from "./steering-schedules.ts";

export class ScheduleDesk {
  readonly #state: ProjectState;
  readonly #desk: Desk;

  constructor(state: ProjectState, desk: Desk) {
    this.#state = state;
    this.#desk = desk;
  }

  async save(
    inputs: readonly ScheduleInput[],
    idempotency?: Idempotency,
  ): Answer<readonly Result<SavedSchedule, Failure>[]> {
    const saving = new Saving(this.#state);
    const answer = await this.#desk.write((at) => ok(inputs.map((input) => saving.save(input, at))), {
      idempotency,
      activates: (saved) => saved.some((one) => one.ok),
      isRefusal: (saved) => saved.every((one) => !one.ok),
    });
    return answer.ok ? { ...answer, value: answer.value.map((one) => saving.show(one)) } : answer;
  }

  async show(id: ScheduleId): Answer<Schedule> {
    return this.#desk.read(() => this.#withFound(id, (found) => ok(toSchedule(found))));
  }

  /** A change of one schedule. */
  async change<Value>(
    id: ScheduleId,
    verb: (schedule: StoredSchedule, at: Instant) => Result<Value, Failure>,
    idempotency?: Idempotency,
  ): Answer<Value> {
    return this.#desk.write((at) => this.#withFound(id, (found) => verb(found, at)), { idempotency });
  }

  async backfill(
    id: ScheduleId,
    range: { readonly from: Instant; readonly to: Instant },
    idempotency?: Idempotency,
  ): Answer<{ readonly backfill: string; readonly occurrences: number }> {
    return this.#desk.sending(
      (at) => this.#withFound(id, (found) => backfill(this.#state, found, range, at)),
      ({ backfill, occurrences }) => ({ backfill, occurrences }),
      { idempotency },
    );
  }

  async runNow(id: ScheduleId, idempotency?: Idempotency): Answer<Run> {
    return this.#desk.start((at) => this.#withFound(id, (found) => runNow(this.#state, found, at)), idempotency);
  }

  #withFound<Value>(id: ScheduleId, use: (schedule: StoredSchedule) => Result<Value, Failure>): Result<Value, Failure> {
    const found = findSchedule(this.#state, id);
    return found.ok ? use(found.value) : found;
  }
}
