/** `/v1/projects/{p}/schedules/{s}/upcoming`: what will run next. */
import { z } from "@hono/zod-openapi";
import { answer, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { OccurrenceJson, UPCOMING_SHOWN, upcomingJson } from "./occurrence-json.ts";
import type { Api } from "./operation.ts";
import { ScheduleParams } from "./schedule.ts";

const OCCURRENCES_MAX = 100;

const UpcomingJson = z.strictObject({ items: z.array(OccurrenceJson) }).openapi("Upcoming");

export function mountUpcoming(api: Api): void {
  inProject(
    api,
    {
      method: "get",
      tag: "Schedules",
      path: "/v1/projects/{p}/schedules/{s}/upcoming",
      params: ScheduleParams,
      id: "listUpcoming",
      needs: "can_view",
      summary: "List the next occurrences",
      description: "Those that will run: none while it is paused, no skipped one.",
      query: z.strictObject({ count: z.coerce.number().int().min(1).max(OCCURRENCES_MAX).default(UPCOMING_SHOWN) }),
      answers: { 200: { description: "The next ones first.", schema: UpcomingJson } },
    },
    async ({ actor, params, query, now }) => {
      const schedule = await actor.repeatable((project) => project.schedule(params.s));
      return answer(schedule, (found) => reply(200, { items: upcomingJson(found, now, query.count) }));
    },
  );
}
