/** When each active schedule is next due: a clustered queue by time, one row for each active schedule. */
import { readScheduleId, type ScheduleId } from "../domain/ids.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { AlarmClock } from "./alarm-clock.ts";

export interface Due {
  /** Effective: nominal plus spread. */
  readonly at: Instant;
  readonly scheduleId: ScheduleId;
  readonly nominal: Instant;
  /** The generation of the schedule that this row was made for; another one means that the row is stale. */
  readonly generation: number;
}

type DueRow = { at: number; schedule_id: string; nominal: number; generation: number };

export class DueTable {
  readonly #sql: SqlStorage;
  readonly #clock: AlarmClock;

  constructor(sql: SqlStorage, clock: AlarmClock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  /** The soonest time in the queue; null when nothing is scheduled. */
  soonest(): Instant | null {
    return this.#sql.exec<{ at: number }>("SELECT at FROM due ORDER BY at LIMIT 1").toArray()[0]?.at ?? null;
  }

  /** What is due at `now`, soonest first. Reads what is due, not what is stored. */
  upTo(now: Instant, limit: number): readonly Due[] {
    return this.#sql
      .exec<DueRow>(
        "SELECT at, schedule_id, nominal, generation FROM due WHERE at <= ?1 ORDER BY at LIMIT ?2",
        now,
        limit,
      )
      .toArray()
      .map(parseDue);
  }

  /** What is due later than `now`, soonest first. */
  after(now: Instant, limit: number): readonly Due[] {
    return this.#sql
      .exec<DueRow>(
        "SELECT at, schedule_id, nominal, generation FROM due WHERE at > ?1 ORDER BY at LIMIT ?2",
        now,
        limit,
      )
      .toArray()
      .map(parseDue);
  }

  /** The rows of one schedule that are due at `now`. Reads all that is due: little, unless the alarm is about to ring. */
  overdueOf(scheduleId: ScheduleId, now: Instant): readonly Due[] {
    return this.#sql
      .exec<DueRow>(
        "SELECT at, schedule_id, nominal, generation FROM due WHERE at <= ?1 AND schedule_id = ?2 ORDER BY at",
        now,
        scheduleId,
      )
      .toArray()
      .map(parseDue);
  }

  add(due: Due): void {
    this.#clock.want(due.at);
    this.#sql.exec(
      "INSERT OR REPLACE INTO due (at, schedule_id, nominal, generation) VALUES (?1, ?2, ?3, ?4)",
      due.at,
      due.scheduleId,
      due.nominal,
      due.generation,
    );
  }

  /** Moves a row to its schedule's next occurrence: one row written. A stale row that stands there already gives way. */
  move(due: Due, to: { readonly at: Instant; readonly nominal: Instant }): void {
    this.#sql.exec(
      "UPDATE OR REPLACE due SET at = ?3, nominal = ?4 WHERE at = ?1 AND schedule_id = ?2",
      due.at,
      due.scheduleId,
      to.at,
      to.nominal,
    );
  }

  remove(at: Instant, scheduleId: ScheduleId): void {
    this.#sql.exec("DELETE FROM due WHERE at = ?1 AND schedule_id = ?2", at, scheduleId);
  }
}

const parseDue = (row: DueRow): Due => ({
  at: row.at,
  scheduleId: readScheduleId(row.schedule_id),
  nominal: row.nominal,
  generation: row.generation,
});
