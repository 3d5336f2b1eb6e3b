/**
 * Tells how far a run has come while it goes on: at most once a second, only when there is something new, and the rarer the
 * longer it has got, since all of it is stored each time.
 */
import type { Output } from "../domain/run.ts";
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";

const TELL_EVERY_MS: Milliseconds = SECOND_MS;
/** Each time it waits so much longer for the next one: fourteen minutes of a line a second are told some fifty times. */
const GROWTH = 1.1;
const TELL_RARELY_MS: Milliseconds = 30 * SECOND_MS;

export interface ProgressTools {
  /** Stores what there is by now. */
  readonly store: () => Promise<Output>;
  readonly tell: (output: Output) => Promise<void>;
}

/** A run that is over within the first second tells nothing on its way. */
export class Progress {
  readonly #tools: ProgressTools;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #telling: Promise<void> | undefined;
  #isOver = false;
  #wait: Milliseconds = TELL_EVERY_MS;

  constructor(tools: ProgressTools) {
    this.#tools = tools;
  }

  /** There is something new. */
  note(): void {
    if (this.#isOver) return;
    this.#timer ??= setTimeout(() => {
      this.#telling = this.#tell();
    }, this.#wait);
  }

  /** Resolves when nothing is on its way any more, so that the end is not overwritten by what came before it. */
  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#telling;
  }

  async #tell(): Promise<void> {
    this.#wait = Math.min(this.#wait * GROWTH, TELL_RARELY_MS);
    try {
      await this.#tools.tell(await this.#tools.store());
    } catch (cause) {
      // The run does not depend on being watched.
      console.warn({ event: "progress_not_told", cause: String(cause) });
    } finally {
      this.#timer = undefined;
    }
  }
}
