/** Makes a project: its actor first, so that whatever the directory names is there to answer. */
import type { z } from "@hono/zod-openapi";
import { reachProject } from "../actor/reach.ts";
import type { Caller } from "../directory/callers.ts";
import { addProject, draftProject, isProjectSlug } from "../directory/projects.ts";
import { subscribedEvents } from "../directory/subscriptions.ts";
import { type AccessLevel, type Grant, ROLE_CAPS } from "../domain/access.ts";
import { type Failure, invalid } from "../domain/errors.ts";
import { readProjectId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { readZone } from "../domain/time/zone.ts";
import { newId } from "../system.ts";
import type { Answered } from "./answer.ts";
import { closeProject } from "./closing-projects.ts";
import type { WorkspaceAsk } from "./door.ts";
import { type Made, makeOnce, type WishFor } from "./making-once.ts";
import { type NewProject, projectJson } from "./project-json.ts";
import { zoneIssue } from "./zone-issue.ts";

const SLUG_MAX_LENGTH = 63;
/** Told apart by the tail of its id, where a slug made from the name is taken. */
const SUFFIX_LENGTH = 6;

type Asking = WorkspaceAsk<unknown, unknown, z.output<typeof NewProject>>;

/** Makes the project, or finds that it was made before under the same idempotency key. */
export const createProject = (ask: Asking): Promise<Answered> =>
  makeOnce(ask, async (wishFor) => {
    const zone = readZone(ask.body.timezone ?? "UTC");
    if (!zone.ok) return fail(invalid(zoneIssue("/timezone", zone.error)));
    const { slug, name } = ask.body;
    if (slug !== undefined) return add(ask, wishFor, slug, zone.value);
    const made = slugOf(name);
    const first = await add(ask, wishFor, made, zone.value);
    if (first.ok || first.error.code !== "conflict") return first;
    const other = `${made.slice(0, SLUG_MAX_LENGTH - SUFFIX_LENGTH - 1)}-${newId().slice(-SUFFIX_LENGTH)}`;
    return add(ask, wishFor, other, zone.value);
  });

async function add(
  { env, caller, body, now, scribe }: Asking,
  wishFor: WishFor,
  slug: string,
  timezone: string,
): Promise<Result<Made, Failure>> {
  const project = draftProject(caller.scope, { id: readProjectId(newId()), slug, name: body.name, createdAt: now });
  const shown = projectJson({ ...project, access: ROLE_CAPS[caller.role] });
  const events = await subscribedEvents(env.DIRECTORY, caller.scope, project.id);
  await reachProject(env, project.scope).open({ timezone, plan: caller.plan, events });
  const wish = wishFor(shown);
  const grants = firstGrants(caller, body.workspace_access);
  const added = await addProject(env.DIRECTORY, caller.scope, project, { wish, grants, scribe });
  if (added.ok && added.value === "added") return ok({ addition: "added", shown });
  // The directory does not name it, so nobody can reach it; emptied, it costs nothing.
  await closeProject(env, project.scope);
  return added.ok ? ok({ addition: "answered", shown }) : added;
}

/** Whoever makes a project has it. A token of the workspace is nobody, and has everything anyway. */
function firstGrants({ memberId }: Caller, forWorkspace: AccessLevel | undefined): readonly Grant[] {
  const maker: readonly Grant[] =
    memberId === null ? [] : [{ grantee: { kind: "user", id: memberId }, access: "full_access" }];
  return forWorkspace === undefined ? maker : [...maker, { grantee: { kind: "workspace" }, access: forWorkspace }];
}

/** `Größe & Menge!` is `grosse-menge`; a name without a letter is `project`. */
function slugOf(name: string): string {
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, SLUG_MAX_LENGTH)
    .replaceAll(/^-+|-+$/g, "");
  return isProjectSlug(slug) ? slug : "project";
}
