/** The rows of finished runs, which are still in the run table until the log has them and what they call for is ordered. */
import type { RunKey } from "../domain/claim.ts";
import { readRunId } from "../domain/ids.ts";
import { type EndedRun, isSettled, readEnding } from "../domain/run-counts.ts";
import type { Instant } from "../domain/time/instant.ts";
import { COLUMNS, type LiveRun, parseRun, type RunRow } from "./run-row.ts";
import { AMONG_KEYS, IS_LIVING, inJson } from "./run-table.ts";

type EndedRow = { id: string; status: string; count: number; retry_at: Instant | null };

export class FinishedRuns {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Whether there are such that the run log does not have yet, and such that it has. Looks through the table. */
  look(): { readonly isUnlogged: boolean; readonly isLogged: boolean } {
    const rows = this.#sql.exec<{ logged: number }>(`SELECT DISTINCT logged FROM runs WHERE NOT (${IS_LIVING})`);
    const found = new Set(rows.toArray().map(({ logged }) => logged));
    return { isUnlogged: found.has(0), isLogged: found.has(1) };
  }

  /** Those that the run log does not have yet. */
  unlogged(limit: number): readonly LiveRun[] {
    return this.#many("logged = 0", limit);
  }

  /** Those that the run log has, and of which something is still to be ordered. */
  logged(limit: number): readonly LiveRun[] {
    return this.#many("logged = 1", limit);
  }

  /** The ends of chains among them whose ids are not lower, newest first. */
  settledSince(floor: string, limit: number): readonly EndedRun[] {
    return this.#sql
      .exec<EndedRow>(
        `SELECT id, status, count, retry_at FROM runs WHERE NOT (${IS_LIVING}) AND id >= ?1 ORDER BY id DESC LIMIT ?2`,
        floor,
        limit,
      )
      .toArray()
      .flatMap(({ id, status, count, retry_at: retryAt }) => {
        const ending = readEnding(status);
        return isSettled({ status: ending, retryAt }) ? [{ run: readRunId(id), ending, count }] : [];
      });
  }

  /** Notes that the run log has them. */
  noteLogged(keys: readonly RunKey[]): void {
    this.#sql.exec(`UPDATE runs SET logged = 1 WHERE ${AMONG_KEYS} AND NOT (${IS_LIVING})`, inJson(keys));
  }

  /** Takes them out; a run that is not finished stays, whatever the caller believes. */
  remove(keys: readonly RunKey[]): void {
    this.#sql.exec(`DELETE FROM runs WHERE ${AMONG_KEYS} AND NOT (${IS_LIVING})`, inJson(keys));
  }

  #many(where: string, limit: number): readonly LiveRun[] {
    return this.#sql
      .exec<RunRow>(`SELECT ${COLUMNS} FROM runs WHERE NOT (${IS_LIVING}) AND ${where} LIMIT ?1`, limit)
      .toArray()
      .map(parseRun);
  }
}
