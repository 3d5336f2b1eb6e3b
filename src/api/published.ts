/** `/v1/projects/{p}/published`: the version that runs. */
import { z } from "@hono/zod-openapi";
import type { PublicationPlan } from "../actor/rpc.ts";
import type { Version } from "../domain/function.ts";
import { answer, onTarget, reply } from "./answer.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { FlagParam, Id } from "./fields.ts";
import { giveAccessOfVersion } from "./foreseeing.ts";
import type { Api } from "./operation.ts";
import type { ProjectLine } from "./project-line.ts";
import { VersionJson, versionJson } from "./version-json.ts";

const ONE = { tag: "Versions", path: "/v1/projects/{p}/published" };

const Publication = z
  .strictObject({
    version: z.int().min(1).openapi({ description: "The number of the version to publish." }),
    refresh: z.boolean().optional().openapi({
      description:
        "Whether to run the whole project at once, so that the app shows this version. By default a version with code is run when it was not the published one; http functions are called only when it is asked for.",
    }),
  })
  .openapi("NewPublication");

const names = z.array(z.string());

const PublicationJson = z
  .strictObject({
    version: z.int(),
    dry_run: z.boolean(),
    schedules: z
      .strictObject({ created: names, changed: names, removed: names, unchanged: names })
      .openapi({ description: "What becomes of the schedules that functions bring with them, by function." }),
    run_id: Id.nullable().openapi({
      description:
        "The run that brings the app up to date; null when there is none, because none was asked for or the plan allows none today.",
    }),
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
  run_id: plan.run,
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
        "Its functions' own schedules are created, changed and removed to match; no other schedule is touched. Publishing an older version takes the project back to it.",
      query: z.strictObject({ dry_run: FlagParam }),
      body: Publication,
      example: { version: 1 },
      problems: ["conflict"],
      answers: { 200: { description: "What it did, or with `dry_run` would do.", schema: PublicationJson } },
    },
    async (ask) => {
      const { actor, body, query, request } = ask;
      const dryRun = query.dry_run === "true";
      const refresh = body.refresh ?? (await bringsCode(actor, body.version));
      const before = dryRun ? null : await actor.repeatable((project) => project.published());
      const plan = await actor.repeatable((project) =>
        project.publish(body.version, { dryRun, refresh, origin: new URL(request.url).origin }),
      );
      if (plan.ok && !dryRun) await admitRecipients(ask, body.version, before?.ok ? before.value : null);
      return answer(plan, (made) => {
        const said = reply(200, publicationJson(made, dryRun));
        return onTarget(said, dryRun ? null : { kind: "version", id: String(made.version) });
      });
    },
  );
}

/** The schedules that the version brought may name people who have no access yet. */
async function admitRecipients(
  { env, project, scribe, actor }: ProjectAsk<unknown, unknown, unknown>,
  number: number,
  before: Version | null,
): Promise<void> {
  const version = await actor.repeatable((verbs) => verbs.version(number));
  if (version.ok) await giveAccessOfVersion(env, project, version.value, before, scribe);
}

/** Publishing must not call people's endpoints unasked, and publishing once more changes nothing. */
async function bringsCode(actor: ProjectLine, number: number): Promise<boolean> {
  const version = await actor.repeatable((project) => project.version(number));
  return version.ok && version.value.code !== null && version.value.state !== "published";
}
