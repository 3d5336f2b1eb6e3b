/** `/v1/projects/{p}/overview`: the project at a glance. */
import { z } from "@hono/zod-openapi";
import { uuidInstant } from "../domain/ids.ts";
import { ok } from "../domain/result.ts";
import type { Run } from "../domain/run.ts";
import { countByDay } from "../domain/run-counts.ts";
import { daysUpTo } from "../domain/time/civil-days.ts";
import { DAY_MS } from "../domain/time/instant.ts";
import { D1RunLog } from "../runlog/d1-runlog.ts";
import { countRuns } from "../runlog/run-counts.ts";
import { answer, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import type { Api } from "./operation.ts";
import { OverviewJson, overviewJson } from "./overview-json.ts";

const DAYS_MAX = 90;
const DAYS_DEFAULT = 30;

export function mountOverview(api: Api): void {
  inProject(
    api,
    {
      method: "get",
      tag: "Projects",
      path: "/v1/projects/{p}/overview",
      id: "getProjectOverview",
      needs: "can_view",
      summary: "Show a project at a glance",
      description: "Its schedules by state, the next occurrence, the last run, and how runs ended day by day.",
      query: z.strictObject({ days: z.coerce.number().int().min(1).max(DAYS_MAX).default(DAYS_DEFAULT) }),
      answers: { 200: { description: "The project as it stands.", schema: OverviewJson } },
    },
    async ({ env, scope, actor, query, now }) => {
      // The actor is asked first: a run that leaves it meanwhile is then in both answers, and taken out of the second. It does
      // not know the days of its zone yet, so it is asked for a day more than any zone can need.
      const asked = await actor.repeatable((project) => project.overview(now - (query.days + 1) * DAY_MS));
      if (!asked.ok) return answer(asked, () => reply(200));
      const { timezone, schedules, next, ended, last } = asked.value;
      const days = daysUpTo(now, timezone, query.days);
      const [logged, [newest]] = await Promise.all([
        countRuns(env.RUNLOG, scope, days, { besides: ended.map(({ run }) => run) }),
        new D1RunLog(env.RUNLOG).list(scope, {}, { limit: 1 }),
      ]);
      const live = ended.map(({ run, ...counted }) => ({ ...counted, at: uuidInstant(run) }));
      const parts = { timezone, schedules, next, last: newer(last, newest ?? null), countedFrom: logged.wholeFrom };
      return ok(reply(200, overviewJson({ ...parts, days: countByDay(days, [...logged.counted, ...live]) })));
    },
  );
}

/** Of the same run, what the actor says of it. */
function newer(live: Run | null, logged: Run | null): Run | null {
  if (live === null || logged === null) return live ?? logged;
  return live.id >= logged.id ? live : logged;
}
