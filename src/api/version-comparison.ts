/** `/v1/projects/{p}/versions/{v}/comparison`: what is different from what is published, or from another version. */
import { z } from "@hono/zod-openapi";
import { readModules } from "../artifacts/modules.ts";
import type { ProjectScope } from "../domain/access.ts";
import { compareFunctions, compareModules } from "../domain/code/comparison.ts";
import type { ModuleTexts } from "../domain/code/modules.ts";
import type { Failure } from "../domain/errors.ts";
import type { Version } from "../domain/function.ts";
import { ok, type Result } from "../domain/result.ts";
import { answer, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { VersionParam } from "./fields.ts";
import type { Api } from "./operation.ts";
import type { ProjectLine } from "./project-line.ts";

const names = z.array(z.string());

const ComparisonJson = z
  .strictObject({
    version: z.int(),
    with: z.int().nullable().openapi({ description: "Null when nothing is published: then everything is new." }),
    functions: z.strictObject({
      added: names,
      removed: names,
      changed: z.array(z.strictObject({ name: z.string(), fields: names })),
      reordered: z.boolean().openapi({ description: "Whether those that both have run in another order." }),
    }),
    modules: z.strictObject({
      added: names,
      removed: names,
      changed: z.array(
        z.strictObject({
          name: z.string(),
          diff: z.string().nullable().openapi({ description: "Unified; null when the texts differ too much." }),
        }),
      ),
    }),
  })
  .openapi("Comparison");

export function mountComparison(api: Api): void {
  inProject(
    api,
    {
      tag: "Versions",
      path: "/v1/projects/{p}/versions/{v}/comparison",
      method: "get",
      id: "compareVersions",
      needs: "can_view",
      summary: "Compare a version with what is published, or with another",
      params: z.object({ v: VersionParam }),
      query: z.strictObject({
        with: z
          .union([z.literal("published"), VersionParam])
          .default("published")
          .openapi({
            type: "string",
            description: "`published`, or the number of a version.",
          }),
      }),
      answers: { 200: { description: "What became of functions and modules.", schema: ComparisonJson } },
    },
    async ({ env, scope, actor, params, query }) => {
      const version = await actor.repeatable((project) => project.version(params.v));
      const other = version.ok ? await otherVersion(actor, query.with) : version;
      if (!version.ok || !other.ok) return answer(version.ok ? other : version, () => reply(200));
      const [to, from] = [version.value, other.value];
      const texts = (one: Version | null) => textsOf(env.ARTIFACTS, scope, one);
      const same = from?.code?.hash === to.code?.hash;
      return ok(
        reply(200, {
          version: to.number,
          with: from?.number ?? null,
          functions: compareFunctions(from?.functions ?? [], to.functions),
          modules: same ? compareModules({}, {}) : compareModules(await texts(from), await texts(to)),
        }),
      );
    },
  );
}

async function otherVersion(actor: ProjectLine, name: "published" | number): Promise<Result<Version | null, Failure>> {
  if (name !== "published") return actor.repeatable((project) => project.version(name));
  const published = await actor.repeatable((project) => project.published());
  return !published.ok && published.error.code === "not_found" ? ok(null) : published;
}

async function textsOf(bucket: R2Bucket, scope: ProjectScope, version: Version | null): Promise<ModuleTexts> {
  const hash = version?.code?.hash;
  return hash === undefined ? {} : ((await readModules(bucket, scope, hash))?.texts ?? {});
}
