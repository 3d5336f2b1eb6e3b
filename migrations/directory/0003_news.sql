-- News: webhook endpoints, Slack connections and channels, who is who in Slack, and who wants no news of what.
--
-- Why so: secrets lie here sealed with the deployment's key, so that whoever reads this database can neither sign as an
-- endpoint's sender nor speak to anybody's Slack. `workspaces.subscribed` sums up what the endpoints of a workspace ask for:
-- projects are told it with the plan (`plan_order` counts both), and announce nothing that nobody asked for.

ALTER TABLE workspaces ADD COLUMN subscribed TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(subscribed));

-- `events` is a JSON list: what the endpoint asks for, beside what notifications name it in. `projects` is one of ids, null
-- for all of them. `failing_since` is the first of a row of calls that all came to nothing.
CREATE TABLE webhooks (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  url TEXT NOT NULL CHECK (length(url) <= 2048),
  events TEXT NOT NULL CHECK (json_valid(events)),
  projects TEXT CHECK (projects IS NULL OR json_valid(projects)),
  signatures TEXT NOT NULL CHECK (signatures IN ('v1', 'v1a', 'both')),
  secret TEXT NOT NULL,
  previous_secret TEXT,
  previous_until INTEGER,
  state TEXT NOT NULL CHECK (state IN ('enabled', 'disabled')),
  disabled_reason TEXT,
  disabled_at INTEGER,
  failing_since INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK ((disabled_at IS NOT NULL) = (state = 'disabled')),
  CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX webhooks_of_workspace ON webhooks (workspace_id, id);

-- `broken`: Slack has refused the token; what is to be sent is held until somebody connects again. The sync of its channels
-- that was last ordered: `sync_ended_at` is when it was done or given up, `synced_at` when one was last done.
CREATE TABLE slack_connections (
  workspace_id TEXT PRIMARY KEY REFERENCES workspaces (id),
  team_id TEXT NOT NULL,
  team_name TEXT NOT NULL,
  enterprise_id TEXT,
  app_id TEXT NOT NULL,
  bot_user_id TEXT NOT NULL,
  token TEXT NOT NULL,
  refresh_token TEXT,
  token_expires_at INTEGER,
  scopes TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('connected', 'broken')),
  trouble TEXT,
  broken_at INTEGER,
  connected_by TEXT NOT NULL,
  connected_at INTEGER NOT NULL,
  synced_at INTEGER,
  sync_begun_at INTEGER,
  sync_ended_at INTEGER,
  CHECK ((broken_at IS NOT NULL) = (state = 'broken'))
) STRICT, WITHOUT ROWID;
CREATE INDEX slack_connections_by_team ON slack_connections (team_id);

-- `seen_at` is when Slack last said so: what a whole sync has not named since it began is gone.
CREATE TABLE slack_channels (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  id TEXT NOT NULL,
  team_id TEXT NOT NULL,
  name TEXT NOT NULL,
  is_private INTEGER NOT NULL CHECK (is_private IN (0, 1)),
  is_member INTEGER NOT NULL CHECK (is_member IN (0, 1)),
  is_archived INTEGER NOT NULL CHECK (is_archived IN (0, 1)),
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX slack_channels_by_name ON slack_channels (workspace_id, name, id);

-- Who a member is in the connected team. `conversation_id` is that of direct messages, once it was opened.
CREATE TABLE slack_links (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  team_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  conversation_id TEXT,
  linked_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, member_id)
) STRICT, WITHOUT ROWID;

-- Ways to Slack and back, by the hash of what travels along: each is for one member, and good once.
CREATE TABLE slack_states (
  hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL CHECK (purpose IN ('install', 'link')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX slack_states_by_expiry ON slack_states (expires_at);

-- Schedules of whose runs a member wants no news.
CREATE TABLE unsubscriptions (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id),
  schedule_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, schedule_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unsubscriptions_of_member ON unsubscriptions (member_id);
CREATE INDEX unsubscriptions_of_project ON unsubscriptions (project_id);
