/**
 * What the app shows: the last good output of the whole project, and over it those of functions that ran by themselves
 * since. Read by everyone who opens the app, so it is kept apart from runs, which leave for the run log.
 */
import { readRunId } from "../domain/ids.ts";
import type { Output } from "../domain/run.ts";
import { isBlank } from "../domain/run-output.ts";
import type { AppItem } from "./rpc.ts";

/** The name that the whole project's output has in a column that takes no NULL. */
const WHOLE = "";

/** Rows before those of functions that are gone are cleared away; a version has 200 functions at most. */
const ITEMS_MAX = 500;

/** What shows nothing, where a run left nothing at all. */
const NOTHING: Output = { stored: "inline", json: '{"items":[]}' };

type ItemRow = { fn: string; run_id: string; scheduled_for: number; finished_at: number; output: string };

const COLUMNS = "fn, run_id, scheduled_for, finished_at, output";

export class AppTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The whole project's first, then the functions' by name. */
  items(): readonly AppItem[] {
    return this.#many("ORDER BY fn");
  }

  /**
   * Shows what a run left, unless what is shown already is of a later occurrence: runs may end out of their order. A run
   * that left nothing to show is noted only where it takes the place of something, so that most runs cost no row here.
   */
  note({ output, ...facts }: Omit<AppItem, "output"> & { readonly output: Output | null }): void {
    const item: AppItem = { ...facts, output: output ?? NOTHING };
    const shown = item.fn === null ? this.items() : this.#many("WHERE fn IN (?1, ?2)", WHOLE, item.fn);
    if (shown.length === 0 && isBlank(item.output)) return;
    const rivals = item.fn === null ? shown.filter(({ fn }) => fn === null) : shown;
    if (rivals.some((other) => isLater(other, item))) return;
    if (item.fn === null) this.#removeCovered(item);
    this.#put(item);
  }

  /**
   * Forgets what functions left that there are none of any more, once that is much: a version that is rolled back to finds
   * what its functions showed.
   */
  tidy(functions: readonly string[]): void {
    const items = this.items();
    if (items.length <= ITEMS_MAX) return;
    const gone = items.filter(({ fn }) => fn !== null && !functions.includes(fn));
    for (const { fn } of gone) this.#sql.exec("DELETE FROM app_items WHERE fn = ?1", fn);
  }

  /** A run of the whole project shows every function anew, but those that ran by themselves for a later occurrence. */
  #removeCovered({ scheduledFor, finishedAt }: AppItem): void {
    this.#sql.exec(
      "DELETE FROM app_items WHERE fn <> ?1 AND (scheduled_for, finished_at) <= (?2, ?3)",
      WHOLE,
      scheduledFor,
      finishedAt,
    );
  }

  #put({ fn, run, scheduledFor, finishedAt, output }: AppItem): void {
    this.#sql.exec(
      `INSERT INTO app_items (${COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (fn) DO UPDATE SET run_id = excluded.run_id, scheduled_for = excluded.scheduled_for,
         finished_at = excluded.finished_at, output = excluded.output`,
      fn ?? WHOLE,
      run,
      scheduledFor,
      finishedAt,
      JSON.stringify(output),
    );
  }

  #many(where: string, ...bindings: string[]): readonly AppItem[] {
    return this.#sql
      .exec<ItemRow>(`SELECT ${COLUMNS} FROM app_items ${where}`, ...bindings)
      .toArray()
      .map(parseItem);
  }
}

/** By occurrence; of two attempts at one, the one that ended later. */
const isLater = (one: AppItem, other: AppItem): boolean =>
  one.scheduledFor === other.scheduledFor ? one.finishedAt > other.finishedAt : one.scheduledFor > other.scheduledFor;

/** The columns are what `#put` wrote. */
const parseItem = (row: ItemRow): AppItem => ({
  fn: row.fn === WHOLE ? null : row.fn,
  run: readRunId(row.run_id),
  scheduledFor: row.scheduled_for,
  finishedAt: row.finished_at,
  output: JSON.parse(row.output) as Output,
});
