/** What a project's page is made of: the project at a glance, and what comes. Types only; pure. */
import type { ScheduleId } from "./ids.ts";
import type { Run } from "./run.ts";
import type { EndedRun } from "./run-counts.ts";
import type { ComingSchedule, Upcoming } from "./upcoming.ts";

/** An occurrence, and the schedule that runs then. */
export interface NextOccurrence extends Upcoming {
  readonly schedule: ScheduleId;
  readonly fn: string | null;
  readonly timezone: string;
}

/** A project at a glance. */
export interface ProjectOverview {
  readonly timezone: string;
  readonly schedules: Readonly<Record<"active" | "paused" | "quarantined", number>>;
  readonly next: NextOccurrence | null;
  /** The newest run that the actor has; the run log may have a newer one. */
  readonly last: Run | null;
  /** Those that the run log may not have yet. */
  readonly ended: readonly EndedRun[];
}

/** The active schedules that are due soonest. */
export interface ComingSchedules {
  readonly timezone: string;
  readonly schedules: readonly ComingSchedule[];
  /** Whether more are due in the time that was asked about. */
  readonly more: boolean;
}
