/** The project's schedules. A row is written when people change it, not when it fires (see `schema.ts`). */
import { readScheduleId, type ScheduleId } from "../domain/ids.ts";
import { restoreNotification } from "../domain/notification.ts";
import type { Schedule, ScheduleInput, ScheduleOrigin, ScheduleSpec, ScheduleState } from "../domain/schedule.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { Changes } from "./changes.ts";
import type { Page, PageRequest, ScheduleFilter } from "./rpc.ts";

/** A schedule with what only the actor needs of it. */
export interface StoredSchedule extends Schedule {
  /** What was given, to compare an upsert with and to patch. */
  readonly input: ScheduleInput;
  /** Counts the changes that make a row of `due` stale. */
  readonly generation: number;
  /** Where in `due` this schedule was put when the row was last written; it may have moved on since. */
  readonly armedAt: Instant | null;
  readonly pausedAt: Instant | null;
  /** The plan paused it, not a person: where it fits again, the plan resumes it. */
  readonly pausedByPlan: boolean;
  readonly endedAt: Instant | null;
}

type ScheduleRow = {
  id: string;
  key: string | null;
  origin: string;
  state: string;
  reason: string | null;
  fn: string | null;
  input: string;
  spec: string;
  skips: string;
  runs: number;
  generation: number;
  armed_at: number | null;
  paused_at: number | null;
  paused_by_plan: number;
  ended_at: number | null;
  created_at: number;
  updated_at: number;
};

const COLUMNS =
  "id, key, origin, state, reason, fn, input, spec, skips, runs, generation, armed_at, paused_at, paused_by_plan, ended_at, created_at, updated_at";

const PUT = `INSERT INTO schedules (${COLUMNS})
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
  ON CONFLICT (id) DO UPDATE SET
    key = excluded.key, origin = excluded.origin, state = excluded.state, reason = excluded.reason, fn = excluded.fn,
    input = excluded.input, spec = excluded.spec, skips = excluded.skips, runs = excluded.runs,
    generation = excluded.generation, armed_at = excluded.armed_at, paused_at = excluded.paused_at,
    paused_by_plan = excluded.paused_by_plan, ended_at = excluded.ended_at, updated_at = excluded.updated_at`;

/** The most schedules kept parsed in memory. */
const CACHE_SIZE = 5_000;

export class ScheduleTable {
  readonly #sql: SqlStorage;
  readonly #cache = new Map<ScheduleId, StoredSchedule>();
  /** How many have not ended; counted when first asked for. */
  #living: number | undefined;

  readonly #changes: Pick<Changes, "noteSchedules">;

  constructor(sql: SqlStorage, changes: Pick<Changes, "noteSchedules">) {
    this.#sql = sql;
    this.#changes = changes;
  }

  get(id: ScheduleId): StoredSchedule | null {
    const cached = this.#cache.get(id);
    if (cached !== undefined) return cached;
    return this.#one(`SELECT ${COLUMNS} FROM schedules WHERE id = ?1`, id);
  }

  /** Reads many at once into the memory, where `get` then finds them: one statement for a batch that is due. */
  prefetch(ids: readonly ScheduleId[]): void {
    const unknown = ids.filter((id) => !this.#cache.has(id));
    if (unknown.length < 2) return;
    this.#many(
      `SELECT ${COLUMNS} FROM schedules WHERE id IN (SELECT value FROM json_each(?1))`,
      JSON.stringify(unknown),
    );
  }

  /** The living schedule that has the caller's key. */
  byKey(key: string): StoredSchedule | null {
    return this.#one(`SELECT ${COLUMNS} FROM schedules WHERE key = ?1 AND ended_at IS NULL`, key);
  }

  /** The living schedules of a function, or with null those of the whole project. */
  livingOf(fn: string | null): readonly StoredSchedule[] {
    return this.#many(`SELECT ${COLUMNS} FROM schedules WHERE fn IS ?1 AND ended_at IS NULL ORDER BY id`, fn);
  }

  /** The living schedules that the published version brought with it. */
  livingMetadata(): readonly StoredSchedule[] {
    return this.#many(`SELECT ${COLUMNS} FROM schedules WHERE ended_at IS NULL AND origin = 'metadata' ORDER BY id`);
  }

  hasActive(): boolean {
    return this.#sql.exec("SELECT 1 FROM schedules WHERE state = 'active' LIMIT 1").toArray().length > 0;
  }

  /** Oldest first. */
  list(filter: ScheduleFilter, page: PageRequest): Page<Schedule> {
    const rows = this.#many(
      `SELECT ${COLUMNS} FROM schedules
       WHERE id > ?1 AND (?2 IS NULL OR state = ?2 OR ?2 = 'living' AND ended_at IS NULL)
         AND (?3 IS NULL OR fn = ?3) AND (?4 IS NULL OR origin = ?4)
       ORDER BY id LIMIT ?5`,
      page.after ?? "",
      filter.state ?? null,
      filter.fn ?? null,
      filter.origin ?? null,
      page.limit + 1,
    );
    const items = rows.slice(0, page.limit).map(toSchedule);
    return { items, next: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** The schedules that have not ended, oldest first. */
  living(): readonly StoredSchedule[] {
    return this.#many(`SELECT ${COLUMNS} FROM schedules WHERE ended_at IS NULL ORDER BY id`);
  }

  /** How many schedules have not ended. Reads them once for each instance, in an index, and counts along from there. */
  countLiving(): number {
    this.#living ??= this.#count("ended_at IS NULL");
    return this.#living;
  }

  countPausedByPlan(): number {
    return this.#count("ended_at IS NULL AND state = 'paused' AND paused_by_plan = 1");
  }

  /** How many are paused or quarantined. Reads them in an index that holds no others. */
  countSetAside(): Readonly<Record<"paused" | "quarantined", number>> {
    const rows = this.#sql
      .exec<{ state: string; count: number }>(
        `SELECT state, count(*) AS count FROM schedules INDEXED BY schedules_set_aside
         WHERE state IN ('paused', 'quarantined') GROUP BY state`,
      )
      .toArray();
    const of = (state: string) => rows.find((row) => row.state === state)?.count ?? 0;
    return { paused: of("paused"), quarantined: of("quarantined") };
  }

  /** Notes that a schedule is about to be written that was not there before. */
  noteNew(): void {
    if (this.#living !== undefined) this.#living += 1;
  }

  /** Writes the whole row. One that has ended was living until now: nobody writes an ended one again. */
  put(schedule: StoredSchedule): void {
    this.#noteWrite(schedule.id);
    if (schedule.endedAt !== null && this.#living !== undefined) this.#living -= 1;
    this.#sql.exec(
      PUT,
      schedule.id,
      schedule.key,
      schedule.origin,
      schedule.state,
      schedule.reason,
      schedule.spec.fn,
      JSON.stringify(schedule.input),
      JSON.stringify(schedule.spec),
      JSON.stringify(schedule.skips),
      schedule.runs,
      schedule.generation,
      schedule.armedAt,
      schedule.pausedAt,
      Number(schedule.pausedByPlan),
      schedule.endedAt,
      schedule.createdAt,
      schedule.updatedAt,
    );
  }

  /** Writes that a completed schedule was cancelled after all; it had ended before and counts as it did. */
  callOff({ id, state, reason, updatedAt }: StoredSchedule): void {
    this.#noteWrite(id);
    this.#sql.exec(
      "UPDATE schedules SET state = ?2, reason = ?3, updated_at = ?4 WHERE id = ?1",
      id,
      state,
      reason,
      updatedAt,
    );
  }

  /** Ends a schedule whose last occurrence has been decided. */
  complete(schedule: StoredSchedule, runs: number, now: Instant): void {
    this.#noteWrite(schedule.id);
    if (this.#living !== undefined) this.#living -= 1;
    this.#sql.exec(
      `UPDATE schedules SET state = 'completed', reason = NULL, runs = ?2, skips = '[]', generation = generation + 1,
         ended_at = ?3, updated_at = ?3
       WHERE id = ?1`,
      schedule.id,
      runs,
      now,
    );
  }

  /** Forgets schedules that ended before `before`; their runs stay in the run log. */
  forgetEnded(before: Instant): void {
    this.#sql.exec("DELETE FROM schedules WHERE ended_at IS NOT NULL AND ended_at < ?1", before);
    this.#cache.clear();
  }

  /** After a transaction was rolled back, what was read inside it is not to be trusted. */
  forgetCache(): void {
    this.#cache.clear();
    this.#living = undefined;
  }

  #noteWrite(id: ScheduleId): void {
    this.#cache.delete(id);
    this.#changes.noteSchedules();
  }

  #count(where: string): number {
    return this.#sql.exec<{ count: number }>(`SELECT count(*) AS count FROM schedules WHERE ${where}`).one().count;
  }

  #one(query: string, ...bindings: (string | number | null)[]): StoredSchedule | null {
    return this.#many(query, ...bindings)[0] ?? null;
  }

  #many(query: string, ...bindings: (string | number | null)[]): readonly StoredSchedule[] {
    return this.#sql
      .exec<ScheduleRow>(query, ...bindings)
      .toArray()
      .map((row) => this.#keep(parseSchedule(row)));
  }

  #keep(schedule: StoredSchedule): StoredSchedule {
    if (this.#cache.size >= CACHE_SIZE) this.#cache.clear();
    this.#cache.set(schedule.id, schedule);
    return schedule;
  }
}

/** The columns are what `put` wrote, and the CHECKs hold their values. */
function parseSchedule(row: ScheduleRow): StoredSchedule {
  const input = JSON.parse(row.input) as ScheduleInput;
  return {
    id: readScheduleId(row.id),
    key: row.key,
    origin: row.origin as ScheduleOrigin,
    state: row.state as ScheduleState,
    reason: row.reason,
    input,
    spec: restored(JSON.parse(row.spec) as ScheduleSpec),
    args: input.args ?? null,
    skips: JSON.parse(row.skips) as readonly Instant[],
    runs: row.runs,
    generation: row.generation,
    armedAt: row.armed_at,
    pausedAt: row.paused_at,
    pausedByPlan: row.paused_by_plan === 1,
    endedAt: row.ended_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Notifications of an older time had no recipients. */
const restored = (spec: ScheduleSpec): ScheduleSpec =>
  spec.notifications === undefined ? spec : { ...spec, notifications: spec.notifications.map(restoreNotification) };

/** What doors are shown of a schedule. */
export function toSchedule(stored: StoredSchedule): Schedule {
  const { input, generation, armedAt, pausedAt, pausedByPlan, endedAt, ...shown } = stored;
  return shown;
}
