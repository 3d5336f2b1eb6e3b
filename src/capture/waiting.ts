/** Time that passes and time that runs out. By the runtime's timers: a clock that is pushed does not make a page load. */
import type { Milliseconds } from "../domain/time/instant.ts";

export const pause = (time: Milliseconds): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

/** Runs out once; to be ended when nobody asks any more. */
export class Countdown {
  readonly #timer: ReturnType<typeof setTimeout>;
  #isOver = false;

  constructor(time: Milliseconds) {
    this.#timer = setTimeout(() => {
      this.#isOver = true;
    }, time);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** What the work comes to, or null once its time is up; what it comes to afterwards is nobody's concern. */
export async function within<Value>(timeout: Milliseconds, work: Promise<Value>): Promise<Value | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeout);
  });
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
