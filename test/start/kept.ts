/** The directory that a local start or `bootstrap` has left in its state, read from its file: asking wrangler takes seconds. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Where `wrangler dev --persist-to` keeps its databases, one in each file. */
const DATABASES = "v3/d1/miniflare-D1DatabaseObject";
const IS_DIRECTORY = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'workspaces'";

/** Nobody else may have the state open. */
export function withDirectory<Value>(state: string, use: (directory: DatabaseSync) => Value): Value {
  const folder = join(state, DATABASES);
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".sqlite")) continue;
    const database = new DatabaseSync(join(folder, name));
    try {
      if (database.prepare(IS_DIRECTORY).get() !== undefined) return use(database);
    } finally {
      database.close();
    }
  }
  throw new Error(`There is no directory in ${folder}`);
}
