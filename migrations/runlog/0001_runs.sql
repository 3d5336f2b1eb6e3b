-- The run log: one row for each finished run, and one for each occurrence that never ran.
--
-- Why so: a row is written once and read by project, so the table is clustered by project and id. An id is a UUIDv7 of the
-- occurrence's time, which makes the clustering the order of every list and lets retention delete by range. The only index
-- that every scheduled run pays for is the one by schedule; the rare states are indexed where they occur.

CREATE TABLE runs (
  workspace_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  id TEXT NOT NULL,
  schedule_id TEXT,
  fn TEXT,
  version INTEGER,
  context TEXT NOT NULL CHECK (context IN ('logic', 'app', 'scheduled', 'api-triggered')),
  cause TEXT NOT NULL CHECK (cause IN ('occurrence', 'catch_up', 'backfill', 'manual', 'api', 'retry')),
  status TEXT NOT NULL CHECK (status IN ('succeeded', 'failed', 'timed_out', 'cancelled', 'skipped', 'missed')),
  attempt INTEGER NOT NULL CHECK (attempt >= 0),
  origin_run_id TEXT,
  scheduled_for INTEGER NOT NULL,
  effective_at INTEGER NOT NULL,
  queued_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER NOT NULL,
  retry_at INTEGER,
  unrun TEXT,
  count INTEGER NOT NULL DEFAULT 1 CHECK (count >= 1),
  error TEXT,
  output TEXT,
  PRIMARY KEY (workspace_id, project_id, id),
  CHECK ((unrun IS NOT NULL) = (status IN ('skipped', 'missed'))),
  CHECK ((attempt > 0) = (origin_run_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- The runs of one schedule, newest first.
CREATE INDEX runs_of_schedule ON runs (workspace_id, project_id, schedule_id, id) WHERE schedule_id IS NOT NULL;
-- "What went wrong?", without reading all that went right.
CREATE INDEX runs_not_succeeded ON runs (workspace_id, project_id, status, id) WHERE status <> 'succeeded';
-- The retries of a run.
CREATE INDEX runs_of_chain ON runs (workspace_id, project_id, origin_run_id, attempt) WHERE origin_run_id IS NOT NULL;
