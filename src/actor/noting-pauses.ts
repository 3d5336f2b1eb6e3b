/** A schedule that stops is told to the endpoints that asked for it. Called inside the transaction that stops it. */
import type { Instant } from "../domain/time/instant.ts";
import { newsOfPause } from "./run-news.ts";
import type { StoredSchedule } from "./schedule-table.ts";
import type { ProjectState } from "./state.ts";

/** Writes nothing where nobody asked. */
export function notePaused({ notices, settings }: ProjectState, schedule: StoredSchedule, at: Instant): void {
  if (settings.read().events.includes("schedule.paused")) notices.add(newsOfPause(schedule, schedule.reason, at));
}
