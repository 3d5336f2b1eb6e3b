/** `/v1/me/unsubscriptions`: schedules of which the caller wants no news. */
import { z } from "@hono/zod-openapi";
import { accessOf } from "../directory/grants.ts";
import { findProject } from "../directory/projects.ts";
import { listUnsubscriptions, resubscribe, type Unsubscription, unsubscribe } from "../directory/unsubscriptions.ts";
import { fail, ok } from "../domain/result.ts";
import { toIso } from "../domain/time/instant.ts";
import { type Answered, reply } from "./answer.ts";
import { inWorkspace, type WorkspaceAsk } from "./door.ts";
import { Id, InstantText, ScheduleIdParam } from "./fields.ts";
import { findOwn } from "./me.ts";
import type { Api } from "./operation.ts";
import { NOT_FOUND, problemOf } from "./problem.ts";
import { projectLine } from "./project-line.ts";

const ALL = { tag: "Me", path: "/v1/me/unsubscriptions" };
const Params = z.object({ s: ScheduleIdParam });
const ONE = { tag: "Me", path: "/v1/me/unsubscriptions/{s}", params: Params };

const NewUnsubscription = z
  .strictObject({ project: z.string().min(1).max(200).openapi({ description: "Its id or slug." }) })
  .openapi("NewUnsubscription");

const UnsubscriptionJson = z
  .strictObject({
    schedule_id: Id,
    project: z.strictObject({ id: Id, slug: z.string(), name: z.string() }),
    created_at: InstantText,
  })
  .openapi("Unsubscription");

/** Those of one person are few, so that the list has one page. */
const UnsubscriptionListJson = z
  .strictObject({ items: z.array(UnsubscriptionJson), next_cursor: z.null() })
  .openapi("UnsubscriptionList");

export function mountUnsubscriptions(api: Api): void {
  inWorkspace(
    api,
    {
      ...ALL,
      method: "get",
      id: "listUnsubscriptions",
      summary: "List the schedules of which you get no news",
      problems: ["conflict", "forbidden"],
      answers: { 200: { description: "Newest first.", schema: UnsubscriptionListJson } },
    },
    async (ask) => {
      const own = await findOwn(ask);
      if (!own.ok) return own;
      const found = await listUnsubscriptions(ask.env.DIRECTORY, ask.caller.scope, own.value.id);
      return ok(reply(200, { items: found.map(unsubscriptionJson), next_cursor: null }));
    },
  );
  inWorkspace(
    api,
    {
      ...ONE,
      method: "put",
      id: "unsubscribe",
      summary: "Get no more news of a schedule",
      description: "Neither by email nor as a direct message in Slack. What goes to a channel of Slack goes on.",
      body: NewUnsubscription,
      example: { project: "sales" },
      problems: ["not_found", "conflict"],
      answers: { 204: { description: "You get no more news of it." } },
    },
    keepAway,
  );
  inWorkspace(
    api,
    {
      ...ONE,
      method: "delete",
      id: "resubscribe",
      summary: "Get news of a schedule again",
      description: "Where one of its notifications names you. Safe to repeat, also when the schedule is gone.",
      problems: ["conflict"],
      answers: { 204: { description: "You get news of it again." } },
    },
    async (ask) => {
      const own = await findOwn(ask);
      if (!own.ok) return own;
      await resubscribe(ask.env.DIRECTORY, ask.caller.scope, own.value, ask.params.s, ask.scribe);
      return ok(reply(204));
    },
  );
}

type Asking = WorkspaceAsk<z.output<typeof Params>, unknown, z.output<typeof NewUnsubscription>>;

/** Of a schedule that the caller cannot know, nothing is said. */
async function keepAway(ask: Asking): Promise<Answered> {
  const { env, caller, params, body, scribe, now } = ask;
  const project = await findProject(env.DIRECTORY, caller.scope, body.project, now);
  if (project === null) return fail(NOT_FOUND);
  const { access } = await accessOf(env.DIRECTORY, caller, project.id, { now, fresh: true });
  if (access === "none") return fail(NOT_FOUND);
  const own = await findOwn(ask);
  if (!own.ok) return own;
  const schedule = await projectLine(env, project.scope).repeatable((line) => line.schedule(params.s));
  if (!schedule.ok) return fail(problemOf(schedule.error));
  await unsubscribe(env.DIRECTORY, project.scope, own.value, params.s, scribe);
  return ok(reply(204));
}

const unsubscriptionJson = ({ schedule, project, at }: Unsubscription): z.output<typeof UnsubscriptionJson> => ({
  schedule_id: schedule,
  project: { ...project },
  created_at: toIso(at),
});
