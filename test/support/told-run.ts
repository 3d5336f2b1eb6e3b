/** A run of a project that is over, and the ledger of its news: as they are left, without running or sending anything. */
import { env } from "cloudflare:workers";
import type { ProjectScope } from "../../src/domain/access.ts";
import { type DeliveryId, type MemberId, newsOfRun, type RunId, readScheduleId } from "../../src/domain/ids.ts";
import { deriveDeliveryId } from "../../src/domain/news/delivery.ts";
import type { DeliveryFailure } from "../../src/domain/news/delivery-failure.ts";
import { eventOf, type NewsSchedule, newsOf, newsRunOf } from "../../src/domain/news/news.ts";
import type { Run } from "../../src/domain/run.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { planDeliveries } from "../../src/runlog/deliveries.ts";
import { now } from "../../src/system.ts";
import { makeRun } from "./make-run.ts";

export const TOLD_SCHEDULE: NewsSchedule = {
  id: readScheduleId("0193d9a0-0000-7000-8000-000000000002"),
  expression: "every day at 10am",
  description: "Every day at 10:00 AM",
  timezone: "Europe/Berlin",
  fn: "work",
};

interface Told {
  readonly member: { readonly id: MemberId; readonly email: string };
  readonly suppressed?: DeliveryFailure;
}

/** Keeps the run in the log, and one delivery by mail for each of these. */
export async function keepToldRun(scope: ProjectScope, more: Partial<Run>, told: readonly Told[]): Promise<Run> {
  const run = makeRun({ scheduleId: TOLD_SCHEDULE.id, ...more });
  await new D1RunLog(env.RUNLOG).record(scope, [run]);
  await tell(scope, run, told);
  return run;
}

/** Keeps a delivery of news of a run that is in the log, and answers its id. */
export async function planDelivery(scope: ProjectScope, id: RunId, member: Told["member"]): Promise<DeliveryId> {
  const run = await new D1RunLog(env.RUNLOG).get(scope, id);
  const [delivery] = run === null ? [] : await tell(scope, run, [{ member }]);
  if (delivery === undefined) throw new Error("No such run");
  return delivery;
}

async function tell(scope: ProjectScope, run: Run, told: readonly Told[]): Promise<readonly DeliveryId[]> {
  const id = newsOfRun(run.id);
  const news = newsOf(eventOf(run) ?? "run.failed", { id, at: now(), run: newsRunOf(run), schedule: TOLD_SCHEDULE });
  const planned = told.map(({ member, suppressed = null }) => {
    const recipient = { kind: "user", id: member.id, name: member.email } as const;
    const named = { notification: 0, channel: "email", recipient } as const;
    const delivery = deriveDeliveryId({ news: id, ...named });
    return { ...named, id: delivery, address: member.email, timezone: null, wants: null, suppressed };
  });
  await planDeliveries(env.RUNLOG, scope, news, planned, now());
  return planned.map((one) => one.id);
}
