/** `/v1/projects/{p}/schedules/{s}`: one schedule. */
import { z } from "@hono/zod-openapi";
import type { ScheduleId } from "../domain/ids.ts";
import { type Foresight, newlyNamed } from "../domain/news/foresight.ts";
import { fail } from "../domain/result.ts";
import type { Schedule, ScheduleSpec } from "../domain/schedule.ts";
import type { Instant } from "../domain/time/instant.ts";
import { answer, type Reply, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { etagOf, readIfMatch } from "./etag.ts";
import { ScheduleIdParam } from "./fields.ts";
import { foreseen, giveAccess } from "./foreseeing.ts";
import type { Api } from "./operation.ts";
import { CHANGED_SINCE, problemOf } from "./problem.ts";
import type { ProjectLine } from "./project-line.ts";
import { ScheduleChange, ScheduleJson, scheduleJson } from "./schedule-json.ts";

/** The path of everything under one schedule. */
export const ScheduleParams = z.object({ s: ScheduleIdParam });

const ONE = { tag: "Schedules", path: "/v1/projects/{p}/schedules/{s}", params: ScheduleParams };
const SHOWN = { 200: { description: "The schedule.", schema: ScheduleJson } };

/** A schedule in full, with the mark to change only what was seen. */
export const scheduleReply =
  (now: Instant) =>
  (schedule: Schedule): Reply =>
    reply(200, scheduleJson(schedule, now), { etag: etagOf(schedule) });

export function mountSchedule(api: Api): void {
  inProject(
    api,
    { ...ONE, method: "get", id: "getSchedule", needs: "can_view", summary: "Show a schedule", answers: SHOWN },
    async ({ actor, params, now }) =>
      answer(await actor.repeatable((project) => project.schedule(params.s)), scheduleReply(now)),
  );
  inProject(
    api,
    {
      ...ONE,
      method: "delete",
      id: "cancelSchedule",
      needs: "can_edit",
      act: "schedule.cancelled",
      summary: "Cancel a schedule",
      description: "Its next occurrences do not run. It can still be read for a while.",
      answers: { 200: { description: "The schedule, cancelled.", schema: ScheduleJson } },
    },
    async ({ actor, params, now }) =>
      answer(await actor.repeatable((project) => project.cancelSchedule(params.s)), scheduleReply(now)),
  );
  mountChange(api);
}

function mountChange(api: Api): void {
  inProject(
    api,
    {
      ...ONE,
      method: "patch",
      id: "changeSchedule",
      needs: "can_edit",
      act: "schedule.changed",
      summary: "Change a schedule",
      description: "A JSON merge patch (RFC 7396): null takes a field back to its default.",
      body: ScheduleChange,
      example: { schedule: "every Monday at 2 PM", retry: null },
      conditional: true,
      problems: ["limit_reached", "conflict"],
      answers: SHOWN,
    },
    async ({ env, project, scribe, actor, params, body, request, now }) => {
      const seen = readIfMatch(request.headers.get("if-match"));
      if (seen === null) return fail(CHANGED_SINCE);
      const expected = seen === "anything" ? undefined : seen;
      const { schedule, ...fields } = body;
      const patch = schedule === undefined ? fields : { ...fields, schedule };
      const ahead = await foreseen(env, project, body.notifications);
      if (!ahead.ok) return fail(problemOf(ahead.error));
      const before = await namedBefore(actor, params.s, ahead.value);
      const changed = await actor.once((verbs) => verbs.changeSchedule(params.s, patch, expected));
      if (changed.ok) {
        const named = newlyNamed(before, changed.value.spec.notifications);
        await giveAccess(env, project, ahead.value, named, scribe);
      }
      return answer(changed, scheduleReply(now));
    },
  );
}

/** What it says before it is changed; only asked for when somebody would be given access. */
async function namedBefore(
  actor: ProjectLine,
  id: ScheduleId,
  { grants }: Foresight,
): Promise<ScheduleSpec["notifications"]> {
  if (grants.length === 0) return [];
  const found = await actor.repeatable((project) => project.schedule(id));
  return found.ok ? found.value.spec.notifications : [];
}
