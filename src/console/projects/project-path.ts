/** Where a project is in the console. */
import type { ProjectAnswer } from "../answers/project.ts";
import { address } from "../client.ts";

/** The page that makes projects stands where one with this slug would be. */
const TAKEN = "new";

/** By its slug, which people can read. */
export const projectPath = ({ id, slug }: Pick<ProjectAnswer, "id" | "slug">): string =>
  address`/projects/${slug === TAKEN ? id : slug}`;
