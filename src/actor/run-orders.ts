/**
 * What is ordered when a run ends: the captures that its notifications want, and the news that people hear of it. Orders go
 * out right after the commit that ended the run, because news is news; and no row is written for them: the run's own row
 * stays in the outbox until they are sent. A crash in between sends an order twice, and the ledgers keep what they have.
 */
import type { ProjectScope } from "../domain/access.ts";
import { inBatches } from "../domain/batches.ts";
import { type CaptureOrder, NEWS_BUDGET_MS } from "../domain/captures/capture.ts";
import type { RunId } from "../domain/ids.ts";
import type { AnnounceOrder, DeliveryOrder } from "../domain/news/delivery-order.ts";
import { type Notification, wantedCaptures } from "../domain/notification.ts";
import type { Instant } from "../domain/time/instant.ts";
import { newsOfEnd } from "./run-news.ts";
import type { LiveRun } from "./run-row.ts";
import type { ScheduleTable } from "./schedule-table.ts";
import type { SettingsTable } from "./settings-table.ts";
import { withinTime } from "./within-time.ts";

/** What the orders of a project are made of, and where they go. */
export interface OrderSources {
  readonly scope: ProjectScope;
  readonly captures: Pick<Queue<CaptureOrder>, "sendBatch">;
  readonly deliveries: Pick<Queue<DeliveryOrder>, "sendBatch">;
  readonly schedules: Pick<ScheduleTable, "get">;
  readonly settings: Pick<SettingsTable, "read">;
  readonly now: () => Instant;
}

/** The orders of one run. */
interface Orders {
  readonly run: RunId;
  readonly captures: CaptureOrder | null;
  readonly news: AnnounceOrder | null;
}

export class RunOrders {
  readonly #sources: OrderSources;
  /** Noted in a transaction, and not handed to the queues yet. */
  #noted: readonly LiveRun[] = [];
  /** Of the runs that are still in the actor: those whose orders are at the queues, or on their way there. */
  readonly #sent = new Map<RunId, Promise<boolean>>();

  constructor(sources: OrderSources) {
    this.#sources = sources;
  }

  /** Notes, inside a transaction, a run that ended, or whose attempt failed. */
  note(run: LiveRun): void {
    if (this.#ordersOf(run) !== null) this.#noted = [...this.#noted, run];
  }

  /** The transaction did not commit, or the project is gone. */
  forget(): void {
    this.#noted = [];
  }

  /** Sends what was noted; called in the turn of the commit. Never throws: what is not sent now goes with `ensure`. */
  async send(): Promise<void> {
    const noted = this.#noted;
    this.#noted = [];
    if (noted.length > 0) await this.ensure(noted);
  }

  /** Sees to it that the orders of finished runs are sent. Answers the runs whose order could not be. Never throws. */
  async ensure(runs: readonly LiveRun[]): Promise<ReadonlySet<RunId>> {
    const orders = runs
      .filter(({ id }) => !this.#sent.has(id))
      .map((run) => this.#ordersOf(run))
      .filter((one) => one !== null);
    for (const some of inBatches(orders, ({ news }) => news)) {
      const sent = this.#sendAll(some);
      for (const { run } of some) this.#sent.set(run, sent);
    }
    const answers = await Promise.all(runs.map(async ({ id }) => [id, (await this.#sent.get(id)) ?? true] as const));
    const unsent = answers.filter(([, isSent]) => !isSent).map(([id]) => id);
    this.left(unsent);
    return new Set(unsent);
  }

  /** Nothing of these runs is to be remembered any more: they have left the actor. */
  left(runs: readonly RunId[]): void {
    for (const run of runs) this.#sent.delete(run);
  }

  async #sendAll(orders: readonly Orders[]): Promise<boolean> {
    const { captures, deliveries, scope } = this.#sources;
    const bodies = <Order>(all: readonly (Order | null)[]) =>
      all.filter((body) => body !== null).map((body) => ({ body }));
    const wanted = bodies(orders.map((one) => one.captures));
    const news = bodies(orders.map((one) => one.news));
    try {
      // First the captures: the news that waits for them finds them on their way.
      if (wanted.length > 0) await withinTime(captures.sendBatch(wanted));
      if (news.length > 0) await withinTime(deliveries.sendBatch(news));
      return true;
    } catch (cause) {
      console.error({ event: "orders_not_sent", project: scope.projectId, cause: String(cause) });
      return false;
    }
  }

  /** Null when nothing is to be ordered. Never throws: a schedule that cannot be read keeps no run from ending. */
  #ordersOf(run: LiveRun): Orders | null {
    try {
      const { scope, settings } = this.#sources;
      const schedule = run.scheduleId === null ? null : this.#sources.schedules.get(run.scheduleId);
      const notifications = run.notifications ?? schedule?.spec.notifications ?? [];
      const captures = this.#captureOrder(run, notifications);
      const told = newsOfEnd(run, schedule, { notifications, events: settings.read().events });
      const { workspaceId: workspace, projectId: project } = scope;
      const news: AnnounceOrder | null = told && { kind: "announce", workspace, project, news: told };
      return captures === null && news === null ? null : { run: run.id, captures, news };
    } catch (cause) {
      console.error({ event: "schedule_unreadable", schedule: run.scheduleId, run: run.id, cause: String(cause) });
      return null;
    }
  }

  #captureOrder(run: LiveRun, notifications: readonly Notification[]): CaptureOrder | null {
    const formats = wantedCaptures(notifications, run);
    if (formats.length === 0) return null;
    const { scope, settings, now } = this.#sources;
    return {
      workspace: scope.workspaceId,
      project: scope.projectId,
      run: run.id,
      formats,
      cause: "notification",
      orderedAt: now(),
      newsBy: (run.finishedAt ?? now()) + NEWS_BUDGET_MS,
      plan: settings.read().plan,
    };
  }
}
