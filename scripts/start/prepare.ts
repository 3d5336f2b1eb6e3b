/**
 * Makes the local databases ready: applies the migrations that are missing and sees to the ways in. A process of its
 * own, before the runtime starts: two must not have the databases open for writing.
 *
 * Told over IPC: where the state is, and what an earlier start has left; tells the ways in.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { getPlatformProxy } from "wrangler";
import { type KnownWays, openWays, type WaysIn } from "./ways-in.ts";
import { quietly, wrangle } from "./wrangler.ts";

interface Databases {
  readonly DIRECTORY: D1Database;
  readonly RUNLOG: D1Database;
}

export interface Preparation {
  readonly state: string;
  readonly known: KnownWays;
}

const MIGRATIONS = { DIRECTORY: "migrations/directory", RUNLOG: "migrations/runlog" } as const;

process.once("message", (preparation: Preparation) => {
  prepare(preparation).then(
    (ways) => process.send?.(ways, () => process.disconnect()),
    (cause: unknown) => {
      process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
      process.exit(1);
    },
  );
});

async function prepare({ state, known }: Preparation): Promise<WaysIn> {
  for (const binding of await withDatabases(state, findPending)) {
    await wrangle(["d1", "migrations", "apply", binding, "--local", "--persist-to", state], quietly(state));
  }
  return withDatabases(state, ({ DIRECTORY }) => openWays(DIRECTORY, known));
}

/** The bindings of the databases that lack a migration. */
async function findPending(databases: Databases): Promise<readonly (keyof Databases)[]> {
  const pending: (keyof Databases)[] = [];
  for (const binding of ["DIRECTORY", "RUNLOG"] as const) {
    const applied = await appliedTo(databases[binding]);
    const all = readdirSync(MIGRATIONS[binding]).filter((name) => name.endsWith(".sql"));
    if (all.some((name) => !applied.has(name))) pending.push(binding);
  }
  return pending;
}

async function appliedTo(db: D1Database): Promise<ReadonlySet<string>> {
  const table = await db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'd1_migrations'").first();
  if (table === null) return new Set();
  const { results } = await db.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  return new Set(results.map(({ name }) => name));
}

async function withDatabases<Value>(state: string, use: (databases: Databases) => Promise<Value>): Promise<Value> {
  const proxy = await getPlatformProxy<Databases & Record<string, unknown>>({
    configPath: "wrangler.toml",
    // Where `wrangler dev --persist-to` keeps them.
    persist: { path: join(state, "v3") },
    remoteBindings: false,
  });
  try {
    return await use(proxy.env);
  } finally {
    await proxy.dispose();
  }
}
