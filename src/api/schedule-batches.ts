/** `/v1/projects/{p}/schedule-batches`: many schedules in one transaction, one answer for each. */
import { z } from "@hono/zod-openapi";
import type { SavedSchedule } from "../actor/rpc.ts";
import { type Failure, invalid } from "../domain/errors.ts";
import { fail, type Result } from "../domain/result.ts";
import type { ScheduleInput } from "../domain/schedule.ts";
import type { Instant } from "../domain/time/instant.ts";
import { answer, onTarget, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { type Api, ProblemJson } from "./operation.ts";
import { problemBody, problemOf } from "./problem.ts";
import { PROBLEMS } from "./problem-catalogue.ts";
import { saveSchedules } from "./saving-schedules.ts";
import { NewSchedule } from "./schedule-json.ts";
import { SavedScheduleJson, savedJson, savedStatus, savedTarget } from "./schedules.ts";
import { validate } from "./validate.ts";

const ITEMS_MAX = 1_000;
const BATCH_LIMIT_BYTES = 4 * 1_048_576;

/** The items are held against their schema one by one, so that a wrong one does not refuse the others. */
const NewBatch = z
  .strictObject({
    items: z
      .array(z.unknown())
      .min(1)
      .max(ITEMS_MAX)
      .openapi({ type: "array", items: { $ref: "#/components/schemas/NewSchedule" } }),
  })
  .openapi("NewScheduleBatch");

const ItemJson = z.union([
  z.strictObject({ status: z.int(), schedule: SavedScheduleJson }),
  z.strictObject({ status: z.int(), problem: ProblemJson }),
]);

const BatchJson = z
  .strictObject({ items: z.array(ItemJson).openapi({ description: "In the order of the request." }) })
  .openapi("ScheduleBatch");

type Read = Result<ScheduleInput, Failure>;
type Saved = Result<SavedSchedule, Failure>;

export function mountScheduleBatches(api: Api): void {
  inProject(
    api,
    {
      method: "post",
      tag: "Schedules",
      path: "/v1/projects/{p}/schedule-batches",
      id: "createScheduleBatch",
      needs: "can_edit",
      act: "schedules.saved",
      summary: "Save up to 1,000 schedules at once",
      description: "One transaction; an item that is refused has its own problem and does not stop the others.",
      body: NewBatch,
      bodyLimit: BATCH_LIMIT_BYTES,
      example: { items: [{ schedule: "in 10 minutes", fn: "send-reminder", args: [{ user: 42 }] }] },
      idempotent: true,
      answers: { 200: { description: "One answer for each item.", schema: BatchJson } },
    },
    async (ask) => {
      const { scope, body, idempotency, requestId, now } = ask;
      const read = body.items.map(readItem);
      const inputs = read.flatMap((item) => (item.ok ? [item.value] : []));
      const saved = await saveSchedules(ask, inputs, idempotency);
      return answer(saved, (answers) => {
        const said = reply(200, { items: inOrder(read, answers).map((one) => itemJson(one, requestId, now)) });
        const isAct = answers.some((one) => one.ok && savedTarget(one.value) !== null);
        return onTarget(said, isAct ? { kind: "project", id: scope.projectId } : null);
      });
    },
  );
}

function readItem(item: unknown): Read {
  const read = validate(NewSchedule, item);
  return read.ok ? read : fail(invalid(...read.error));
}

/** Puts the answers of the actor between the refusals of the door. */
function inOrder(read: readonly Read[], answers: readonly Saved[]): readonly Saved[] {
  const rest = [...answers];
  return read.map((item) => {
    const saved = item.ok ? rest.shift() : item;
    if (saved === undefined) throw new Error("A schedule of a batch has no answer.");
    return saved;
  });
}

function itemJson(saved: Saved, requestId: string, now: Instant): z.output<typeof ItemJson> {
  if (saved.ok) return { status: savedStatus(saved.value), schedule: savedJson(saved.value, now) };
  const problem = problemOf(saved.error);
  return { status: PROBLEMS[problem.code].status, problem: problemBody(problem, requestId) };
}
