/** How the other rooms reach a project's actor: by its name, which only a scope can make, and seen as its verbs. */
import { type ProjectScope, projectObjectName } from "../domain/access.ts";
import type { Env } from "../env.ts";
import type { ProjectVerbs } from "./rpc.ts";

export const reachProject = (env: Pick<Env, "PROJECT">, scope: ProjectScope): ProjectVerbs =>
  asVerbs(env.PROJECT.getByName(projectObjectName(scope)));

/** The class behind the binding implements them; the platform's own stub type unrolls our JSON type without end. */
const asVerbs = (stub: DurableObjectStub): ProjectVerbs => stub as unknown as ProjectVerbs;
