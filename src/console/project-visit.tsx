/** Somebody at a page of a project: who they are, and what they may see there. */
import { isAble } from "../directory/callers.ts";
import { accessOf } from "../directory/grants.ts";
import { membershipsOf } from "../directory/memberships.ts";
import { findProject, type Project } from "../directory/projects.ts";
import { type Ability, type AccessLevel, reaches } from "../domain/access.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { now } from "../system.ts";
import { show, type Visit } from "./door.tsx";
import { Notice } from "./frame.tsx";
import { Typed } from "./pieces/typed.tsx";
import { type Visitor, visitorOf } from "./visitor.ts";
import { keepWayBack } from "./way-back.ts";

export interface ProjectVisit {
  readonly visitor: Visitor;
  readonly project: Project;
  readonly access: AccessLevel;
}

/**
 * The visit to the project `:p`, or the answer to whoever must sign in first or has no access. Where news leads, people
 * often come without a session, and are led back once they have one. `orAbility` does instead of access.
 */
export async function projectVisit(c: Visit, orAbility?: Ability): Promise<Result<ProjectVisit, Response>> {
  const visitor = await visitorOf(c);
  if (visitor === null) {
    keepWayBack(c);
    return fail(c.redirect("/sign-in", 303));
  }
  const { DIRECTORY } = c.env;
  const { scope } = visitor.membership;
  const at = now();
  const project = await findProject(DIRECTORY, scope, c.req.param("p") ?? "", at);
  if (project === null) return fail(await showElsewhere(c, visitor));
  const { access } = await accessOf(DIRECTORY, visitor.caller, project.id, { now: at });
  const isAbleTo = orAbility !== undefined && isAble(visitor.caller, orAbility);
  if (!reaches(access, "app_only") && !isAbleTo) return fail(await showMissing(c));
  return ok({ visitor, project, access });
}

/** The same for what is not there and for what is not to be seen. */
export const showMissing = (c: Visit): Promise<Response> =>
  show(c, <MissingPage c={c} next={{ href: "/", label: "See what is there" }} />, 404);

/** Perhaps it is in another workspace of the same person, who is led back here once they are signed in there. */
async function showElsewhere(c: Visit, { membership: { email } }: Visitor): Promise<Response> {
  const memberships = await membershipsOf(c.env.DIRECTORY, email);
  if (memberships.length < 2) return showMissing(c);
  keepWayBack(c);
  return show(c, <MissingPage c={c} next={{ href: "/sign-in", label: "Sign in to another workspace" }} />, 404);
}

interface MissingProps {
  readonly c: Visit;
  readonly next: { readonly href: string; readonly label: string };
}

/** What was typed into a form about it is not lost with it. */
const MissingPage = ({ c, next }: MissingProps) => (
  <Notice
    title="There is nothing here for you"
    lines={[
      "Either it is not there any more: runs are kept as long as the plan says. Or it was not shared with you.",
      "Perhaps it is in another workspace than the one you are signed in to. Otherwise ask whoever sent you here.",
    ]}
    next={next}
    below={<Typed filled={c.get("filled")} />}
  />
);
