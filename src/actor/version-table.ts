/** The versions of the project's logic. A version is never changed; which one is published is a setting. */
import { type Failure, notFound } from "../domain/errors.ts";
import type { CodeBundle, FunctionSpec, Version } from "../domain/function.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { Page, PageRequest } from "./rpc.ts";

type VersionRow = {
  number: number;
  functions: string;
  code: string | null;
  created_at: number;
  published_at: number | null;
};

const COLUMNS = "number, functions, code, created_at, published_at";

export class VersionTable {
  readonly #sql: SqlStorage;
  readonly #published: () => number | null;
  /** The functions of one version, kept: every run asks for the published ones. */
  #cached: Version | undefined;

  constructor(sql: SqlStorage, published: () => number | null) {
    this.#sql = sql;
    this.#published = published;
  }

  add(functions: readonly FunctionSpec[], code: CodeBundle | null, now: Instant): Version {
    const row = this.#sql
      .exec<{ number: number }>(
        "INSERT INTO versions (functions, code, created_at) VALUES (?1, ?2, ?3) RETURNING number",
        JSON.stringify(functions),
        code === null ? null : JSON.stringify(code),
        now,
      )
      .one();
    return { number: row.number, functions, code, createdAt: now, state: "draft" };
  }

  get(number: number): Version | null {
    if (this.#cached?.number === number) return { ...this.#cached, state: this.#stateOf(number, true) };
    const row = this.#sql.exec<VersionRow>(`SELECT ${COLUMNS} FROM versions WHERE number = ?1`, number).toArray()[0];
    if (row === undefined) return null;
    const version = this.#toVersion(row);
    if (version.state === "published") this.#cached = version;
    return version;
  }

  published(): Version | null {
    const number = this.#published();
    return number === null ? null : this.get(number);
  }

  /** Newest first. */
  list(page: PageRequest): Page<Version> {
    const before = page.after === undefined ? Number.MAX_SAFE_INTEGER : Number(page.after);
    const rows = this.#sql
      .exec<VersionRow>(
        `SELECT ${COLUMNS} FROM versions WHERE number < ?1 ORDER BY number DESC LIMIT ?2`,
        before,
        page.limit + 1,
      )
      .toArray();
    const items = rows.slice(0, page.limit).map((row) => this.#toVersion(row));
    return { items, next: rows.length > page.limit ? String(items.at(-1)?.number) : null };
  }

  markPublished(number: number, now: Instant): void {
    this.#sql.exec("UPDATE versions SET published_at = ?2 WHERE number = ?1", number, now);
    this.#cached = undefined;
  }

  /** After a transaction was rolled back, what was read inside it is not to be trusted. */
  forgetCache(): void {
    this.#cached = undefined;
  }

  #toVersion(row: VersionRow): Version {
    return {
      number: row.number,
      functions: parseFunctions(row.functions),
      code: row.code === null ? null : parseCode(row.code),
      createdAt: row.created_at,
      state: this.#stateOf(row.number, row.published_at !== null),
    };
  }

  #stateOf(number: number, wasPublished: boolean): Version["state"] {
    if (number === this.#published()) return "published";
    if (wasPublished) return "retired";
    const newest = this.#sql.exec<{ number: number | null }>("SELECT max(number) AS number FROM versions").one().number;
    return number === newest ? "draft" : "retired";
  }
}

const parseCode = (json: string): CodeBundle => JSON.parse(json) as CodeBundle;
const parseFunctions = (json: string): readonly FunctionSpec[] => JSON.parse(json) as readonly FunctionSpec[];

export const orMissing = (version: Version | null, name: string): Result<Version, Failure> =>
  version === null ? fail(notFound("version", name)) : ok(version);
