-- The beginning of the directory: who the tenant is, how a caller proves it, and which projects there are.
--
-- Why so: a request is authenticated by one read of `tokens_by_hash` and routed by one read of `projects`, so those two are
-- the only hot look-ups. Every table is WITHOUT ROWID: its text key would otherwise cost a second b-tree and a billed row.

CREATE TABLE workspaces (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  plan TEXT NOT NULL CHECK (plan IN ('professional', 'team', 'enterprise')),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Only the hash of a token is kept: whoever reads this database cannot call the API.
CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  hash TEXT NOT NULL CHECK (length(hash) = 64),
  created_at INTEGER NOT NULL,
  expires_at INTEGER CHECK (expires_at > created_at),
  revoked_at INTEGER,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tokens_by_hash ON tokens (hash);
CREATE INDEX tokens_of_workspace ON tokens (workspace_id, id);

-- A deleted project stays as a tombstone, so that a late call cannot bring its actor back to life. `closed_at` says that the
-- actor has been emptied; `active` is the sweep's list, and `active_order` orders what the actor says about it.
CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  slug TEXT NOT NULL CHECK (length(slug) BETWEEN 1 AND 63),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  active INTEGER NOT NULL DEFAULT 0 CHECK (active IN (0, 1)),
  active_order INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  closed_at INTEGER,
  CHECK (closed_at IS NULL OR deleted_at IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX projects_living_by_slug ON projects (workspace_id, slug) WHERE deleted_at IS NULL;
CREATE INDEX projects_living_of_workspace ON projects (workspace_id, id) WHERE deleted_at IS NULL;
CREATE INDEX projects_for_sweep ON projects (id) WHERE active = 1 AND deleted_at IS NULL;
CREATE INDEX projects_to_close ON projects (id) WHERE deleted_at IS NOT NULL AND closed_at IS NULL;

-- What a directory write answered under its Idempotency-Key; written in the same batch as the write itself.
CREATE TABLE idempotency_answers (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL CHECK (status BETWEEN 200 AND 299),
  body TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_answers_by_expiry ON idempotency_answers (expires_at);
