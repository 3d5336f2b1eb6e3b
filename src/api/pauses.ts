/** `/v1/projects/{p}/schedules/{s}/pause`: made by pausing, removed by resuming. */
import { z } from "@hono/zod-openapi";
import { answer } from "./answer.ts";
import { inProject } from "./door.ts";
import type { Api } from "./operation.ts";
import { ScheduleParams, scheduleReply } from "./schedule.ts";
import { ScheduleJson } from "./schedule-json.ts";

const REASON_MAX_LENGTH = 500;

const ONE = { tag: "Schedules", path: "/v1/projects/{p}/schedules/{s}/pause", params: ScheduleParams };

const NewPause = z.strictObject({ reason: z.string().max(REASON_MAX_LENGTH).optional() }).openapi("NewPause");

export function mountPauses(api: Api): void {
  inProject(
    api,
    {
      ...ONE,
      method: "put",
      id: "pauseSchedule",
      needs: "can_edit",
      act: "schedule.paused",
      summary: "Pause a schedule",
      description: "Its occurrences are not due until it is resumed; the run log counts them as skipped.",
      body: NewPause,
      example: { reason: "the warehouse is being moved" },
      problems: ["conflict"],
      answers: { 200: { description: "The schedule, paused.", schema: ScheduleJson } },
    },
    async ({ actor, params, body, now }) => {
      const paused = await actor.repeatable((project) => project.pauseSchedule(params.s, body.reason ?? null));
      return answer(paused, scheduleReply(now));
    },
  );
  inProject(
    api,
    {
      ...ONE,
      method: "delete",
      id: "resumeSchedule",
      needs: "can_edit",
      act: "schedule.resumed",
      summary: "Resume a schedule",
      problems: ["conflict"],
      answers: { 200: { description: "The schedule, active.", schema: ScheduleJson } },
    },
    async ({ actor, params, now }) =>
      answer(await actor.repeatable((project) => project.resumeSchedule(params.s)), scheduleReply(now)),
  );
}
