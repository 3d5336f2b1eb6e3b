/** `/v1/projects/{p}/schedules/{s}/backfills`: occurrences of the past, run once more. */
import { z } from "@hono/zod-openapi";
import { answer, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { Id, InstantField } from "./fields.ts";
import type { Api } from "./operation.ts";
import { ScheduleParams } from "./schedule.ts";

const NewBackfill = z
  .strictObject({
    from: InstantField.openapi({ description: "The first instant of the range." }),
    to: InstantField.openapi({ description: "The first instant after the range." }),
  })
  .openapi("NewBackfill");

const BackfillJson = z
  .strictObject({ id: Id, occurrences: z.int().openapi({ description: "How many runs were made." }) })
  .openapi("Backfill");

export function mountBackfills(api: Api): void {
  inProject(
    api,
    {
      method: "post",
      tag: "Schedules",
      path: "/v1/projects/{p}/schedules/{s}/backfills",
      params: ScheduleParams,
      id: "createBackfill",
      needs: "can_edit",
      act: "schedule.backfilled",
      summary: "Run a range of the past",
      description: "Every occurrence in [from, to) runs once more, one after another.",
      body: NewBackfill,
      example: { from: "2026-11-01T00:00:00Z", to: "2026-11-08T00:00:00Z" },
      idempotent: true,
      problems: ["conflict", "limit_reached"],
      answers: { 201: { description: "The runs are on their way.", schema: BackfillJson } },
    },
    async ({ actor, params, body, idempotency }) => {
      const made = await actor.keyed(idempotency, (project, key) => project.backfill(params.s, body, key));
      return answer(made, ({ backfill, occurrences }) => reply(201, { id: backfill, occurrences }));
    },
  );
}
