/** What a member prefers: how news reaches them, and the zone that they live in. */
import type { WorkspaceScope } from "../domain/access.ts";
import type { MemberId } from "../domain/ids.ts";
import type { Json } from "../domain/json.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { entryAbout } from "./members.ts";

/** Of what was kept by an older or a newer version, what is not understood is left alone, and reads as the default. */
const FORM = 1;

export interface Preferences {
  /** Whether news reaches them this way at all: by email alone, unless they choose. Both may be off. */
  readonly notifications: { readonly email: boolean; readonly slack: boolean };
  /** The zone that times are shown in; null: that of the schedule. */
  readonly timezone: string | null;
}

/** What is to change; whatever is absent stays. */
export interface PreferencesChange {
  readonly notifications?: { readonly email?: boolean | undefined; readonly slack?: boolean | undefined } | undefined;
  readonly timezone?: string | null | undefined;
}

/** From what the directory keeps, which is JSON of whatever form. */
export function readPreferences(kept: string): Preferences {
  const { notifications, timezone } = readObject(parseJson(kept));
  const { email, slack } = readObject(notifications);
  return {
    notifications: { email: email !== false, slack: slack === true },
    timezone: typeof timezone === "string" ? timezone : null,
  };
}

/** The member's preferences; null when there is no such member. */
export async function findPreferences(
  db: D1Database,
  scope: WorkspaceScope,
  id: MemberId,
): Promise<Preferences | null> {
  const row = await db
    .prepare("SELECT preferences FROM members WHERE id = ?1 AND workspace_id = ?2")
    .bind(id, scope.workspaceId)
    .first<{ readonly preferences: string }>();
  return row === null ? null : readPreferences(row.preferences);
}

/** Changes them, each on its own: two that change different ones at the same time both have their way. */
export async function changePreferences(
  db: D1Database,
  scope: WorkspaceScope,
  member: { readonly id: MemberId; readonly email: string },
  change: PreferencesChange,
  scribe: Scribe,
): Promise<Preferences | null> {
  // JSON drops what is undefined; what is null takes the value away (RFC 7396).
  const patch = JSON.stringify({ form: FORM, ...change });
  const [changed] = await db.batch<{ readonly preferences: string }>([
    db
      .prepare(
        `UPDATE members SET preferences = json_patch(preferences, ?3)
         WHERE id = ?1 AND workspace_id = ?2
         RETURNING preferences`,
      )
      .bind(member.id, scope.workspaceId, patch),
    entryIfDone(db, scope, scribe, entryAbout("member.preferences_changed", member, parseJson(JSON.stringify(change)))),
  ]);
  const [row] = changed?.results ?? [];
  return row === undefined ? null : readPreferences(row.preferences);
}

const parseJson = (text: string): Json => JSON.parse(text) as Json;

const readObject = (value: Json | undefined): Readonly<Record<string, Json | undefined>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : {};
