/** The events that make and cancel schedules, whoever sends them: over HTTP (`events.ts`) or from a run (`run-hand.ts`). */
import { z } from "@hono/zod-openapi";
import type { Answer, Idempotency, SavedSchedule } from "../actor/rpc.ts";
import type { Target } from "../domain/audit.ts";
import { type Failure, invalid } from "../domain/errors.ts";
import { isUuid, readScheduleId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { FunctionName } from "./fields.ts";
import type { ProjectLine } from "./project-line.ts";
import { type SavingPlace, saveSchedules } from "./saving-schedules.ts";
import { NewSchedule } from "./schedule-json.ts";
import { theOnly } from "./schedules.ts";

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

/** Every event that there is. */
export const NewEvent = z.discriminatedUnion("event", [NewScheduleEvent, CancelScheduleEvent]).openapi("NewEvent");

export type NewData = z.output<typeof NewScheduleEvent>["data"];
export type CancelData = z.output<typeof CancelScheduleEvent>["data"];

/** What a cancellation did: how many schedules, and what it was asked to act on; null when there was nothing. */
export interface Cancelled {
  readonly cancelled: number;
  readonly target: Target | null;
}

/** `hot:schedule:new` */
export const makeByEvent = async (
  place: SavingPlace,
  data: NewData,
  idempotency?: Idempotency,
): Answer<SavedSchedule> => theOnly(await saveSchedules(place, [data], idempotency));

/** Which schedule is meant, in either spelling; undefined when none is named. */
export const idOf = (data: CancelData): string | undefined => data["schedule-id"] ?? data.schedule_id;

/** `hot:schedule:cancel` */
export async function cancelByEvent(actor: ProjectLine, data: CancelData): Promise<Result<Cancelled, Failure>> {
  const { fn } = data;
  const id = idOf(data);
  if ((id === undefined) === (fn === undefined)) return fail(ONE_OF_THEM);
  return fn === undefined ? cancelOne(actor, id ?? "") : cancelAllOf(actor, fn);
}

async function cancelAllOf(actor: ProjectLine, fn: string): Promise<Result<Cancelled, Failure>> {
  const done = await actor.repeatable((project) => project.cancelSchedulesOf(fn, false));
  if (!done.ok) return done;
  const { cancelled } = done.value;
  return ok({ cancelled, target: cancelled === 0 ? null : { kind: "function", id: fn } });
}

async function cancelOne(actor: ProjectLine, id: string): Promise<Result<Cancelled, Failure>> {
  // A reminder that has run long ago and one that never was are alike to whoever cancels: nothing is left to cancel.
  if (!isUuid(id)) return ok(NOTHING_LEFT);
  const done = await actor.repeatable((project) => project.cancelSchedule(readScheduleId(id)));
  if (!done.ok) return done.error.code === "not_found" ? ok(NOTHING_LEFT) : done;
  return ok(done.value.state === "cancelled" ? { cancelled: 1, target: { kind: "schedule", id } } : NOTHING_LEFT);
}

const NOTHING_LEFT: Cancelled = { cancelled: 0, target: null };

const ONE_OF_THEM = invalid({
  path: "/data",
  message: "Say which schedules: either by schedule-id or by fn.",
  expected: "schedule-id or fn, not both",
});
