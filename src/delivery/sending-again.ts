/** Sends a delivery once more, whatever became of it. Nothing runs for it: what is sent was kept. */
import type { ProjectScope } from "../domain/access.ts";
import type { Delivery } from "../domain/news/delivery.ts";
import { type DeliverOrder, type DeliveryOrder, isLight } from "../domain/news/delivery-order.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type Instant, type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import { findDelivery, repeatDelivery } from "../runlog/deliveries.ts";

/** Where deliveries are written down, and where those go that are to be made. */
export interface Ledger {
  readonly RUNLOG: D1Database;
  readonly DELIVERIES: Pick<Queue<DeliveryOrder>, "send">;
}

/** A button that is pressed twice sends once: what was tried less than so long ago is under way. */
export const JUST_TRIED_MS: Milliseconds = 10 * SECOND_MS;

/** `unknown`: there is none, or its time was up; `under_way`: it is being sent at this moment, or was seconds ago. */
export type AgainFailure = "unknown" | "under_way";

/** Makes the delivery due and sends for it. Answers it as it stands then. */
export async function sendAgain(
  { RUNLOG, DELIVERIES }: Ledger,
  scope: ProjectScope,
  { news, id }: Pick<Delivery, "news" | "id">,
  now: Instant,
): Promise<Result<Delivery, AgainFailure>> {
  const find = () => findDelivery(RUNLOG, scope, news, id, now);
  const before = await find();
  if (before === null) return fail("unknown");
  const last = before.delivery.log.at(-1);
  if (last !== undefined && last.at + last.tookMs + JUST_TRIED_MS > now) return fail("under_way");
  if (!(await repeatDelivery(RUNLOG, scope, news, id, now))) return fail("under_way");
  const found = await find();
  if (found === null) return fail("unknown");
  const { workspaceId: workspace, projectId: project } = scope;
  const { delivery } = found;
  await send(DELIVERIES, { kind: "deliver", workspace, project, news, delivery: id, isLight: isLight(delivery) });
  return ok(delivery);
}

/** What the queue does not take is found by the sweep: it is in the ledger, and due. */
async function send(queue: Ledger["DELIVERIES"], order: DeliverOrder): Promise<void> {
  try {
    await queue.send(order);
  } catch (cause) {
    console.error({
      event: "redelivery_not_sent",
      project: order.project,
      delivery: order.delivery,
      cause: String(cause),
    });
  }
}
