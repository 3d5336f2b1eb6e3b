/** `/v1/projects/{p}/versions`: publications of a project's logic, each one final. */
import { z } from "@hono/zod-openapi";
import { fail } from "../domain/result.ts";
import { answer, onTarget, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { PageQuery, pageOf, VersionParam } from "./fields.ts";
import { readFunctions } from "./new-version.ts";
import type { Api } from "./operation.ts";
import { listName, pageReply, readPage } from "./paging.ts";
import { NewVersion, VersionJson, versionJson } from "./version-json.ts";

const TAG = "Versions";
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
      description: "It is a draft until it is published.",
      body: NewVersion,
      example: EXAMPLE,
      idempotent: true,
      problems: ["code_functions_unavailable"],
      answers: { 201: { description: "The draft.", schema: VersionJson } },
    },
    async (ask) => {
      const functions = await readFunctions(ask);
      if (!functions.ok) return fail(functions.error);
      const { actor, idempotency } = ask;
      const added = await actor.keyed(idempotency, (project, key) => project.addVersion(functions.value, key));
      return answer(added, (version) =>
        onTarget(reply(201, versionJson(version)), { kind: "version", id: String(version.number) }),
      );
    },
  );
  mountReading(api);
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
