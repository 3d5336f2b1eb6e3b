/** `/v1/projects/{p}/upcoming`: what will start in the coming days, over all schedules of a project. */
import { z } from "@hono/zod-openapi";
import { loadOf } from "../domain/load.ts";
import { DAY_MS } from "../domain/time/instant.ts";
import { answer, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { LoadJson, loadJson } from "./load-json.ts";
import type { Api } from "./operation.ts";

const DAYS_MAX = 14;
const DAYS_DEFAULT = 7;

export function mountProjectUpcoming(api: Api): void {
  inProject(
    api,
    {
      method: "get",
      tag: "Schedules",
      path: "/v1/projects/{p}/upcoming",
      id: "listUpcomingOfProject",
      needs: "can_view",
      summary: "Show what will start in the coming days",
      description:
        "Over all active schedules, for a calendar and for a picture of load: bounds, maxima, skips and spread are kept to. A day is 24 hours.",
      query: z.strictObject({ days: z.coerce.number().int().min(1).max(DAYS_MAX).default(DAYS_DEFAULT) }),
      answers: { 200: { description: "By hour, by minute of the hour, and by schedule.", schema: LoadJson } },
    },
    async ({ actor, query, now }) => {
      const until = now + query.days * DAY_MS;
      const coming = await actor.repeatable((project) => project.comingSchedules(until));
      return answer(coming, ({ timezone, schedules, more }) => {
        const window = { from: now, until, timezone };
        return reply(200, loadJson(loadOf(schedules, window), window, more));
      });
    },
  );
}
