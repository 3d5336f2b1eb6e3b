/** What the watchdog has a project do: look whether its alarm can be relied on, and tidy up. */
import { DAY_MS } from "../domain/time/instant.ts";
import { tellRegistry } from "./registration.ts";
import type { Checkup, PlanChange } from "./rpc.ts";
import { type ProjectState, soonest } from "./state.ts";

/** How long ended schedules can still be read. */
const ENDED_KEPT_MS = 30 * DAY_MS;

/** `isDaily`: the one visit a day that also tidies up, and tells the directory once more what it may have missed. */
export async function checkUp(state: ProjectState, isDaily: boolean): Promise<Omit<Checkup, keyof PlanChange>> {
  if (isDaily) tidyUp(state);
  await state.gate.handOver([]);
  const repaired = await repairAlarm(state);
  return { repaired, active: await noteWhetherActive(state, isDaily) };
}

function tidyUp(state: ProjectState): void {
  const at = state.now();
  state.idempotency.forgetExpired(at);
  state.schedules.forgetEnded(at - ENDED_KEPT_MS);
}

async function repairAlarm(state: ProjectState): Promise<boolean> {
  const at = state.now();
  const wanted = soonest(state);
  if (await state.clock.isSound(wanted, at)) return false;
  console.warn({ event: "alarm_repaired", project: state.scope.projectId, due: wanted });
  await state.clock.arm(wanted, at);
  return true;
}

/** A project that has nothing left to wake for leaves the watchdog's list. */
async function noteWhetherActive(state: ProjectState, retell: boolean): Promise<boolean> {
  const isActive = soonest(state) !== null;
  const { isRegistered, registrations } = state.settings.read();
  if (isActive === isRegistered && !(isActive && retell)) return isActive;
  state.settings.change({ isRegistered: isActive, registrations: registrations + 1 });
  await tellRegistry(state);
  return isActive;
}
