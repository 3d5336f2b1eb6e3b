/** What happens when the alarm rings. */
import { MINUTE_MS } from "../domain/time/instant.ts";
import type { Desk } from "./desk.ts";
import { FIRING_BATCH_SIZE, fireDue, SHARED_BATCH_SIZE } from "./firing.ts";
import { hasNeighbours, noteAtWork, PAUSE_MS } from "./neighbours.ts";
import { type ProjectState, soonest } from "./state.ts";
import { wakeRuns } from "./waking.ts";

/** The next ring after a fault in this one, and the safety net under a ring that repeats one. */
const AFTER_FAULT_MS = MINUTE_MS;

/** Never throws: whatever goes wrong, a next ring is set. */
export async function ringAlarm(state: ProjectState, desk: Desk, isRetry: boolean): Promise<void> {
  const { clock, now } = state;
  noteAtWork(state.scope.workspaceId, now());
  clock.rang();
  desk.rang();
  try {
    // An earlier ring did not come to its end. Should this one not either, the platform's own repetitions may run out.
    if (isRetry) await clock.arm(now() + AFTER_FAULT_MS, now());
    await doAllThatIsDue(state);
    desk.tell();
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
  const isShared = () => hasNeighbours(state.scope.workspaceId, state.now());
  const fire = () => fireDue(state, at, isShared() ? SHARED_BATCH_SIZE : FIRING_BATCH_SIZE);
  for (const step of [fire, () => wakeRuns(state, at)]) {
    for (let more = true; more; ) {
      const done = step();
      more = done.more;
      sending.push(state.gate.handOver(done.runs));
      // Lets what was sent go out, and executors and other actors in, before the next batch is decided.
      if (more) await scheduler.wait(isShared() ? PAUSE_MS : 0);
    }
  }
  await Promise.all(sending);
}
