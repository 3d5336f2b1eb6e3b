/** Tells projects how far their running runs have come: what comes in while a note is being sent travels with the next. */
import { reachProject } from "../actor/reach.ts";
import type { Progress } from "../actor/rpc.ts";
import { mintProjectScope } from "../domain/access.ts";
import type { RunRef } from "../domain/claim.ts";
import type { Output } from "../domain/run.ts";
import type { Env } from "../env.ts";

interface Line {
  /** The latest of each run. */
  readonly waiting: Map<string, Progress>;
  sending: Promise<void> | undefined;
}

export class ProgressReporter {
  readonly #env: Pick<Env, "PROJECT">;
  /** One for each project. */
  readonly #lines = new Map<string, Line>();

  constructor(env: Pick<Env, "PROJECT">) {
    this.#env = env;
  }

  /** Resolves when the note was taken. It is not sent twice: the next one says more. */
  async report(ref: RunRef, output: Output): Promise<void> {
    const line = this.#lines.get(ref.project) ?? { waiting: new Map(), sending: undefined };
    this.#lines.set(ref.project, line);
    line.waiting.set(ref.run, { run: { schedule: ref.schedule, run: ref.run }, output });
    line.sending ??= this.#sendAll(ref, line);
    await line.sending;
  }

  async #sendAll(ref: RunRef, line: Line): Promise<void> {
    try {
      while (line.waiting.size > 0) {
        const notes = [...line.waiting.values()];
        line.waiting.clear();
        await reachProject(this.#env, mintProjectScope(ref.workspace, ref.project)).progress(notes);
      }
    } finally {
      line.sending = undefined;
    }
  }
}
