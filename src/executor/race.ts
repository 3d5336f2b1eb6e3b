/** Waits for what may never come: user code, which nobody but its deadline ends. */
import type { Milliseconds } from "../domain/time/instant.ts";

export type Ended<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "late" }
  | { readonly kind: "aborted" };

/** What the work comes to, unless its time or its signal ends it first. Rejects as the work does. */
export async function raceWithin<Value>(
  work: Promise<Value>,
  { timeout, signal }: { readonly timeout: Milliseconds; readonly signal?: AbortSignal },
): Promise<Ended<Value>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let give: (() => void) | undefined;
  const ends = new Promise<Ended<Value>>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "late" }), timeout);
    give = () => resolve({ kind: "aborted" });
    if (signal?.aborted) give();
    signal?.addEventListener("abort", give);
  });
  // Work that is given up rejects when its isolate is let go, and nobody listens then.
  work.catch(() => {});
  try {
    return await Promise.race([work.then((value) => ({ kind: "done", value }) as const), ends]);
  } finally {
    clearTimeout(timer);
    if (give !== undefined) signal?.removeEventListener("abort", give);
  }
}
