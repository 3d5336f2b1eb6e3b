/** Keeps the directory told whether the watchdog has to look after this project. */
import type { ProjectScope } from "../domain/access.ts";
import type { ProjectState } from "./state.ts";

/** Where projects with active schedules are listed. `order` counts up: an older telling never undoes a newer one. */
export interface Registry {
  setActive(scope: ProjectScope, active: boolean, order: number): Promise<void>;
}

/** Notes, inside the caller's transaction, that the project has something to watch. True when that is news. */
export function noteActive(state: ProjectState): boolean {
  const settings = state.settings.read();
  if (settings.isRegistered) return false;
  state.settings.change({ isRegistered: true, registrations: settings.registrations + 1 });
  return true;
}

/** Tells the directory what is noted. Never throws: what did not arrive is told again with the next save, or the next day. */
export async function tellRegistry(state: ProjectState): Promise<void> {
  const { isRegistered, registrations } = state.settings.read();
  try {
    await state.registry.setActive(state.scope, isRegistered, registrations);
  } catch (cause) {
    state.settings.change({ isRegistered: false });
    console.error({ event: "registry_unreachable", project: state.scope.projectId, cause: String(cause) });
  }
}
