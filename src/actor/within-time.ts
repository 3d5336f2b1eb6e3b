/** Bounds a call that leaves the house: what takes longer counts as failed, though it may still arrive. */
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";

/** As long as a write of the log or a hand-over to a queue may take. */
export const CALL_TIMEOUT_MS: Milliseconds = 20 * SECOND_MS;

/** Rejects when the time is up. The timer is taken back: a pending one would keep the object awake, and billed. */
export async function withinTime<Value>(call: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`The call took longer than ${CALL_TIMEOUT_MS} ms`);
    timer = setTimeout(() => reject(error), CALL_TIMEOUT_MS);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
