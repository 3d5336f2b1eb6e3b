/** The doors of pages and forms of one project, for whoever has enough access to it. */
import { type Ability, type AccessLevel, reaches } from "../domain/access.ts";
import { SettingsAnswer } from "./answers/project.ts";
import { address } from "./client.ts";
import { onFilled, type Pages, type Visit } from "./door.tsx";
import type { Filled } from "./filled.ts";
import { type ProjectVisit, projectVisit } from "./project-visit.tsx";
import { refusalOf } from "./refusal.ts";
import { showRefusal } from "./showing-refusals.tsx";
import { FORM_MAX_BYTES, type SignedIn, signedIn } from "./signed-in.tsx";
import { showSignedOut } from "./signed-out.tsx";
import { visitorOf } from "./visitor.ts";

/** Somebody at a page of a project that they have enough access to. */
export interface InProject extends SignedIn, Pick<ProjectVisit, "project" | "access"> {
  /** Where the project is in the API: `/v1/projects/{p}`. */
  readonly at: string;
  /** Where it is in the console: `/projects/{p}`. */
  readonly home: string;
  /** The zone to say times in: the visitor's, or else the project's own. */
  readonly zone: string;
  reaches(needed: AccessLevel): boolean;
}

type Handle = (visit: InProject) => Response | Promise<Response>;
type HandleForm = (visit: InProject, filled: Filled) => Response | Promise<Response>;

/** What it takes to come in: this access to the project, or where one is named, this ability in the workspace. */
export interface Entry {
  readonly needs: AccessLevel;
  readonly orAbility?: Ability;
}

const entryOf = (entry: AccessLevel | Entry): Entry => (typeof entry === "string" ? { needs: entry } : entry);

/** Routes a page of a project, for whoever may come in. */
export function onProjectPage(pages: Pages, path: string, entry: AccessLevel | Entry, handle: Handle): void {
  pages.get(path, (c) => enter(c, entryOf(entry), handle));
}

/** Routes a form of a project. Whoever is no longer signed in keeps what they typed. */
export function onProjectForm(
  pages: Pages,
  path: string,
  entry: AccessLevel | Entry,
  handle: HandleForm,
  maxBytes: number = FORM_MAX_BYTES,
): void {
  onFilled(pages, path, maxBytes, async (c, filled) =>
    (await visitorOf(c)) === null
      ? showSignedOut(c, filled)
      : enter(c, entryOf(entry), (visit) => handle(visit, filled)),
  );
}

async function enter(c: Visit, { needs, orAbility }: Entry, handle: Handle): Promise<Response> {
  const found = await projectVisit(c, orAbility);
  if (!found.ok) return found.error;
  const visit = await inProject(c, found.value);
  if (visit.reaches(needs) || (orAbility !== undefined && visit.can(orAbility))) return handle(visit);
  const detail = `This needs ${needs}, and your access to the project is ${visit.access}.`;
  return showRefusal(visit, refusalOf(403, "forbidden", detail));
}

async function inProject(c: Visit, { visitor, project, access }: ProjectVisit): Promise<InProject> {
  const visit = await signedIn(c, visitor);
  const at = address`/v1/projects/${project.id}`;
  return {
    ...visit,
    project,
    access,
    at,
    home: address`/projects/${c.req.param("p") ?? ""}`,
    zone: visit.timezone ?? (await zoneOf(visit, at, access)),
    reaches: (needed) => reaches(access, needed),
  };
}

/** Whoever may not see the project's settings is told times in UTC, unless they prefer another zone. */
async function zoneOf({ api }: SignedIn, at: string, access: AccessLevel): Promise<string> {
  if (!reaches(access, "can_view")) return "UTC";
  const settings = await api.ask(`${at}/settings`, SettingsAnswer);
  return settings.ok ? settings.value.timezone : "UTC";
}
