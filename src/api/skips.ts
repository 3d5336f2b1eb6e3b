/** `/v1/projects/{p}/schedules/{s}/skips`: occurrences that are not to run. */
import { z } from "@hono/zod-openapi";
import { toIso } from "../domain/time/instant.ts";
import { answer, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { InstantText } from "./fields.ts";
import type { Api } from "./operation.ts";
import { ScheduleParams } from "./schedule.ts";
import { ScheduleJson, scheduleJson } from "./schedule-json.ts";

const NewSkip = z.strictObject({}).openapi("NewSkip");

const SkipJson = z.strictObject({ skipped: InstantText, schedule: ScheduleJson }).openapi("Skip");

export function mountSkips(api: Api): void {
  inProject(
    api,
    {
      method: "post",
      tag: "Schedules",
      path: "/v1/projects/{p}/schedules/{s}/skips",
      params: ScheduleParams,
      id: "skipNext",
      needs: "can_edit",
      act: "schedule.skipped_next",
      summary: "Skip the next occurrence",
      idempotent: true,
      description: "Sent again, it skips the one after that.",
      body: NewSkip,
      problems: ["conflict", "limit_reached"],
      answers: { 201: { description: "Which one is skipped.", schema: SkipJson } },
    },
    async ({ actor, params, idempotency, now }) => {
      const skip = await actor.keyed(idempotency, (project, key) => project.skipNext(params.s, key));
      return answer(skip, ({ skipped, schedule }) =>
        reply(201, { skipped: toIso(skipped), schedule: scheduleJson(schedule, now) }),
      );
    },
  );
}
