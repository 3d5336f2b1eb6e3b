-- People: members of a workspace, groups of them, what projects grant to whom, how they sign in, and the audit.
--
-- Why so: what a caller may do is asked on every request, so a member's grants are found by one read of `grants` (by project)
-- and one of `group_members` (by member). Rows of a person carry the workspace, so that each look-up is held to one tenant.

ALTER TABLE workspaces ADD COLUMN deleted_at INTEGER;
-- Set when everything of a deleted workspace is gone; until then the sweep goes on with it.
ALTER TABLE workspaces ADD COLUMN closed_at INTEGER CHECK (closed_at IS NULL OR deleted_at IS NOT NULL);
-- Counts the changes of plan, so that a project that hears of two in the wrong order keeps the later one.
ALTER TABLE workspaces ADD COLUMN plan_order INTEGER NOT NULL DEFAULT 0;
CREATE INDEX workspaces_to_close ON workspaces (id) WHERE deleted_at IS NOT NULL AND closed_at IS NULL;

-- Set when a deleted project was emptied for the first time; it is emptied once more when nothing can come late.
ALTER TABLE projects ADD COLUMN emptied_at INTEGER CHECK (emptied_at IS NULL OR deleted_at IS NOT NULL);
DROP INDEX projects_to_close;
CREATE INDEX projects_to_close ON projects (deleted_at) WHERE deleted_at IS NOT NULL AND closed_at IS NULL;

-- A person in one workspace. The same address may be a member of several; nothing leads from one to the other.
CREATE TABLE members (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  email TEXT NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
  name TEXT NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  role TEXT NOT NULL CHECK (role IN ('admin', 'manager', 'editor', 'explorer', 'viewer', 'guest')),
  state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'deactivated')),
  preferences TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(preferences)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  joined_at INTEGER,
  deactivated_at INTEGER,
  CHECK ((deactivated_at IS NOT NULL) = (state = 'deactivated')),
  CHECK (state <> 'active' OR joined_at IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX members_by_email ON members (email, workspace_id);
CREATE INDEX members_of_workspace ON members (workspace_id, id);

CREATE TABLE groups (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX groups_by_name ON groups (workspace_id, name);

CREATE TABLE group_members (
  group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  PRIMARY KEY (group_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_by_member ON group_members (member_id, group_id);

-- What a project gives. The grantee of kind 'workspace' is the workspace itself, so `grantee_id` is its id.
CREATE TABLE grants (
  project_id TEXT NOT NULL REFERENCES projects (id),
  grantee_kind TEXT NOT NULL CHECK (grantee_kind IN ('user', 'group', 'workspace')),
  grantee_id TEXT NOT NULL,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  access TEXT NOT NULL CHECK (access IN ('none', 'app_only', 'can_explore', 'can_view', 'can_edit', 'full_access')),
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, grantee_kind, grantee_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_by_grantee ON grants (grantee_id, project_id);

-- A personal token acts as its member. `projects` is a JSON list of ids, null for all of them.
ALTER TABLE tokens ADD COLUMN member_id TEXT REFERENCES members (id);
ALTER TABLE tokens ADD COLUMN mode TEXT NOT NULL DEFAULT 'write' CHECK (mode IN ('read', 'write'));
ALTER TABLE tokens ADD COLUMN projects TEXT CHECK (projects IS NULL OR json_valid(projects));
CREATE INDEX tokens_of_member ON tokens (member_id) WHERE member_id IS NOT NULL;
-- How many there are, of those that still work.
CREATE INDEX tokens_living_of_workspace ON tokens (workspace_id, member_id) WHERE revoked_at IS NULL;

-- Tokens of whoever runs the deployment: they make workspaces and set plans, and see nothing that is inside.
CREATE TABLE operator_tokens (
  hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;

-- Ways in, by the hash of what is in the link. `browser_hash` binds one to the browser that asked; an invitation, and the
-- link of a start on one's own machine, are bound to none. A 'local' one may be used until it expires, the others once.
-- The workspace is the member's: its invitations of a day are counted.
CREATE TABLE sign_in_links (
  hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
  purpose TEXT NOT NULL CHECK (purpose IN ('sign_in', 'invitation', 'local')),
  email TEXT NOT NULL,
  member_id TEXT REFERENCES members (id) ON DELETE CASCADE,
  workspace_id TEXT REFERENCES workspaces (id),
  browser_hash TEXT CHECK (length(browser_hash) = 64),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  CHECK ((purpose = 'sign_in') = (browser_hash IS NOT NULL)),
  CHECK ((purpose = 'sign_in') = (member_id IS NULL)),
  CHECK ((member_id IS NULL) = (workspace_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_links_of_member ON sign_in_links (member_id) WHERE member_id IS NOT NULL;
CREATE INDEX invitations_of_workspace ON sign_in_links (workspace_id, created_at) WHERE purpose = 'invitation';
CREATE INDEX sign_in_links_by_email ON sign_in_links (email, created_at);
CREATE INDEX sign_in_links_by_expiry ON sign_in_links (expires_at);

-- A browser that is signed in, as one member of one workspace.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  hash TEXT NOT NULL CHECK (length(hash) = 64),
  agent TEXT NOT NULL DEFAULT '' CHECK (length(agent) <= 300),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sessions_by_hash ON sessions (hash);
CREATE INDEX sessions_of_member ON sessions (member_id, id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Who did what. Ids are UUIDv7, so the order of the primary key is the order of time.
CREATE TABLE audit (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  doer_kind TEXT NOT NULL CHECK (doer_kind IN ('member', 'token', 'operator', 'system')),
  doer_id TEXT,
  doer_name TEXT NOT NULL,
  act TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target_id TEXT NOT NULL,
  target_name TEXT,
  project_id TEXT,
  detail TEXT CHECK (detail IS NULL OR json_valid(detail)),
  address TEXT,
  request_id TEXT,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;

-- "What happened to this?" Other questions walk a workspace's entries, newest first.
CREATE INDEX audit_of_target ON audit (workspace_id, target_id, id);

-- Append only, for whatever code comes to this database: an entry goes after a year, or with its workspace.
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit is append only'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
WHEN (SELECT deleted_at FROM workspaces WHERE id = OLD.workspace_id) IS NULL
  AND OLD.at > (unixepoch() - 365 * 86400) * 1000
BEGIN SELECT RAISE (ABORT, 'the audit is append only'); END;
