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
import { type Foresight, NOTHING_AHEAD, newlyNamed } from "../domain/news/foresight.ts";
import { type NotificationInput, readNotification } from "../domain/notification.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type Env, readConfig } from "../env.ts";
import { newId, now } from "../system.ts";

/** What saving each of these lists would come to, or why the plan does not allow it. All are looked up together. */
export async function lookAhead(
  env: Env,
  { scope }: Project,
  lists: readonly (readonly NotificationInput[])[],
): Promise<readonly Result<Foresight, Failure>[]> {
  const read = lists.map((list) => list.map(readNotification));
  const foresee = await recipientsAhead(slackKeys(env, readConfig(env), { now: now(), newId }), scope, read.flat());
  return read.map(foresee);
}

/** The same of each as a refusal: what cannot be named refuses the whole list. */
export async function foreseenOfEach(
  env: Env,
  project: Project,
  lists: readonly (readonly NotificationInput[] | null | undefined)[],
): Promise<readonly Result<Foresight, Failure>[]> {
  const all = await lookAhead(
    env,
    project,
    lists.map((list) => list ?? []),
  );
  return all.map((ahead) => (ahead.ok && ahead.value.issues.length > 0 ? fail(invalid(...ahead.value.issues)) : ahead));
}

/** The same of one list. */
export async function foreseen(
  env: Env,
  project: Project,
  notifications: readonly NotificationInput[] | null | undefined,
): Promise<Result<Foresight, Failure>> {
  const [ahead = ok(NOTHING_AHEAD)] = await foreseenOfEach(env, project, [notifications]);
  return ahead;
}

/**
 * Gives access to those who have none, of the people and groups that were not named before: what somebody has taken away since
 * is not given back by saving the same once more. Called when what names them is saved; can be repeated.
 */
export const giveAccess = (
  { DIRECTORY }: Pick<Env, "DIRECTORY">,
  project: Project,
  { grants }: Foresight,
  named: readonly string[],
  scribe: Scribe,
): Promise<void> => {
  const isNew = new Set(named);
  const given = grants.filter(({ id }) => isNew.has(id));
  return grantAutomatically(
    DIRECTORY,
    project,
    given.map((one) => (one.kind === "user" ? { kind: "user", id: one.id } : { kind: "group", id: one.id })),
    scribe,
  );
};

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
  for (const [index, ahead] of (await lookAhead(env, project, notificationsOf(functions))).entries()) {
    if (!ahead.ok) return ahead;
    issues.push(...ahead.value.issues.map((one) => ({ ...one, path: `/functions/${index}${one.path}` })));
    all.push(ahead.value);
  }
  return issues.length > 0 ? fail(invalid(...issues)) : ok(all);
}

/**
 * Gives access to those whom the schedules of a version name that is published, and whom those of the same functions did not
 * name in the version before it. Recipients that are gone are passed over.
 */
export async function giveAccessOfVersion(
  env: Env,
  project: Project,
  { functions }: Pick<Version, "functions">,
  before: Pick<Version, "functions"> | null,
  scribe: Scribe,
): Promise<void> {
  const saidBefore = new Map(before?.functions.map(({ name, notifications = [] }) => [name, notifications]));
  const fresh = functions.flatMap(({ name, notifications = [] }) => {
    const known = saidBefore.get(name) ?? [];
    const named = newlyNamed(known.map(readNotification), notifications.map(readNotification));
    return named.length === 0 ? [] : [{ notifications, named }];
  });
  const all = await lookAhead(env, project, notificationsOf(fresh));
  for (const [index, { named }] of fresh.entries()) {
    const ahead = all[index];
    if (ahead?.ok) await giveAccess(env, project, ahead.value, named, scribe);
  }
}

const notificationsOf = (functions: readonly Pick<FunctionSpec, "notifications">[]) =>
  functions.map(({ notifications = [] }) => notifications);
