/** `/v1/projects/{p}/events`: schedules made and cancelled by event, with the names that functions know. */
import { z } from "@hono/zod-openapi";
import { isUuid, readScheduleId } from "../domain/ids.ts";
import { fail, ok } from "../domain/result.ts";
import type { Schedule } from "../domain/schedule.ts";
import { type Answered, answer, onTarget, reply } from "./answer.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { FunctionName, Id } from "./fields.ts";
import { INTERPRETATION_FIELDS, specInterpretationJson } from "./interpretation-json.ts";
import { OccurrenceJson, UPCOMING_SHOWN, upcomingOf } from "./occurrence-json.ts";
import type { Api } from "./operation.ts";
import { invalidInput } from "./problem.ts";
import { NewSchedule } from "./schedule-json.ts";
import { savedStatus, savedTarget, theOnly } from "./schedules.ts";

const NewScheduleEvent = z
  .strictObject({ event: z.literal("hot:schedule:new"), data: NewSchedule })
  .openapi("ScheduleNewEvent");

const CancelScheduleEvent = z
  .strictObject({
    event: z.literal("hot:schedule:cancel"),
    data: z
      .strictObject({
        "schedule-id": z.string().optional(),
        schedule_id: z.string().optional(),
        fn: FunctionName.optional().openapi({ description: "Cancels every schedule of the function." }),
      })
      .openapi({ description: "One of the three." }),
  })
  .openapi("ScheduleCancelEvent");

const NewEvent = z.discriminatedUnion("event", [NewScheduleEvent, CancelScheduleEvent]).openapi("NewEvent");

const MadeJson = z
  .strictObject({ schedule_id: Id, ...INTERPRETATION_FIELDS, upcoming: z.array(OccurrenceJson) })
  .openapi("ScheduleMade");

const CancelledJson = z.strictObject({ cancelled: z.int() }).openapi("SchedulesCancelled");

type NewData = z.output<typeof NewScheduleEvent>["data"];
type CancelData = z.output<typeof CancelScheduleEvent>["data"];
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

async function make({ actor, idempotency }: Asking, data: NewData): Promise<Answered> {
  const saved = await actor.keyed(idempotency, (project, key) => project.saveSchedules([data], key));
  return answer(theOnly(saved), (one) => onTarget(reply(savedStatus(one), madeJson(one.schedule)), savedTarget(one)));
}

const madeJson = (schedule: Schedule): z.output<typeof MadeJson> => ({
  schedule_id: schedule.id,
  ...specInterpretationJson(schedule.spec),
  upcoming: upcomingOf(schedule, schedule.updatedAt, UPCOMING_SHOWN),
});

async function cancel({ actor }: Asking, data: CancelData): Promise<Answered> {
  const { fn } = data;
  const id = data["schedule-id"] ?? data.schedule_id;
  if ((id === undefined) === (fn === undefined)) return fail(ONE_OF_THEM);
  if (fn !== undefined) {
    const cancelled = await actor.repeatable((project) => project.cancelSchedulesOf(fn, false));
    return answer(cancelled, (done) =>
      onTarget(reply(200, { cancelled: done.cancelled }), done.cancelled === 0 ? null : { kind: "function", id: fn }),
    );
  }
  // A reminder that has run long ago and one that never was are alike to whoever cancels: nothing is left to cancel.
  if (id === undefined || !isUuid(id)) return ok(NOTHING_LEFT);
  const cancelled = await actor.repeatable((project) => project.cancelSchedule(readScheduleId(id)));
  if (!cancelled.ok && cancelled.error.code === "not_found") return ok(NOTHING_LEFT);
  return answer(cancelled, ({ state }) =>
    onTarget(reply(200, { cancelled: state === "cancelled" ? 1 : 0 }), { kind: "schedule", id }),
  );
}

const NOTHING_LEFT = onTarget(reply(200, { cancelled: 0 }), null);

const ONE_OF_THEM = invalidInput([
  {
    path: "/data",
    message: "Say which schedules: either by schedule-id or by fn.",
    expected: "schedule-id or fn, not both",
  },
]);
