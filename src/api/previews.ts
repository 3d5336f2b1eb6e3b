/** `/v1/previews`: how an expression would be understood, before anything is saved. */
import { z } from "@hono/zod-openapi";
import { type Failure, invalid } from "../domain/errors.ts";
import { refuseRecurrence } from "../domain/plan-rules.ts";
import { fail, ok } from "../domain/result.ts";
import { occurrencesOf } from "../domain/schedule.ts";
import { specify } from "../domain/schedule-input.ts";
import { answer, reply } from "./answer.ts";
import { inWorkspace } from "./door.ts";
import { InstantField, TimezoneField } from "./fields.ts";
import { INTERPRETATION_FIELDS, interpretationJson } from "./interpretation-json.ts";
import { OccurrenceJson, occurrenceJson, UPCOMING_SHOWN } from "./occurrence-json.ts";
import type { Api } from "./operation.ts";
import { problemOf } from "./problem.ts";
import { DstField, ExpressionField } from "./schedule-json.ts";

const OCCURRENCES_MAX = 100;

const NewPreview = z
  .strictObject({
    schedule: ExpressionField,
    timezone: TimezoneField.optional(),
    from: InstantField.optional().openapi({ description: "Read it as of this instant; now when absent." }),
    count: z.int().min(1).max(OCCURRENCES_MAX).default(UPCOMING_SHOWN),
    dst: DstField.optional(),
  })
  .openapi("NewPreview");

const PreviewJson = z
  .strictObject({
    ...INTERPRETATION_FIELDS,
    upcoming: z.array(OccurrenceJson),
    over_plan: z.string().nullable().openapi({
      description: "Why the workspace's plan would refuse a schedule of it; null: it would not.",
    }),
  })
  .openapi("Preview");

const detailOf = (refusal: Failure | null): string | null => (refusal === null ? null : problemOf(refusal).detail);

export function mountPreviews(api: Api): void {
  inWorkspace(
    api,
    {
      method: "post",
      path: "/v1/previews",
      id: "createPreview",
      tag: "Previews",
      summary: "Preview how an expression is understood",
      body: NewPreview,
      example: { schedule: "every day at 9:00 am", timezone: "Europe/Berlin" },
      changesDirectory: false,
      answers: { 200: { description: "What it means and when it would run.", schema: PreviewJson } },
    },
    ({ body, caller, config, now }) => {
      const from = body.from ?? now;
      const { schedule, timezone, dst } = body;
      const spec = specify({ schedule, timezone, dst }, { now: from, timezone: "UTC", retryLimits: config.retry });
      return answer(spec.ok ? ok(spec.value) : fail(invalid(...spec.error)), (understood) => {
        const compiled = occurrencesOf(understood);
        const upcoming = compiled.upcoming(from, body.count);
        return reply(200, {
          ...interpretationJson(understood),
          upcoming: upcoming.map((at) => occurrenceJson(compiled, at, understood.timezone)),
          over_plan: detailOf(refuseRecurrence(caller.plan, understood.recurrence)),
        });
      });
    },
  );
}
