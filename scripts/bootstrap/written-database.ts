/** A database that is reached by written SQL alone, as wrangler's `d1 execute` takes it: all that bootstrapping needs of one. */

interface Written {
  readonly sql: string;
}

/** `run` takes statements, divided by semicolons, and answers what wrangler prints with `--json`. */
export function writtenDatabase(run: (sql: string) => Promise<string>): D1Database {
  const prepare = (sql: string) => ({
    bind: (...values: readonly unknown[]): Written => ({
      // In one pass, so that nothing inside of a value is taken for a hole.
      sql: sql.replaceAll(/\?(\d+)/g, (_, number: string) => toLiteral(values[Number(number) - 1])),
    }),
  });
  const batch = async (statements: readonly Written[]) =>
    readAnswer(await run(statements.map(({ sql }) => sql).join(";\n")));
  return asDatabase({ prepare, batch });
}

/** One result for each statement. What wrangler says beside them stands on lines of its own. */
export function readAnswer(said: string): readonly { readonly results: readonly Record<string, unknown>[] }[] {
  const [json] = /^\[\s*\{[\s\S]*\}\s*\]/m.exec(said) ?? [];
  if (json === undefined) throw new Error(`Not an answer of the database: ${said.slice(0, 500)}`);
  return JSON.parse(json);
}

/** SQLite knows one way to quote: a quote inside is doubled. A text ends for it at a NUL, which no text here may hold. */
export function toLiteral(value: unknown): string {
  if (value === null) return "NULL";
  if (typeof value === "number") return String(value);
  if (typeof value !== "string" || value.includes("\0")) throw new TypeError("Not to be written as SQL");
  return `'${value.replaceAll("'", "''")}'`;
}

/** Bootstrapping prepares, binds and runs a batch. */
const asDatabase = (written: object): D1Database => written as D1Database;
