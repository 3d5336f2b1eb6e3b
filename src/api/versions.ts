/** `/v1/projects/{p}/versions`: publications of a project's logic, each one final. */
import { z } from "@hono/zod-openapi";
import { readModules, storeModules } from "../artifacts/modules.ts";
import type { ProjectScope } from "../domain/access.ts";
import type { Modules } from "../domain/code/modules.ts";
import { notFound } from "../domain/errors.ts";
import type { CodeBundle } from "../domain/function.ts";
import { fail, ok } from "../domain/result.ts";
import { answer, onTarget, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { PageQuery, pageOf, VersionParam } from "./fields.ts";
import { foreseenOfFunctions } from "./foreseeing.ts";
import { readVersion } from "./new-version.ts";
import type { Api } from "./operation.ts";
import { listName, pageReply, readPage } from "./paging.ts";
import { problemOf } from "./problem.ts";
import { mountComparison } from "./version-comparison.ts";
import { ModulesJson, NewVersion, VersionJson, versionJson } from "./version-json.ts";

const TAG = "Versions";
/** 4 MiB of modules, in which JSON may write many a character as two, and the functions beside them. */
const BODY_LIMIT_BYTES = 10_485_760;

const ALL = { tag: TAG, path: "/v1/projects/{p}/versions" };

const EXAMPLE = {
  functions: [
    {
      name: "daily-report",
      kind: "http",
      url: "https://example.com/report",
      schedule: "every day at 9:00 am",
      retry: 3,
    },
  ],
};

export function mountVersions(api: Api): void {
  inProject(
    api,
    {
      ...ALL,
      method: "post",
      id: "createVersion",
      needs: "can_edit",
      act: "version.created",
      summary: "Upload a version",
      description:
        'It is a draft until it is published. Code comes as modules, `{"modules": {"index.js": "export const dailyReport = () => 1;"}}`: they are loaded once, to see that they can be, and to read what their functions say.',
      body: NewVersion,
      bodyLimit: BODY_LIMIT_BYTES,
      example: EXAMPLE,
      idempotent: true,
      problems: ["limit_reached", "code_functions_unavailable"],
      answers: { 201: { description: "The draft.", schema: VersionJson } },
    },
    async (ask) => {
      const read = await readVersion(ask);
      if (!read.ok) return fail(read.error);
      const { actor, idempotency, env, scope } = ask;
      const { functions, modules } = read.value;
      const ahead = await foreseenOfFunctions(env, ask.project, functions);
      if (!ahead.ok) return fail(problemOf(ahead.error));
      // First the texts: a version must never name modules that are not there. They lie under their hash, so again is once.
      const code = modules === null ? null : await storeModules(env.ARTIFACTS, scope, modules);
      const added = await actor.keyed(idempotency, (project, key) => project.addVersion(functions, code, key));
      return answer(added, (version) =>
        onTarget(reply(201, versionJson(version)), { kind: "version", id: String(version.number) }),
      );
    },
  );
  mountReading(api);
  mountModules(api);
  mountComparison(api);
}

function mountReading(api: Api): void {
  inProject(
    api,
    {
      ...ALL,
      method: "get",
      id: "listVersions",
      needs: "can_view",
      summary: "List the versions",
      query: PageQuery,
      answers: { 200: { description: "Newest first.", schema: pageOf(VersionJson) } },
    },
    async ({ env, scope, actor, query }) => {
      const list = listName("versions", scope.projectId);
      const page = readPage(env, list, query);
      if (!page.ok) return page;
      const versions = await actor.repeatable((project) => project.versions(page.value));
      return answer(versions, (found) => pageReply(env, list, found, versionJson));
    },
  );
  inProject(
    api,
    {
      tag: TAG,
      path: "/v1/projects/{p}/versions/{v}",
      method: "get",
      id: "getVersion",
      needs: "can_view",
      summary: "Show a version",
      params: z.object({ v: VersionParam }),
      answers: { 200: { description: "The version.", schema: VersionJson } },
    },
    async ({ actor, params }) => {
      const version = await actor.repeatable((project) => project.version(params.v));
      return answer(version, (found) => reply(200, versionJson(found)));
    },
  );
}

function mountModules(api: Api): void {
  inProject(
    api,
    {
      tag: TAG,
      path: "/v1/projects/{p}/versions/{v}/modules",
      method: "get",
      id: "getModules",
      needs: "can_view",
      summary: "Show the modules of a version",
      params: z.object({ v: VersionParam }),
      answers: { 200: { description: "The texts, as they were uploaded.", schema: ModulesJson } },
    },
    async ({ env, scope, actor, params }) => {
      const version = await actor.repeatable((project) => project.version(params.v));
      if (!version.ok) return answer(version, () => reply(200));
      const modules = await modulesOf(env.ARTIFACTS, scope, version.value.code);
      const found = modules === null ? fail(notFound("version", String(params.v))) : ok(modules);
      return answer(found, ({ main, texts }) => reply(200, { main, modules: texts }));
    },
  );
}

const modulesOf = async (bucket: R2Bucket, scope: ProjectScope, code: CodeBundle | null): Promise<Modules | null> =>
  code === null ? null : readModules(bucket, scope, code.hash);
