/** Hands runs to the queue. A hand-over that fails loses nothing: the run is still in the actor and is sent again. */
import type { ProjectScope } from "../domain/access.ts";
import { SEND_BATCH_SIZE } from "../domain/batches.ts";
import type { RunKey, RunRef } from "../domain/claim.ts";
import { type Instant, MINUTE_MS, SECOND_MS } from "../domain/time/instant.ts";
import type { LiveRun } from "./run-row.ts";

/** How long a run may stay unbegun before it is sent again; doubled each time, so that a slow queue is not flooded. */
export const RESEND_AFTER_MS = 15 * SECOND_MS;
export const RESEND_AT_MOST_AFTER_MS = 10 * MINUTE_MS;

/** When a run that is sent now for the n-th time is sent again if nobody begins it. */
export const resendAt = (now: Instant, sends: number): Instant =>
  now + Math.min(RESEND_AFTER_MS * 2 ** Math.max(sends - 1, 0), RESEND_AT_MOST_AFTER_MS);

export const keyOf = (run: Pick<LiveRun, "scheduleId" | "id">): RunKey => ({ schedule: run.scheduleId, run: run.id });

export class Dispatcher {
  readonly #scope: ProjectScope;
  readonly #queue: Queue<RunRef>;

  constructor(scope: ProjectScope, queue: Queue<RunRef>) {
    this.#scope = scope;
    this.#queue = queue;
  }

  /** Sends in as few calls as the platform allows. Answers those that could not be sent, in their order. Never throws. */
  async send(keys: readonly RunKey[]): Promise<readonly RunKey[]> {
    const batches: Promise<readonly RunKey[]>[] = [];
    for (let start = 0; start < keys.length; start += SEND_BATCH_SIZE) {
      batches.push(this.#sendBatch(keys.slice(start, start + SEND_BATCH_SIZE)));
    }
    return (await Promise.all(batches)).flat();
  }

  async #sendBatch(batch: readonly RunKey[]): Promise<readonly RunKey[]> {
    const { workspaceId, projectId } = this.#scope;
    try {
      await this.#queue.sendBatch(
        batch.map((key) => ({ body: { ...key, workspace: workspaceId, project: projectId } })),
      );
      return [];
    } catch (cause) {
      console.error({ event: "runs_not_sent", project: projectId, cause: String(cause) });
      return batch;
    }
  }
}
