/** Where a project is in the console. */
import type { ProjectAnswer } from "../answers/project.ts";
import { address } from "../client.ts";

/** Pages of ours stand where projects with these slugs would be. */
const TAKEN: ReadonlySet<string> = new Set(["new", "all"]);

/** By its slug, which people can read. */
export const projectPath = ({ id, slug }: Pick<ProjectAnswer, "id" | "slug">): string =>
  address`/projects/${TAKEN.has(slug) ? id : slug}`;
