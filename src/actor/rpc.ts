/**
 * What a project answers to: the types that cross the border between the doors and the actor. Plain data both ways, so
 * that no stub outlives its call. Expected failures come back as values; a rejected promise is always a fault.
 */
import type { CaptureLayout } from "../domain/captures/capture.ts";
import type { Claim, RunKey } from "../domain/claim.ts";
import type { Failure } from "../domain/errors.ts";
import type { CodeBundle, FunctionSpec, Version } from "../domain/function.ts";
import type { RunId, ScheduleId } from "../domain/ids.ts";
import type { Json } from "../domain/json.ts";
import type { NewsSchedule, WebhookEvent } from "../domain/news/news.ts";
import type { Notification, NotificationInput } from "../domain/notification.ts";
import type { ComingSchedules, ProjectOverview } from "../domain/overview.ts";
import type { PlanName } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import type { Outcome, Output, Run, RunContext, RunStatus } from "../domain/run.ts";
import type { Schedule, ScheduleInput, ScheduleOrigin, SchedulePatch, SoughtState } from "../domain/schedule.ts";
import type { Instant } from "../domain/time/instant.ts";

export type Answer<Value> = Promise<Replayable<Value>>;

/** A result; `replayed` marks one that was given before, under the same idempotency key. */
export type Replayable<Value> = Result<Value, Failure> & { readonly replayed?: true };

/** Makes a write happen once: the same key and fingerprint again gets the first answer. Absent: no such wish. */
export interface Idempotency {
  readonly key: string;
  /** A hash of the request; a key that comes back with another one is refused. */
  readonly fingerprint: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** The id after which the next page begins; null on the last page. */
  readonly next: string | null;
}

export interface PageRequest {
  readonly limit: number;
  readonly after?: string | undefined;
}

export interface ScheduleFilter {
  readonly state?: SoughtState | undefined;
  readonly fn?: string | undefined;
  readonly origin?: ScheduleOrigin | undefined;
}

/** One answer of a batch, and of an upsert by key. */
export interface SavedSchedule {
  readonly change: "created" | "updated" | "unchanged";
  readonly schedule: Schedule;
  /** Ids of the people and groups whom its notifications name, and named by nothing that was saved before. */
  readonly newlyNamed: readonly string[];
}

/** Whom a schedule that is due soon will tell. */
export interface DueNotifications {
  readonly schedule: NewsSchedule;
  readonly notifications: readonly Notification[];
}

export interface NewRun {
  /** Absent: the whole project. */
  readonly fn?: string | undefined;
  readonly args?: Json | undefined;
  readonly context: RunContext;
  /** Absent: the published version. */
  readonly version?: number | undefined;
  /** Who hears of it. */
  readonly notifications?: readonly NotificationInput[] | undefined;
}

export interface RunFilter {
  readonly schedule?: ScheduleId | undefined;
  readonly status?: RunStatus | undefined;
  readonly context?: RunContext | undefined;
  readonly fn?: string | undefined;
  /** Only this run and its retries. */
  readonly origin?: RunId | undefined;
}

export interface RunPage {
  readonly limit: number;
  /** Only runs whose id is lower. */
  readonly before?: RunId | undefined;
}

/** What publishing did, or would do, to the metadata schedules. */
export interface PublicationPlan {
  readonly version: number;
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: readonly string[];
  /** The run that brings the app up to date; null where none was asked for. */
  readonly run: RunId | null;
}

export interface PublicationWish {
  readonly dryRun?: boolean | undefined;
  /** Whether to run the whole project at once, in the context `app`, for the app to show. */
  readonly refresh?: boolean | undefined;
  /** Where the publisher reached this deployment; functions that answer 202 are told it. */
  readonly origin?: string | undefined;
}

/** What the app shows on opening: what earlier runs left, or what a run of the visitor's own brings. */
export const APP_OPENINGS = ["previous", "run"] as const;
export type AppOpening = (typeof APP_OPENINGS)[number];

/** The last good output of one function, or with `fn` null of the whole project. */
export interface AppItem {
  readonly fn: string | null;
  readonly run: RunId;
  readonly scheduledFor: Instant;
  readonly finishedAt: Instant;
  readonly output: Output;
}

/** What the app is made of. */
export interface AppFacts {
  readonly opensWith: AppOpening;
  readonly url: string | null;
  /** The functions of the published version, in their order. */
  readonly functions: readonly string[];
  /** What the whole project's latest good run left first; then what later runs of single functions did. */
  readonly items: readonly AppItem[];
}

/** How far a running run has come. */
export interface Progress {
  readonly run: RunKey;
  readonly output: Output;
}

export interface ProjectSettings {
  /** The zone of schedules that name none. */
  readonly timezone: string;
  /** Counts up when the signing secret is rotated; the previous one stays valid until `secretOverlapUntil`. */
  readonly secretGeneration: number;
  readonly secretOverlapUntil: Instant | null;
  readonly appOpensWith: AppOpening;
  /** The page that stands in for the app; null: Carillon shows it. */
  readonly appUrl: string | null;
  readonly captureLayout: CaptureLayout;
  /** What is visible on the page at `appUrl` once it is ready, as a CSS selector; null: none was named. */
  readonly captureReadySelector: string | null;
}

/** What a project is told of its workspace; `order` counts the changes of either. */
export interface WorkspaceNotice {
  readonly plan: PlanName;
  readonly order: number;
  /** What the project announces to the workspace's endpoints. Absent: as it was (an older door does not know). */
  readonly events?: readonly WebhookEvent[] | undefined;
}

/** What is used of the limits that hold for one project. */
export interface ProjectUsage {
  /** Living ones, paused ones included. */
  readonly schedules: number;
  /** Begun since midnight UTC; see `run-counter.ts` on how exactly. */
  readonly runsToday: number;
  /** At this moment; a run that waits for its completion is not counted. */
  readonly running: number;
}

export interface SettingsChange {
  readonly timezone?: string;
  /** A new signing secret; the old one stays valid for a while beside it. */
  readonly rotateSecret?: true;
  readonly appOpensWith?: AppOpening;
  readonly appUrl?: string | null;
  /** What it does not name stays. */
  readonly captureLayout?: Partial<CaptureLayout>;
  readonly captureReadySelector?: string | null;
}

/** What a change of plan did to the schedules. */
export interface PlanChange {
  /** What no longer fits, and why in words. */
  readonly paused: readonly { readonly id: ScheduleId; readonly reason: string }[];
  /** What an earlier change of plan had paused and fits now. */
  readonly resumed: readonly ScheduleId[];
}

/** What the watchdog found, and what the plan that it brought changed. */
export interface Checkup extends PlanChange {
  readonly repaired: boolean;
  readonly active: boolean;
}

/** The verbs of a project. `src/actor/project.ts` implements them; doors and queues see nothing else. */
export interface ProjectVerbs {
  /** Makes the project usable. Again with the same facts: nothing. */
  open(settings: {
    readonly timezone: string;
    readonly plan: PlanName;
    readonly events?: readonly WebhookEvent[] | undefined;
  }): Promise<void>;
  settings(): Answer<ProjectSettings>;
  usage(): Answer<ProjectUsage>;
  /** With the runs that have ended and whose occurrences are not before `since`. */
  overview(since: Instant): Answer<ProjectOverview>;
  changeSettings(change: SettingsChange, idempotency?: Idempotency): Answer<ProjectSettings>;
  /** The workspace has another plan, or other endpoints. Deletes nothing; the same again changes nothing. */
  changePlan(notice: WorkspaceNotice): Answer<PlanChange>;
  /** Ends the project for good: no alarm, no rows. */
  close(): Promise<void>;

  saveSchedules(
    inputs: readonly ScheduleInput[],
    idempotency?: Idempotency,
  ): Answer<readonly Result<SavedSchedule, Failure>[]>;
  schedule(id: ScheduleId): Answer<Schedule>;
  schedules(filter: ScheduleFilter, page: PageRequest): Answer<Page<Schedule>>;
  /** The notifications of schedules that are due up to then, and that have recipients; at most so many as one look may take. */
  notificationsDue(until: Instant): Answer<readonly DueNotifications[]>;
  /** What is due up to then, the soonest first; at most so many as one look may take. */
  comingSchedules(until: Instant): Answer<ComingSchedules>;
  /** `expectedUpdatedAt`: refuses when somebody changed the schedule since. */
  changeSchedule(id: ScheduleId, patch: SchedulePatch, expectedUpdatedAt?: Instant): Answer<Schedule>;
  cancelSchedule(id: ScheduleId): Answer<Schedule>;
  /** Every active or paused schedule of a function; `dryRun` only counts. */
  cancelSchedulesOf(fn: string, dryRun: boolean): Answer<{ readonly cancelled: number }>;
  pauseSchedule(id: ScheduleId, reason: string | null): Answer<Schedule>;
  resumeSchedule(id: ScheduleId): Answer<Schedule>;
  /** Skips the next occurrence that is not decided yet. */
  skipNext(
    id: ScheduleId,
    idempotency?: Idempotency,
  ): Answer<{ readonly schedule: Schedule; readonly skipped: Instant }>;
  /** Runs every occurrence in [from, to) once more, one after another. */
  backfill(
    id: ScheduleId,
    range: { readonly from: Instant; readonly to: Instant },
    idempotency?: Idempotency,
  ): Answer<{ readonly backfill: string; readonly occurrences: number }>;
  runNow(id: ScheduleId, idempotency?: Idempotency): Answer<Run>;

  startRun(run: NewRun, idempotency?: Idempotency): Answer<Run>;
  run(id: RunId): Answer<Run>;
  /** Live runs and finished ones on their way to the run log, newest first. */
  liveRuns(filter: RunFilter, page: RunPage): Answer<readonly Run[]>;
  cancelRun(id: RunId): Answer<Run>;
  /** Ends a run whose function answered 202. */
  completeRun(id: RunId, outcome: Exclude<Outcome, { kind: "accepted" }>): Answer<Run>;

  addVersion(functions: readonly FunctionSpec[], code?: CodeBundle | null, idempotency?: Idempotency): Answer<Version>;
  version(number: number): Answer<Version>;
  versions(page: PageRequest): Answer<Page<Version>>;
  published(): Answer<Version>;
  publish(version: number, wish?: PublicationWish): Answer<PublicationPlan>;
  /** What the app shows now. */
  app(): Answer<AppFacts>;

  /** Claims runs for an executor; those already claimed, ended or unknown are left out. */
  begin(runs: readonly RunKey[]): Promise<readonly Claim[]>;
  /** Keeps the leases of these runs; answers those that are no longer the executor's to run. */
  renew(runs: readonly RunKey[]): Promise<readonly RunId[]>;
  /** Records what running runs have produced so far; of one that does not run any more, nothing. */
  progress(notes: readonly Progress[]): Promise<void>;
  finish(outcomes: readonly { readonly run: RunKey; readonly outcome: Outcome }[]): Promise<void>;
  /** Says that the queue gave these up. */
  undeliverable(runs: readonly RunKey[]): Promise<void>;
  /**
   * Re-arms what was lost, and takes up what its workspace is by now if it was not told of it. Once a day it also tidies up and
   * tells the directory again what it may have missed.
   */
  checkUp(isDaily: boolean, notice?: WorkspaceNotice): Promise<Checkup>;
}
