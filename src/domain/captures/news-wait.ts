/** Whether news of a run still waits for its captures. Pure. It never does beyond their budget. */
import type { Instant } from "../time/instant.ts";
import type { Capture, CaptureFormat } from "./capture.ts";

/** A format that news goes without: it `failed`, or is `late` and may follow. */
export interface LeftOut {
  readonly format: CaptureFormat;
  readonly why: "failed" | "late";
}

export type NewsWait =
  | { readonly kind: "wait"; readonly until: Instant }
  | { readonly kind: "go"; readonly carries: readonly CaptureFormat[]; readonly without: readonly LeftOut[] };

type Judged = Pick<Capture, "format" | "state" | "newsBy">;

/** What becomes of the news at this moment. A capture that no news waits for says nothing. */
export function newsWait(captures: readonly Judged[], now: Instant): NewsWait {
  const wanted = captures.filter(({ newsBy }) => newsBy !== null);
  const open = wanted.flatMap(({ state, newsBy }) => (state === "pending" && newsBy !== null ? [newsBy] : []));
  const latest = Math.max(...open, -Infinity);
  if (latest > now) return { kind: "wait", until: latest };
  return {
    kind: "go",
    carries: wanted.filter(({ state }) => state === "captured").map(({ format }) => format),
    without: wanted.flatMap(({ format, state }) =>
      state === "captured" ? [] : [{ format, why: state === "failed" ? ("failed" as const) : ("late" as const) }],
    ),
  };
}
