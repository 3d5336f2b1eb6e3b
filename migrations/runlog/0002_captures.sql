-- The ledger of captures: one row for each run and format, whether it was taken, is being taken, or could not be.
--
-- Why so: clustered like the run log, by project and run, so that the captures of a run are one read and retention goes by
-- the same range. `lease_until` is the claim of whoever takes it: while it lasts, a copy of the message is turned away, and
-- `claim` is its number, which whoever settles it must name; unlike `attempts` it does not begin anew when a capture is
-- ordered once more. What is ordered is counted as it is written, by triggers: no order is forgotten by the limit, and
-- deleting a run or a project gives nothing back.

CREATE TABLE captures (
  workspace_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('png', 'pdf')),
  state TEXT NOT NULL CHECK (state IN ('pending', 'captured', 'failed')),
  cause TEXT NOT NULL CHECK (cause IN ('notification', 'demand')),
  plan TEXT NOT NULL,
  ordered_at INTEGER NOT NULL,
  news_by INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  claim INTEGER NOT NULL DEFAULT 0 CHECK (claim >= attempts),
  lease_until INTEGER,
  settled_at INTEGER,
  facts TEXT,
  failure TEXT,
  evidence TEXT,
  PRIMARY KEY (workspace_id, project_id, run_id, format),
  CHECK ((settled_at IS NULL) = (state = 'pending')),
  CHECK (lease_until IS NULL OR state = 'pending'),
  CHECK (state <> 'captured' OR facts IS NOT NULL),
  CHECK (state <> 'failed' OR failure IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- What the sweep looks at: those that nobody has settled. Rows leave the index as they settle.
CREATE INDEX captures_pending ON captures (ordered_at) WHERE state = 'pending';

-- How many captures a workspace ordered on each UTC day, which is counted from 1970.
CREATE TABLE capture_days (
  workspace_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  ordered INTEGER NOT NULL CHECK (ordered >= 1),
  PRIMARY KEY (workspace_id, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER captures_are_counted AFTER INSERT ON captures WHEN new.state = 'pending'
BEGIN
  INSERT INTO capture_days (workspace_id, day, ordered) VALUES (new.workspace_id, new.ordered_at / 86400000, 1)
  ON CONFLICT (workspace_id, day) DO UPDATE SET ordered = ordered + 1;
END;

CREATE TRIGGER captures_taken_anew_are_counted AFTER UPDATE OF state ON captures
WHEN old.state <> 'pending' AND new.state = 'pending'
BEGIN
  INSERT INTO capture_days (workspace_id, day, ordered) VALUES (new.workspace_id, new.ordered_at / 86400000, 1)
  ON CONFLICT (workspace_id, day) DO UPDATE SET ordered = ordered + 1;
END;
