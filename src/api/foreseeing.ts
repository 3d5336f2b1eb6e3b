/**
 * Looks ahead before notifications are saved, and gives access to recipients who have none once they are. Every door that
 * saves notifications goes through here, whoever sends them: a person, a function, or a version with schedules of its own.
 */

import { lookAhead as recipientsAhead } from "../delivery/recipients.ts";
import { slackKeys } from "../delivery/slack/connection.ts";
import type { Scribe } from "../directory/audit.ts";
import { grantAutomatically } from "../directory/automatic-grants.ts";
import type { Project } from "../directory/projects.ts";
import { type Failure, type InputIssue, invalid } from "../domain/errors.ts";
import type { FunctionSpec, Version } from "../domain/function.ts";
import { type Foresight, NOTHING_AHEAD } from "../domain/news/foresight.ts";
import { type NotificationInput, readNotification } from "../domain/notification.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type Env, readConfig } from "../env.ts";
import { newId, now } from "../system.ts";

/** What saving these would come to, or why the plan does not allow it. */
export const lookAhead = (
  env: Env,
  { scope }: Project,
  notifications: readonly NotificationInput[],
): Promise<Result<Foresight, Failure>> =>
  recipientsAhead(slackKeys(env, readConfig(env), { now: now(), newId }), {
    scope,
    notifications: notifications.map(readNotification),
    schedule: null,
  });

/** The same as a refusal: what cannot be named refuses the whole. */
export async function foreseen(
  env: Env,
  project: Project,
  notifications: readonly NotificationInput[] | null | undefined,
): Promise<Result<Foresight, Failure>> {
  if (notifications === null || notifications === undefined || notifications.length === 0) return ok(NOTHING_AHEAD);
  const ahead = await lookAhead(env, project, notifications);
  return ahead.ok && ahead.value.issues.length > 0 ? fail(invalid(...ahead.value.issues)) : ahead;
}

/** Gives access to those who have none. Called when what names them is saved; can be repeated. */
export const giveAccess = (
  { DIRECTORY }: Pick<Env, "DIRECTORY">,
  project: Project,
  { grants }: Foresight,
  scribe: Scribe,
): Promise<void> =>
  grantAutomatically(
    DIRECTORY,
    project,
    grants.map((one) => (one.kind === "user" ? { kind: "user", id: one.id } : { kind: "group", id: one.id })),
    scribe,
  );

/**
 * What the functions of a version say of recipients, each by its place. A version that cannot name them is refused where it
 * is added: publishing an older one once more must always be possible.
 */
export async function foreseenOfFunctions(
  env: Env,
  project: Project,
  functions: readonly Pick<FunctionSpec, "notifications">[],
): Promise<Result<readonly Foresight[], Failure>> {
  const all: Foresight[] = [];
  const issues: InputIssue[] = [];
  for (const [index, { notifications = [] }] of functions.entries()) {
    const ahead = await lookAhead(env, project, notifications);
    if (!ahead.ok) return ahead;
    issues.push(...ahead.value.issues.map((one) => ({ ...one, path: `/functions/${index}${one.path}` })));
    all.push(ahead.value);
  }
  return issues.length > 0 ? fail(invalid(...issues)) : ok(all);
}

/** Gives access to those whom the schedules of a version name that is published. Recipients that are gone are passed over. */
export async function giveAccessOfVersion(
  env: Env,
  project: Project,
  { functions }: Pick<Version, "functions">,
  scribe: Scribe,
): Promise<void> {
  for (const { notifications = [] } of functions) {
    const ahead = await lookAhead(env, project, notifications);
    if (ahead.ok) await giveAccess(env, project, ahead.value, scribe);
  }
}
