/** `/v1/projects/{p}/published`: the version that runs. */
import { z } from "@hono/zod-openapi";
import type { PublicationPlan } from "../actor/rpc.ts";
import { answer, onTarget, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { FlagParam } from "./fields.ts";
import type { Api } from "./operation.ts";
import { VersionJson, versionJson } from "./version-json.ts";

const ONE = { tag: "Versions", path: "/v1/projects/{p}/published" };

const Publication = z
  .strictObject({ version: z.int().min(1).openapi({ description: "The number of the version to publish." }) })
  .openapi("NewPublication");

const names = z.array(z.string());

const PublicationJson = z
  .strictObject({
    version: z.int(),
    dry_run: z.boolean(),
    schedules: z
      .strictObject({ created: names, changed: names, removed: names, unchanged: names })
      .openapi({ description: "What becomes of the schedules that functions bring with them, by function." }),
  })
  .openapi("Publication");

const publicationJson = (plan: PublicationPlan, dryRun: boolean): z.output<typeof PublicationJson> => ({
  version: plan.version,
  dry_run: dryRun,
  schedules: {
    created: [...plan.created],
    changed: [...plan.changed],
    removed: [...plan.removed],
    unchanged: [...plan.unchanged],
  },
});

export function mountPublished(api: Api): void {
  inProject(
    api,
    {
      ...ONE,
      method: "get",
      id: "getPublished",
      needs: "can_view",
      summary: "Show the published version",
      answers: { 200: { description: "The version that runs.", schema: VersionJson } },
    },
    async ({ actor }) => {
      const version = await actor.repeatable((project) => project.published());
      return answer(version, (found) => reply(200, versionJson(found)));
    },
  );
  inProject(
    api,
    {
      ...ONE,
      method: "put",
      id: "publish",
      needs: "can_edit",
      act: "version.published",
      summary: "Publish a version",
      description:
        "Its functions' own schedules are created, changed and removed to match; no other schedule is touched.",
      query: z.strictObject({ dry_run: FlagParam }),
      body: Publication,
      example: { version: 1 },
      problems: ["conflict"],
      answers: { 200: { description: "What it did, or with `dry_run` would do.", schema: PublicationJson } },
    },
    async ({ actor, body, query, request }) => {
      const dryRun = query.dry_run === "true";
      const plan = await actor.repeatable((project) =>
        project.publish(body.version, dryRun, new URL(request.url).origin),
      );
      return answer(plan, (made) => {
        const said = reply(200, publicationJson(made, dryRun));
        return onTarget(said, dryRun ? null : { kind: "version", id: String(made.version) });
      });
    },
  );
}
