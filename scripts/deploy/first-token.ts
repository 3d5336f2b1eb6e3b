/** The first workspace of a deployment and its token: written as SQL, since only wrangler reaches the database from here. */
import { randomBytes } from "node:crypto";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { UUID_RANDOM_BYTES, uuidv7 } from "../../src/domain/ids.ts";
import type { Wrangle } from "./deploy.ts";

const WORKSPACE = { name: "First workspace", plan: "enterprise", email: "you@carillon.local" } as const;

/** The token's text, or null when there is a workspace already. */
export async function firstToken(wrangle: Wrangle): Promise<string | null> {
  const found = await query(wrangle, "SELECT count(*) AS workspaces FROM workspaces");
  if (!/"workspaces":\s*0\b/.test(found)) return null;
  const statements: string[] = [];
  const now = Date.now();
  const newId = () => uuidv7(Date.now(), randomBytes(UUID_RANDOM_BYTES));
  const { token } = await foundWorkspace(recorder(statements), WORKSPACE, { now, newId, randomBytes });
  await query(wrangle, statements.join(";\n"));
  return token;
}

const query = (wrangle: Wrangle, sql: string): Promise<string> =>
  wrangle(["d1", "execute", "DIRECTORY", "--remote", "--yes", "--json", "--command", sql]);

/** A database that only writes down what it is told to run. */
function recorder(statements: string[]): D1Database {
  const prepare = (sql: string) => ({
    bind: (...values: readonly unknown[]) => ({
      run: async () => {
        statements.push(sql.replaceAll(/\?(\d+)/g, (_, number: string) => toLiteral(values[Number(number) - 1])));
      },
    }),
  });
  return asDatabase({ prepare });
}

function toLiteral(value: unknown): string {
  if (value === null) return "NULL";
  return typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
}

/** Bootstrapping only prepares, binds and runs. */
const asDatabase = (recording: object): D1Database => recording as D1Database;
