/** What happens when the alarm rings. */
import { MINUTE_MS } from "../domain/time/instant.ts";
import type { Desk } from "./desk.ts";
import { fireDue } from "./firing.ts";
import { type ProjectState, soonest } from "./state.ts";
import { wakeRuns } from "./waking.ts";

/** The next ring after a fault in this one, and the safety net under a ring that repeats one. */
const AFTER_FAULT_MS = MINUTE_MS;

/** Never throws: whatever goes wrong, a next ring is set. */
export async function ringAlarm(state: ProjectState, desk: Desk, isRetry: boolean): Promise<void> {
  const { clock, now } = state;
  clock.rang();
  desk.rang();
  try {
    // An earlier ring did not come to its end. Should this one not either, the platform's own repetitions may run out.
    if (isRetry) await clock.arm(now() + AFTER_FAULT_MS, now());
    await doAllThatIsDue(state);
    desk.flush();
    await clock.arm(soonest(state), now());
  } catch (cause) {
    console.error({ event: "alarm_failed", project: state.scope.projectId, cause: String(cause) });
    await clock.arm(now() + AFTER_FAULT_MS, now());
  }
}

/** Everything that is due at this moment, batch by batch; what one batch sends travels while the next is decided. */
async function doAllThatIsDue(state: ProjectState): Promise<void> {
  const at = state.now();
  const sending: Promise<void>[] = [];
  for (const step of [fireDue, wakeRuns]) {
    for (let more = true; more; ) {
      const done = step(state, at);
      more = done.more;
      if (done.runs.length > 0) sending.push(state.dispatcher.send(done.runs));
      // Lets what was sent go out, and executors in, before the next batch is decided.
      if (more) await scheduler.wait(0);
    }
  }
  await Promise.all(sending);
}
