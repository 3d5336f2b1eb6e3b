-- News and its deliveries: what was to be told, to whom, by which channel, and what became of it.
--
-- Why so: deliveries are clustered by project and news, and news of a run has the run's id, so that the deliveries of a run
-- are one read, the order of lists is the order of time, and retention goes by the same range. A delivery's id is derived
-- from what it is the delivery of: telling the same news again inserts nothing. `next_at` is when somebody must look at a
-- delivery again if nobody has; it stays as it is while an attempt goes on, so that a good delivery leaves its index once.
-- `claim` is the number of the attempt, which whoever settles it must name. `round` counts how often somebody had it sent
-- again, and `begun_at` is when the last round began: patience is counted from there.

CREATE TABLE news (
  workspace_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  id TEXT NOT NULL,
  event TEXT NOT NULL CHECK (event IN (
    'run.succeeded', 'run.failed', 'run.missed', 'run.skipped', 'delivery.failed', 'schedule.paused', 'delivery.at_risk'
  )),
  schedule_id TEXT,
  body TEXT NOT NULL CHECK (json_valid(body)),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, project_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
  workspace_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  news_id TEXT NOT NULL,
  id TEXT NOT NULL,
  event TEXT NOT NULL CHECK (event IN (
    'run.succeeded', 'run.failed', 'run.missed', 'run.skipped', 'delivery.failed', 'schedule.paused', 'delivery.at_risk'
  )),
  notification INTEGER,
  channel TEXT NOT NULL CHECK (channel IN ('email', 'slack', 'webhook')),
  recipient_kind TEXT NOT NULL CHECK (recipient_kind IN ('user', 'group', 'slack_channel', 'webhook')),
  recipient_id TEXT NOT NULL,
  recipient_name TEXT NOT NULL,
  address TEXT,
  timezone TEXT,
  wants TEXT CHECK (wants IN ('png', 'pdf')),
  state TEXT NOT NULL CHECK (state IN ('pending', 'retrying', 'sent', 'failed', 'unknown', 'suppressed')),
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  claim INTEGER NOT NULL DEFAULT 0 CHECK (claim >= attempts),
  lease_until INTEGER,
  next_at INTEGER,
  created_at INTEGER NOT NULL,
  begun_at INTEGER NOT NULL,
  round INTEGER NOT NULL DEFAULT 0 CHECK (round >= 0),
  settled_at INTEGER,
  failure TEXT,
  picture TEXT CHECK (picture IN ('due', 'sent', 'unconfirmed', 'dropped')),
  progress TEXT,
  log TEXT NOT NULL DEFAULT '[]',
  told TEXT,
  PRIMARY KEY (workspace_id, project_id, news_id, id),
  CHECK ((settled_at IS NULL) = (state IN ('pending', 'retrying'))),
  CHECK (next_at IS NOT NULL OR state NOT IN ('pending', 'retrying')),
  CHECK (failure IS NOT NULL OR state NOT IN ('failed', 'unknown', 'suppressed')),
  CHECK ((channel = 'webhook') = (recipient_kind = 'webhook'))
) STRICT, WITHOUT ROWID;

-- What the sweep looks at: retries that are due, and what somebody left in the middle. By workspace, so that one with many of
-- them keeps no other from its turn. Rows leave the index as they settle.
CREATE INDEX deliveries_due ON deliveries (workspace_id, next_at) WHERE next_at IS NOT NULL;
-- "What did not arrive?", without reading all that did.
CREATE INDEX deliveries_unwell ON deliveries (workspace_id, project_id, state, news_id, id)
  WHERE state IN ('retrying', 'failed', 'unknown');
-- The calls of one endpoint: for whoever looks after it, and for replaying a range of them.
CREATE INDEX deliveries_of_endpoint ON deliveries (workspace_id, recipient_id, created_at) WHERE channel = 'webhook';
-- What a broken connection holds up in a workspace.
CREATE INDEX deliveries_held ON deliveries (workspace_id, channel) WHERE state = 'retrying';

-- On one's own machine nothing leaves it: mail and Slack messages are kept here, for a page that shows them as they would be
-- seen. Empty in a deployment that sends.
CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  workspace_id TEXT,
  channel TEXT NOT NULL CHECK (channel IN ('email', 'slack')),
  recipient TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- What goes along with a message, in pieces that fit a row (D1 takes two megabytes of one).
CREATE TABLE outbox_files (
  message_id TEXT NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  piece INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (message_id, place, piece)
) STRICT, WITHOUT ROWID;
