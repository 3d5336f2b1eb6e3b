/**
 * Orders for captures, which the notifications of a run's schedule want when it went well. An order goes out right after the
 * commit that ended the run, because news waits for its pictures; and no row is written for it: the run's own row stays in
 * the outbox until its order is sent. A crash in between sends an order twice, and the ledger keeps what it has.
 */
import type { ProjectScope } from "../domain/access.ts";
import { type CaptureOrder, NEWS_BUDGET_MS } from "../domain/captures/capture.ts";
import type { RunId } from "../domain/ids.ts";
import { wantedCaptures } from "../domain/notification.ts";
import type { Instant } from "../domain/time/instant.ts";
import { SEND_BATCH_SIZE } from "../env.ts";
import type { LiveRun } from "./run-row.ts";
import type { ScheduleTable } from "./schedule-table.ts";
import type { SettingsTable } from "./settings-table.ts";
import { withinTime } from "./within-time.ts";

/** What the orders of a project are made of, and where they go. */
export interface OrderSources {
  readonly scope: ProjectScope;
  readonly queue: Pick<Queue<CaptureOrder>, "sendBatch">;
  readonly schedules: Pick<ScheduleTable, "get">;
  readonly settings: Pick<SettingsTable, "read">;
  readonly now: () => Instant;
}

export class CaptureOrders {
  readonly #sources: OrderSources;
  /** Noted in a transaction, and not handed to the queue yet. */
  #noted: readonly LiveRun[] = [];
  /** Of the runs that are still in the actor: those whose orders are at the queue, or on their way there. */
  readonly #sent = new Map<RunId, Promise<boolean>>();

  constructor(sources: OrderSources) {
    this.#sources = sources;
  }

  /** Notes, inside a transaction, a run that ended. */
  note(run: LiveRun): void {
    if (this.#formats(run).length > 0) this.#noted = [...this.#noted, run];
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
    const orders = runs.filter(({ id }) => !this.#sent.has(id)).flatMap((run) => this.#orderOf(run));
    for (let start = 0; start < orders.length; start += SEND_BATCH_SIZE) {
      const some = orders.slice(start, start + SEND_BATCH_SIZE);
      const sent = this.#sendBatch(some);
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

  async #sendBatch(orders: readonly CaptureOrder[]): Promise<boolean> {
    try {
      await withinTime(this.#sources.queue.sendBatch(orders.map((body) => ({ body }))));
      return true;
    } catch (cause) {
      console.error({ event: "captures_not_ordered", project: this.#sources.scope.projectId, cause: String(cause) });
      return false;
    }
  }

  #orderOf(run: LiveRun): readonly CaptureOrder[] {
    const formats = this.#formats(run);
    if (formats.length === 0) return [];
    const { scope, settings, now } = this.#sources;
    return [
      {
        workspace: scope.workspaceId,
        project: scope.projectId,
        run: run.id,
        formats,
        cause: "notification",
        orderedAt: now(),
        newsBy: (run.finishedAt ?? now()) + NEWS_BUDGET_MS,
        plan: settings.read().plan,
      },
    ];
  }

  /** Never throws: a schedule that cannot be read keeps neither its run from ending nor other runs from the log. */
  #formats(run: LiveRun): ReturnType<typeof wantedCaptures> {
    if (run.scheduleId === null || run.status !== "succeeded") return [];
    try {
      return wantedCaptures(this.#sources.schedules.get(run.scheduleId)?.spec.notifications ?? [], run);
    } catch (cause) {
      console.error({ event: "schedule_unreadable", schedule: run.scheduleId, run: run.id, cause: String(cause) });
      return [];
    }
  }
}
