/**
 * The actor's tables. Numbered migrations, applied in one transaction when a project is opened or wakes after a deploy;
 * none is edited once released, and old and new code must both live with each (a deploy runs them side by side).
 */

interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * Why the tables look like this: the platform bills rows written, so a run is kept to seven (docs/decisions/0003).
 * - `due` is apart from `schedules`: moving a schedule to its next occurrence rewrites one clustered row and no index.
 *   Its rows are never looked up by schedule; one whose `generation` is not its schedule's is stale and dropped when met.
 * - `runs` is clustered by schedule, so the overlap check reads a prefix and needs no index. Only waiting retries,
 *   which may be many and far in the future, are indexed by their time.
 */
const MIGRATIONS: readonly Migration[] = [
  {
    name: "0001_first_tables",
    sql: `
      CREATE TABLE settings (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE schedules (
        id TEXT PRIMARY KEY,
        key TEXT,
        origin TEXT NOT NULL CHECK (origin IN ('metadata', 'dynamic')),
        state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'completed', 'cancelled', 'quarantined')),
        reason TEXT,
        fn TEXT,
        input TEXT NOT NULL,
        spec TEXT NOT NULL,
        skips TEXT NOT NULL DEFAULT '[]',
        runs INTEGER NOT NULL DEFAULT 0,
        generation INTEGER NOT NULL DEFAULT 0,
        armed_at INTEGER,
        paused_at INTEGER,
        ended_at INTEGER,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        CHECK ((paused_at IS NOT NULL) = (state IN ('paused', 'quarantined'))),
        CHECK ((ended_at IS NOT NULL) = (state IN ('completed', 'cancelled')))
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX schedules_living_by_key ON schedules (key) WHERE key IS NOT NULL AND ended_at IS NULL;
      CREATE INDEX schedules_living_by_fn ON schedules (fn, id) WHERE ended_at IS NULL;
      CREATE INDEX schedules_ended ON schedules (ended_at) WHERE ended_at IS NOT NULL;

      CREATE TABLE due (
        at INTEGER NOT NULL,
        schedule_id TEXT NOT NULL,
        nominal INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        PRIMARY KEY (at, schedule_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE runs (
        schedule_id TEXT NOT NULL,
        id TEXT NOT NULL,
        fn TEXT,
        version INTEGER,
        context TEXT NOT NULL CHECK (context IN ('logic', 'app', 'scheduled', 'api-triggered')),
        cause TEXT NOT NULL CHECK (cause IN ('occurrence', 'catch_up', 'backfill', 'manual', 'api', 'retry')),
        status TEXT NOT NULL CHECK (status IN (
          'queued', 'running', 'pending_retry', 'succeeded', 'failed', 'timed_out', 'cancelled', 'skipped', 'missed'
        )),
        held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
        lane TEXT NOT NULL,
        pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
        accepted INTEGER NOT NULL DEFAULT 0 CHECK (accepted IN (0, 1)),
        attempt INTEGER NOT NULL CHECK (attempt >= 0),
        origin_run_id TEXT,
        scheduled_for INTEGER NOT NULL,
        effective_at INTEGER NOT NULL,
        queued_at INTEGER NOT NULL,
        started_at INTEGER,
        finished_at INTEGER,
        retry_at INTEGER,
        unrun TEXT,
        count INTEGER NOT NULL DEFAULT 1,
        error TEXT,
        output TEXT,
        args TEXT,
        retry TEXT NOT NULL,
        timeout INTEGER NOT NULL,
        sends INTEGER NOT NULL DEFAULT 0,
        wake_at INTEGER,
        PRIMARY KEY (schedule_id, id),
        CHECK ((finished_at IS NOT NULL) = (status NOT IN ('queued', 'running'))),
        CHECK ((unrun IS NOT NULL) = (status IN ('skipped', 'missed'))),
        CHECK ((attempt > 0) = (origin_run_id IS NOT NULL))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX runs_waiting_for_retry ON runs (wake_at) WHERE status = 'pending_retry';

      CREATE TABLE versions (
        number INTEGER PRIMARY KEY,
        functions TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        published_at INTEGER
      ) STRICT;

      CREATE TABLE idempotency (
        key TEXT PRIMARY KEY,
        fingerprint TEXT NOT NULL,
        answer TEXT NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    // Told apart from a pause by a person: a better plan takes it back. Old code writes rows without it, as not paused so.
    name: "0002_pauses_by_plan",
    sql: `
      ALTER TABLE schedules ADD COLUMN paused_by_plan INTEGER NOT NULL DEFAULT 0 CHECK (paused_by_plan IN (0, 1));
    `,
  },
  {
    // Old code writes versions without modules, and leaves the app as it is until new code finishes a run.
    name: "0003_code_and_app",
    sql: `
      ALTER TABLE versions ADD COLUMN code TEXT;

      -- Tells the run of a publication from a visitor's: both have the context app, and only the first is for everybody.
      ALTER TABLE runs ADD COLUMN of_publication INTEGER NOT NULL DEFAULT 0 CHECK (of_publication IN (0, 1));

      -- The last good output of the whole project, under the empty name, and of each function that ran by itself since.
      CREATE TABLE app_items (
        fn TEXT PRIMARY KEY,
        run_id TEXT NOT NULL,
        scheduled_for INTEGER NOT NULL,
        finished_at INTEGER NOT NULL,
        output TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    // Written only while the queue of captures is down: a finished run that the log has, and whose captures are still to be
    // ordered. Old code takes such a row out with the next flush, and its captures are not taken.
    name: "0004_runs_that_are_logged",
    sql: `
      ALTER TABLE runs ADD COLUMN logged INTEGER NOT NULL DEFAULT 0 CHECK (logged IN (0, 1));
    `,
  },
  {
    // Of a run that was asked for with notifications of its own. Old code writes runs without them. And news about no run,
    // until the queue has it: written only where an endpoint of the workspace asked for such.
    name: "0005_news",
    sql: `
      ALTER TABLE runs ADD COLUMN notifications TEXT;

      CREATE TABLE notices (
        id TEXT PRIMARY KEY,
        news TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    // How many schedules stand still is asked by every look at the project. Only those that do are in the index, so that it
    // costs a run nothing.
    name: "0006_schedules_set_aside",
    sql: `
      CREATE INDEX schedules_set_aside ON schedules (state) WHERE state IN ('paused', 'quarantined');
    `,
  },
];

const HAS_MIGRATIONS_TABLE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'";

/** Whether the project was ever opened here. A message that arrives late for a deleted project finds it was not. */
export const isOpened = (sql: SqlStorage): boolean => sql.exec(HAS_MIGRATIONS_TABLE).toArray().length > 0;

/** Applies what is missing. Cheap when nothing is: it runs on every wake. */
export function migrate(storage: DurableObjectStorage): void {
  const { sql } = storage;
  storage.transactionSync(() => {
    sql.exec("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT");
    const applied = sql.exec<{ last: number }>("SELECT coalesce(max(number), 0) AS last FROM migrations").one().last;
    for (const [index, migration] of MIGRATIONS.entries()) {
      if (index < applied) continue;
      sql.exec(migration.sql);
      sql.exec("INSERT INTO migrations (number, name) VALUES (?1, ?2)", index + 1, migration.name);
    }
  });
}
