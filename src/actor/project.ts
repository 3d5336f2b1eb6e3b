/**
 * The project: one Durable Object, the only writer of its own state. This file is its border, and nothing but that: the
 * verbs that doors and queues call, and the alarm. `desk.ts` says how a verb is carried out.
 */
import { DurableObject } from "cloudflare:workers";
import { ProjectRegistry } from "../directory/registry.ts";
import type { Claim, RunKey } from "../domain/claim.ts";
import { notFound } from "../domain/errors.ts";
import type { CodeBundle, FunctionSpec, Version } from "../domain/function.ts";
import type { RunId, ScheduleId } from "../domain/ids.ts";
import { fail, ok } from "../domain/result.ts";
import type { Outcome, Run } from "../domain/run.ts";
import type { Schedule, SchedulePatch } from "../domain/schedule.ts";
import type { Instant } from "../domain/time/instant.ts";
import { type Env, readConfig } from "../env.ts";
import { D1RunLog } from "../runlog/d1-runlog.ts";
import { newId, now } from "../system.ts";
import { changePlan, takeUp } from "./changing-plans.ts";
import { changeSettings } from "./changing-settings.ts";
import { checkUp } from "./checking-up.ts";
import { Desk } from "./desk.ts";
import { ExecutorDesk } from "./executor-desk.ts";
import { identify } from "./identity.ts";
import { notificationsDue } from "./notifications-due.ts";
import { usageOf } from "./plan-limits.ts";
import { publish } from "./publishing.ts";
import { listenerOf, reachSlots } from "./reach.ts";
import { ringAlarm } from "./ringing.ts";
import type {
  Answer,
  AppFacts,
  Checkup,
  Idempotency,
  NewRun,
  Page,
  PageRequest,
  PlanChange,
  Progress,
  ProjectSettings,
  ProjectUsage,
  ProjectVerbs,
  PublicationPlan,
  PublicationWish,
  RunFilter,
  RunPage,
  ScheduleFilter,
  SettingsChange,
  WorkspaceNotice,
} from "./rpc.ts";
import { patchSchedule } from "./saving-schedules.ts";
import { ScheduleDesk } from "./schedule-desk.ts";
import { isOpened, migrate } from "./schema.ts";
import { appOf } from "./showing-app.ts";
import { comingSchedules, overviewOf } from "./showing-overview.ts";
import { cancelRun, completeRun, startRun, toRun } from "./starting-runs.ts";
import { makeState, type ProjectState } from "./state.ts";
import * as steering from "./steering-schedules.ts";
import { orMissing } from "./version-table.ts";

export class Project extends DurableObject<Env> implements ProjectVerbs {
  readonly #state: ProjectState;
  readonly #desk: Desk;
  readonly #schedules: ScheduleDesk;
  readonly #executors: ExecutorDesk;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);
    const scope = identify(context.id);
    const waitUntil = (work: Promise<unknown>) => context.waitUntil(work);
    this.#state = makeState({
      scope,
      storage: context.storage,
      now,
      newId,
      retryLimits: readConfig(env).retry,
      queue: env.RUNS,
      captures: env.CAPTURES,
      deliveries: env.DELIVERIES,
      log: new D1RunLog(env.RUNLOG),
      registry: new ProjectRegistry(env.DIRECTORY),
      slots: reachSlots(context.exports, scope),
      sockets: context,
      waitUntil,
    });
    this.#desk = new Desk(this.#state, waitUntil);
    this.#schedules = new ScheduleDesk(this.#state, this.#desk);
    this.#executors = new ExecutorDesk(this.#state, this.#desk);
    context.blockConcurrencyWhile(() => this.#load());
  }

  /** Only what was opened has tables: a late message for a deleted project finds nothing and makes nothing. */
  async #load(): Promise<void> {
    if (!isOpened(this.ctx.storage.sql)) return;
    this.#desk.open();
    migrate(this.ctx.storage);
    this.#state.outbox.load();
    this.#state.notices.load();
    await this.#state.clock.load();
  }

  /** Never throws: after seven throws the platform drops the alarm without a word. */
  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    if (this.#desk.isOpen) await ringAlarm(this.#state, this.#desk, info?.isRetry ?? false);
  }

  /** A request to listen; a door has seen that it may. Nothing else is fetched of a project. */
  override fetch(request: Request): Response {
    if (!this.#desk.isOpen) return new Response(null, { status: 404 });
    return this.#state.listeners.take(listenerOf(request));
  }

  override webSocketMessage(socket: WebSocket): void {
    this.#state.listeners.refuse(socket);
  }

  // Life and settings.

  async open({ timezone, plan, events = [] }: Parameters<ProjectVerbs["open"]>[0]): Promise<void> {
    migrate(this.ctx.storage);
    if (!this.#desk.isOpen) this.#state.settings.change({ timezone, plan, ...takeUp(this.#state, events) });
    this.#desk.open();
  }

  async changePlan(notice: WorkspaceNotice): Answer<PlanChange> {
    return this.#desk.write((at) => ok(changePlan(this.#state, notice, at)), {
      activates: ({ resumed }) => resumed.length > 0,
    });
  }

  async close(): Promise<void> {
    this.#desk.close();
    this.#state.listeners.close();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  async settings(): Answer<ProjectSettings> {
    return this.#desk.read(() => ok(this.#state.settings.read()));
  }

  async changeSettings(change: SettingsChange, idempotency?: Idempotency): Answer<ProjectSettings> {
    return this.#desk.write((at) => ok(changeSettings(this.#state, change, at)), { idempotency });
  }

  async usage(): Answer<ProjectUsage> {
    return this.#desk.read(() => ok(usageOf(this.#state, now())));
  }

  async overview(since: Instant): ReturnType<ProjectVerbs["overview"]> {
    return this.#desk.read(() => ok(overviewOf(this.#state, since, now())));
  }

  // Schedules.

  async saveSchedules(...given: Parameters<ProjectVerbs["saveSchedules"]>): ReturnType<ProjectVerbs["saveSchedules"]> {
    return this.#schedules.save(...given);
  }

  async schedule(id: ScheduleId): Answer<Schedule> {
    return this.#schedules.show(id);
  }

  async schedules(filter: ScheduleFilter, page: PageRequest): Answer<Page<Schedule>> {
    return this.#desk.read(() => ok(this.#state.schedules.list(filter, page)));
  }

  async changeSchedule(id: ScheduleId, patch: SchedulePatch, expectedUpdatedAt?: Instant): Answer<Schedule> {
    return this.#desk.write((at) => patchSchedule(this.#state, id, patch, at, expectedUpdatedAt));
  }

  async notificationsDue(until: Instant): ReturnType<ProjectVerbs["notificationsDue"]> {
    return this.#desk.read(() => ok(notificationsDue(this.#state, until)));
  }

  async comingSchedules(until: Instant): ReturnType<ProjectVerbs["comingSchedules"]> {
    return this.#desk.read(() => ok(comingSchedules(this.#state, until)));
  }

  async cancelSchedule(id: ScheduleId): Answer<Schedule> {
    return this.#schedules.change(id, (schedule, at) => ok(steering.cancelSchedule(this.#state, schedule, at)));
  }

  async cancelSchedulesOf(fn: string, dryRun: boolean): Answer<{ readonly cancelled: number }> {
    return this.#desk.write((at) => ok(steering.cancelSchedulesOf(this.#state, fn, dryRun, at)));
  }

  async pauseSchedule(id: ScheduleId, reason: string | null): Answer<Schedule> {
    return this.#schedules.change(id, (schedule, at) => steering.pauseSchedule(this.#state, schedule, reason, at));
  }

  async resumeSchedule(id: ScheduleId): Answer<Schedule> {
    return this.#schedules.change(id, (schedule, at) => steering.resumeSchedule(this.#state, schedule, at));
  }

  async skipNext(id: ScheduleId, idempotency?: Idempotency): ReturnType<ProjectVerbs["skipNext"]> {
    return this.#schedules.change(id, (schedule, at) => steering.skipNext(this.#state, schedule, at), idempotency);
  }

  async backfill(...given: Parameters<ProjectVerbs["backfill"]>): ReturnType<ProjectVerbs["backfill"]> {
    return this.#schedules.backfill(...given);
  }

  async runNow(id: ScheduleId, idempotency?: Idempotency): Answer<Run> {
    return this.#schedules.runNow(id, idempotency);
  }

  // Runs.

  async startRun(wish: NewRun, idempotency?: Idempotency): Answer<Run> {
    return this.#desk.start((at) => startRun(this.#state, wish, at), idempotency);
  }

  async run(id: RunId): Answer<Run> {
    return this.#desk.read(() => {
      const run = this.#state.runs.find(id);
      return run === null ? fail(notFound("run", id)) : ok(toRun(run));
    });
  }

  async liveRuns(filter: RunFilter, page: RunPage): Answer<readonly Run[]> {
    return this.#desk.read(() => ok(this.#state.runs.list(filter, page).map(toRun)));
  }

  async cancelRun(id: RunId): Answer<Run> {
    return this.#desk.start((at) => cancelRun(this.#state, id, at));
  }

  async completeRun(id: RunId, outcome: Exclude<Outcome, { kind: "accepted" }>): Answer<Run> {
    return this.#desk.start(() => completeRun(this.#state, id, outcome));
  }

  // Versions.

  async addVersion(
    functions: readonly FunctionSpec[],
    code: CodeBundle | null = null,
    idempotency?: Idempotency,
  ): Answer<Version> {
    return this.#desk.write((at) => ok(this.#state.versions.add(functions, code, at)), { idempotency });
  }

  async version(number: number): Answer<Version> {
    return this.#desk.read(() => orMissing(this.#state.versions.get(number), String(number)));
  }

  async versions(page: PageRequest): Answer<Page<Version>> {
    return this.#desk.read(() => ok(this.#state.versions.list(page)));
  }

  async published(): Answer<Version> {
    return this.#desk.read(() => orMissing(this.#state.versions.published(), "published"));
  }

  async publish(version: number, wish: PublicationWish = {}): Answer<PublicationPlan> {
    return this.#desk.sending(
      (at) => publish(this.#state, version, wish, at),
      ({ plan }) => plan,
      { activates: () => wish.dryRun !== true && this.#state.schedules.hasActive() },
    );
  }

  async app(): Answer<AppFacts> {
    return this.#desk.read(() => ok(appOf(this.#state)));
  }

  // The executor's side.

  async begin(runs: readonly RunKey[]): Promise<readonly Claim[]> {
    return this.#executors.begin(runs);
  }

  async renew(runs: readonly RunKey[]): Promise<readonly RunId[]> {
    return this.#executors.renew(runs);
  }

  async progress(notes: readonly Progress[]): Promise<void> {
    await this.#executors.progress(notes);
  }

  async finish(outcomes: readonly { readonly run: RunKey; readonly outcome: Outcome }[]): Promise<void> {
    await this.#executors.finish(outcomes);
  }

  async undeliverable(runs: readonly RunKey[]): Promise<void> {
    await this.#executors.undeliverable(runs);
  }

  // The watchdog's side.

  async checkUp(isDaily: boolean, notice?: WorkspaceNotice): Promise<Checkup> {
    if (!this.#desk.isOpen) return { repaired: false, active: false, paused: [], resumed: [] };
    this.#desk.flush();
    const found = await checkUp(this.#state, isDaily);
    const change = notice === undefined ? undefined : await this.changePlan(notice);
    return { ...found, paused: [], resumed: [], ...(change?.ok ? change.value : {}) };
  }
}
