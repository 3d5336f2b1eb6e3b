/** Makes a project: its actor first, so that whatever the directory names is there to answer. */
import type { z } from "@hono/zod-openapi";
import { reachProject } from "../actor/reach.ts";
import { answerGiven, type GivenAnswer, type Wish } from "../directory/idempotency.ts";
import { addProject, draftProject, isProjectSlug } from "../directory/projects.ts";
import { type Failure, invalid } from "../domain/errors.ts";
import { readProjectId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { readZone } from "../domain/time/zone.ts";
import { newId } from "../system.ts";
import { closeProject } from "./closing-projects.ts";
import type { WorkspaceAsk } from "./door.ts";
import { type NewProject, projectJson } from "./project-json.ts";
import { zoneIssue } from "./zone-issue.ts";

const SLUG_MAX_LENGTH = 63;
/** Told apart by the tail of its id, where a slug made from the name is taken. */
const SUFFIX_LENGTH = 6;

type Asking = WorkspaceAsk<unknown, unknown, z.output<typeof NewProject>>;

/** What is answered, and whether it was answered before. */
export interface Created extends GivenAnswer {
  readonly replayed: boolean;
}

/** Makes the project, or finds that it was made before under the same idempotency key. */
export async function createProject(ask: Asking): Promise<Result<Created, Failure>> {
  const given = await givenBefore(ask);
  if (!given.ok) return given;
  if (given.value !== null) return ok({ ...given.value, replayed: true });
  const zone = readZone(ask.body.timezone ?? "UTC");
  if (!zone.ok) return fail(invalid(zoneIssue("/timezone", zone.error)));
  const { slug, name } = ask.body;
  if (slug !== undefined) return add(ask, slug, zone.value);
  const made = slugOf(name);
  const first = await add(ask, made, zone.value);
  if (first.ok || first.error.code !== "conflict") return first;
  return add(ask, `${made.slice(0, SLUG_MAX_LENGTH - SUFFIX_LENGTH - 1)}-${newId().slice(-SUFFIX_LENGTH)}`, zone.value);
}

async function add(ask: Asking, slug: string, timezone: string): Promise<Result<Created, Failure>> {
  const { env, caller, idempotency, body, now } = ask;
  const project = draftProject(caller.scope, { id: readProjectId(newId()), slug, name: body.name, createdAt: now });
  const answer: GivenAnswer = { status: 201, body: JSON.stringify(projectJson(project)) };
  const wish: Wish | undefined = idempotency === undefined ? undefined : { ...idempotency, answer };
  await reachProject(env, project.scope).open({ timezone });
  const added = await addProject(env.DIRECTORY, caller.scope, project, wish);
  if (added.ok && added.value === "added") return ok({ ...answer, replayed: false });
  // The directory does not name it, so nobody can reach it; emptied, it costs nothing.
  await closeProject(env, project.scope);
  if (!added.ok) return added;
  const given = await givenBefore(ask);
  if (!given.ok) return given;
  if (given.value === null) throw new Error("An answer that was in the way is gone.");
  return ok({ ...given.value, replayed: true });
}

async function givenBefore({ env, caller, idempotency, now }: Asking): Promise<Result<GivenAnswer | null, Failure>> {
  return idempotency === undefined ? ok(null) : answerGiven(env.DIRECTORY, caller.scope, idempotency, now);
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
