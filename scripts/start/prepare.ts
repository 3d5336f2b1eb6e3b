/**
 * Makes the local databases ready: applies the migrations that are missing and sees to a workspace with a token. A
 * process of its own, before the runtime starts: two must not have the databases open for writing.
 *
 * Told over IPC: `{state, token?}`; tells `{token}`, the known one if the directory still knows it.
 */
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { getPlatformProxy } from "wrangler";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { hashToken } from "../../src/directory/tokens.ts";
import { UUID_RANDOM_BYTES, uuidv7 } from "../../src/domain/ids.ts";
import { quietly, wrangle } from "./wrangler.ts";

interface Databases {
  readonly DIRECTORY: D1Database;
  readonly RUNLOG: D1Database;
}

export interface Preparation {
  readonly state: string;
  readonly token?: string | undefined;
}

const MIGRATIONS = { DIRECTORY: "migrations/directory", RUNLOG: "migrations/runlog" } as const;
const WORKSPACE = { name: "Demo workspace", plan: "enterprise", email: "you@carillon.local" } as const;

process.once("message", (preparation: Preparation) => {
  prepare(preparation).then(
    (token) => process.send?.({ token }, () => process.disconnect()),
    (cause: unknown) => {
      process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
      process.exit(1);
    },
  );
});

async function prepare({ state, token }: Preparation): Promise<string> {
  for (const binding of await withDatabases(state, findPending)) {
    await wrangle(["d1", "migrations", "apply", binding, "--local", "--persist-to", state], quietly(state));
  }
  return withDatabases(state, async ({ DIRECTORY }) => {
    if (token !== undefined && (await isKnown(DIRECTORY, token))) return token;
    const now = Date.now();
    const newId = () => uuidv7(Date.now(), randomBytes(UUID_RANDOM_BYTES));
    return (await foundWorkspace(DIRECTORY, WORKSPACE, { now, newId, randomBytes })).token;
  });
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

const isKnown = async (db: D1Database, token: string): Promise<boolean> =>
  (await db.prepare("SELECT 1 FROM tokens WHERE hash = ?1 AND revoked_at IS NULL").bind(hashToken(token)).first()) !==
  null;

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
