/** What people change of a project's settings. Called inside a transaction. */
import { DAY_MS, type Instant } from "../domain/time/instant.ts";
import type { ProjectSettings, SettingsChange } from "./rpc.ts";
import type { ProjectState } from "./state.ts";

/** How long the previous signing secret stays valid after a rotation, so that receivers can change over. */
export const SECRET_OVERLAP_MS = DAY_MS;

export function changeSettings(state: ProjectState, change: SettingsChange, now: Instant): ProjectSettings {
  const { secretGeneration, captureLayout } = state.settings.read();
  return state.settings.change({
    ...(change.timezone === undefined ? {} : { timezone: change.timezone }),
    ...(change.appOpensWith === undefined ? {} : { appOpensWith: change.appOpensWith }),
    ...(change.appUrl === undefined ? {} : { appUrl: change.appUrl }),
    ...(change.captureLayout === undefined ? {} : { captureLayout: { ...captureLayout, ...change.captureLayout } }),
    ...(change.captureReadySelector === undefined ? {} : { captureReadySelector: change.captureReadySelector }),
    ...(change.rotateSecret
      ? { secretGeneration: secretGeneration + 1, secretOverlapUntil: now + SECRET_OVERLAP_MS }
      : {}),
  });
}
