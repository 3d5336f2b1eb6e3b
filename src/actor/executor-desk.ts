/** The verbs of executors and of the queue, carried out on the desk. A project that is closed knows none of their runs. */
import type { Claim, RunKey } from "../domain/claim.ts";
import type { RunId } from "../domain/ids.ts";
import type { Outcome } from "../domain/run.ts";
import type { Desk } from "./desk.ts";
import { begin, finish, giveUp, noteProgress, renew } from "./executing.ts";
import type { Progress } from "./rpc.ts";
import type { ProjectState } from "./state.ts";

export class ExecutorDesk {
  readonly #state: ProjectState;
  readonly #desk: Desk;

  constructor(state: ProjectState, desk: Desk) {
    this.#state = state;
    this.#desk = desk;
  }

  async begin(runs: readonly RunKey[]): Promise<readonly Claim[]> {
    if (!this.#desk.isOpen) return [];
    const { claims, send } = this.#desk.committed(() => begin(this.#state, runs, this.#state.now()));
    await this.#desk.afterCommit(send);
    return claims;
  }

  async renew(runs: readonly RunKey[]): Promise<readonly RunId[]> {
    if (!this.#desk.isOpen) return runs.map((key) => key.run);
    const lost = this.#desk.committed(() => renew(this.#state, runs, this.#state.now()));
    await this.#state.gate.handOver([]);
    return lost;
  }

  async progress(notes: readonly Progress[]): Promise<void> {
    if (this.#desk.isOpen) this.#desk.committed(() => noteProgress(this.#state, notes));
  }

  async finish(outcomes: readonly { readonly run: RunKey; readonly outcome: Outcome }[]): Promise<void> {
    if (!this.#desk.isOpen) return;
    await this.#desk.afterCommit(this.#desk.committed(() => finish(this.#state, outcomes)));
  }

  async undeliverable(runs: readonly RunKey[]): Promise<void> {
    if (!this.#desk.isOpen) return;
    await this.#desk.afterCommit(this.#desk.committed(() => giveUp(this.#state, runs, this.#state.now())));
  }
}
