/** The recipients of news as they are now: people and groups with their access and preferences, and whether Slack can be used. */
import { effectiveAccess, type ProjectScope, type Role, readAccessLevel, readRole } from "../domain/access.ts";
import { type GroupId, type MemberId, readGroupId, readMemberId, type ScheduleId } from "../domain/ids.ts";
import type { AddressBook, KnownGroup, Reader } from "../domain/news/expansion.ts";
import type { NewsAudience } from "../domain/news/news.ts";
import { readSlackChannelId, type SlackChannelId } from "../domain/news/slack-channel.ts";
import { PLAN_NAMES, PLANS, type PlanName, readPlanName } from "../domain/plan.ts";
import { type GrantRow, toGrantee } from "./grants.ts";
import { heldReaches } from "./holders.ts";
import { readPreferences } from "./preferences.ts";

/** Whom to look up. */
export interface Addressees {
  readonly users: readonly MemberId[];
  readonly groups: readonly GroupId[];
  readonly slackChannels: readonly SlackChannelId[];
  /** Whose news it is; null: no schedule's. */
  readonly schedule: ScheduleId | null;
  readonly audience: NewsAudience;
}

/** One row for each grant that reaches a person, and one for whoever no grant reaches. */
interface ReaderRow {
  readonly id: string;
  readonly email: string;
  readonly state: Reader["state"];
  readonly role: string;
  readonly preferences: string;
  readonly slack_address: string | null;
  readonly is_unsubscribed: number;
  readonly grantee_kind: string | null;
  readonly grantee_id: string | null;
  readonly access: string | null;
}

/** Who looks after something, at most so many of them: the longest-serving first. */
const KEEPERS_MAX = 5;

/** All but the endpoints, which have a list of their own; and what the workspace bought. */
export interface Addresses extends Omit<AddressBook, "listeners"> {
  readonly plan: PlanName;
}

/** Looks everything up in one round trip. */
export async function findAddresses(
  db: D1Database,
  scope: ProjectScope,
  { users, groups, slackChannels, schedule, audience }: Addressees,
): Promise<Addresses> {
  const { workspaceId, projectId } = scope;
  const people = (which: string, ...values: readonly string[]) =>
    db.prepare(peopleWhere(which)).bind(workspaceId, projectId, schedule ?? "", ...values);
  const [named, membership, channels, workspace, keepers, admins] = await db.batch([
    people(NAMED, JSON.stringify(users), JSON.stringify(groups)),
    db.prepare(MEMBERSHIP).bind(workspaceId, JSON.stringify(groups)),
    db.prepare(CHANNELS).bind(workspaceId, JSON.stringify(slackChannels)),
    db.prepare(WORKSPACE).bind(workspaceId),
    people(audience === "admins" ? ADMINS : audience === "owners" ? OWNERS : NOBODY),
    people(audience === "owners" ? ADMINS : NOBODY),
  ]);
  return {
    readers: new Map(toReaders(named).map((reader) => [reader.id, reader])),
    groups: toGroups(membership),
    slackChannels: toChannels(channels),
    keepers: toReaders(keepers).slice(0, KEEPERS_MAX),
    admins: toReaders(admins).slice(0, KEEPERS_MAX),
    ...toWorkspace(workspace),
  };
}

const peopleWhere = (which: string): string =>
  `SELECT members.id, members.email, members.state, members.role, members.preferences,
     slack_links.user_id AS slack_address,
     EXISTS (
       SELECT 1 FROM unsubscriptions
       WHERE unsubscriptions.workspace_id = ?1 AND schedule_id = ?3 AND unsubscriptions.member_id = members.id
     ) AS is_unsubscribed,
     held.grantee_kind, held.grantee_id, held.access
   FROM members
   LEFT JOIN slack_links ON slack_links.workspace_id = ?1 AND slack_links.member_id = members.id
   LEFT JOIN grants AS held ON held.project_id = ?2 AND held.workspace_id = ?1 AND ${heldReaches("members.id")}
   WHERE members.workspace_id = ?1 AND ${which}
   ORDER BY members.joined_at, members.id, held.grantee_kind, held.grantee_id`;

const IN_GROUPS = `SELECT group_members.member_id FROM group_members
  JOIN groups ON groups.id = group_members.group_id AND groups.workspace_id = ?1
  WHERE groups.id IN (SELECT value FROM json_each(?5))`;
const NAMED = `(members.id IN (SELECT value FROM json_each(?4)) OR members.id IN (${IN_GROUPS}))`;

const ADMINS = "members.state = 'active' AND members.role = 'admin'";
/** Whoever was given all of the project, by themselves or in a group; where nobody was, an admin looks after it. */
const HOLDS = `EXISTS (
  SELECT 1 FROM grants AS full
  WHERE full.project_id = ?2 AND full.workspace_id = ?1 AND full.access = 'full_access'
    AND full.grantee_kind <> 'workspace'
    AND (full.grantee_id = members.id
      OR full.grantee_id IN (SELECT group_id FROM group_members WHERE member_id = members.id)))`;
const OWNERS = `members.state = 'active' AND CASE
  WHEN EXISTS (
    SELECT 1 FROM members AS holder
    WHERE holder.workspace_id = ?1 AND holder.state = 'active' AND ${HOLDS.replaceAll("members.id", "holder.id")})
  THEN ${HOLDS}
  ELSE members.role = 'admin' END`;
const NOBODY = "false";

const MEMBERSHIP = `SELECT groups.id AS group_id, groups.name, group_members.member_id
  FROM groups LEFT JOIN group_members ON group_members.group_id = groups.id
  WHERE groups.workspace_id = ?1 AND groups.id IN (SELECT value FROM json_each(?2))`;

const CHANNELS = `SELECT id, name FROM slack_channels
  WHERE workspace_id = ?1 AND id IN (SELECT value FROM json_each(?2))`;

const WORKSPACE = `SELECT plan, EXISTS (SELECT 1 FROM slack_connections WHERE workspace_id = ?1) AS is_connected
  FROM workspaces WHERE id = ?1`;

function toReaders(found: D1Result | undefined): readonly Reader[] {
  const rows = (found?.results ?? []).map(parseReaderRow);
  const byPerson = Map.groupBy(rows, ({ id }) => id);
  return [...byPerson.values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    const { email, state, slack_address: slackAddress } = first;
    const grants = some.flatMap(({ grantee_kind, grantee_id, access }) =>
      grantee_kind === null || grantee_id === null || access === null
        ? []
        : [
            {
              grantee: toGrantee({ grantee_kind, grantee_id } satisfies Omit<GrantRow, "access">),
              access: readAccessLevel(access),
            },
          ],
    );
    const role: Role = readRole(first.role);
    const { notifications: prefers, timezone } = readPreferences(first.preferences);
    return [
      {
        id: readMemberId(first.id),
        email,
        state,
        access: effectiveAccess(role, grants).access,
        prefers,
        timezone,
        slackAddress,
        isUnsubscribed: first.is_unsubscribed === 1,
      },
    ];
  });
}

function toGroups(found: D1Result | undefined): ReadonlyMap<GroupId, KnownGroup> {
  const rows = (found?.results ?? []).map(parseMembershipRow);
  const groups = new Map<GroupId, KnownGroup>();
  for (const { group_id, name, member_id } of rows) {
    const id = readGroupId(group_id);
    const members = groups.get(id)?.members ?? [];
    groups.set(id, { name, members: member_id === null ? members : [...members, readMemberId(member_id)] });
  }
  return groups;
}

const toChannels = (found: D1Result | undefined): ReadonlyMap<SlackChannelId, string> =>
  new Map((found?.results ?? []).map(parseChannelRow).map(({ id, name }) => [readSlackChannelId(id), name]));

/** Of a workspace that is gone by now nothing is sent anyway. */
function toWorkspace(found: D1Result | undefined): Pick<Addresses, "plan" | "slack"> {
  const [row] = (found?.results ?? []).map(parseWorkspaceRow);
  const plan = row === undefined ? PLAN_NAMES[0] : readPlanName(row.plan);
  if (!PLANS[plan].slack) return { plan, slack: "not_in_plan" };
  return { plan, slack: row?.is_connected === 1 ? "connected" : "not_connected" };
}

// A batch answers rows without their types: the columns are those of the statements above.
const parseReaderRow = (row: unknown): ReaderRow => row as ReaderRow;
const parseMembershipRow = (row: unknown) =>
  row as { readonly group_id: string; readonly name: string; readonly member_id: string | null };
const parseChannelRow = (row: unknown) => row as { readonly id: string; readonly name: string };
const parseWorkspaceRow = (row: unknown) => row as { readonly plan: string; readonly is_connected: number };
