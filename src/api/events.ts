/** `/v1/projects/{p}/events`: schedules made and cancelled by event, with the names that functions know. */
import { z } from "@hono/zod-openapi";
import type { Schedule } from "../domain/schedule.ts";
import { type Answered, answer, onTarget, reply } from "./answer.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { Id } from "./fields.ts";
import { INTERPRETATION_FIELDS, specInterpretationJson } from "./interpretation-json.ts";
import { OccurrenceJson, UPCOMING_SHOWN, upcomingJson } from "./occurrence-json.ts";
import type { Api } from "./operation.ts";
import { type CancelData, cancelByEvent, makeByEvent, type NewData, NewEvent } from "./schedule-events.ts";
import { savedStatus, savedTarget } from "./schedules.ts";

const MadeJson = z
  .strictObject({ schedule_id: Id, ...INTERPRETATION_FIELDS, upcoming: z.array(OccurrenceJson) })
  .openapi("ScheduleMade");

const CancelledJson = z.strictObject({ cancelled: z.int() }).openapi("SchedulesCancelled");

type Asking = ProjectAsk<unknown, unknown, unknown>;

export function mountEvents(api: Api): void {
  inProject(
    api,
    {
      method: "post",
      tag: "Events",
      path: "/v1/projects/{p}/events",
      id: "sendEvent",
      needs: "can_edit",
      act: "event.sent",
      summary: "Send an event",
      body: NewEvent,
      example: {
        event: "hot:schedule:new",
        data: { fn: "::myapp::reminders/send-reminder", args: [{ user_id: "42" }], schedule: "in 10 minutes" },
      },
      idempotent: true,
      problems: ["limit_reached", "conflict"],
      answers: {
        201: { description: "`hot:schedule:new` made a schedule.", schema: MadeJson },
        200: {
          description: "`hot:schedule:cancel` cancelled so many; `hot:schedule:new` found the schedule of its key.",
          schema: z.union([CancelledJson, MadeJson]),
        },
      },
    },
    (ask) => (ask.body.event === "hot:schedule:new" ? make(ask, ask.body.data) : cancel(ask, ask.body.data)),
  );
}

async function make(ask: Asking, data: NewData): Promise<Answered> {
  const saved = await makeByEvent(ask, data, ask.idempotency);
  return answer(saved, (one) => onTarget(reply(savedStatus(one), madeJson(one.schedule)), savedTarget(one)));
}

const madeJson = (schedule: Schedule): z.output<typeof MadeJson> => ({
  schedule_id: schedule.id,
  ...specInterpretationJson(schedule.spec),
  upcoming: upcomingJson(schedule, schedule.updatedAt, UPCOMING_SHOWN),
});

async function cancel({ actor }: Asking, data: CancelData): Promise<Answered> {
  return answer(await cancelByEvent(actor, data), ({ cancelled, target }) =>
    onTarget(reply(200, { cancelled }), target),
  );
}
