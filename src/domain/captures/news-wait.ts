/** Whether news of a run still waits for its captures. Pure. It never does beyond their budget. */
import type { Instant } from "../time/instant.ts";
import type { Capture, CaptureFormat } from "./capture.ts";

/** What news of a run is to carry, and until when it waits for that. */
export interface NewsWanted {
  readonly formats: readonly CaptureFormat[];
  readonly until: Instant;
}

/** A format that news goes without: it `failed`, or is `late` and may follow. */
export interface LeftOut {
  readonly format: CaptureFormat;
  readonly why: "failed" | "late";
}

export type NewsWait =
  | { readonly kind: "wait"; readonly until: Instant }
  | { readonly kind: "go"; readonly carries: readonly CaptureFormat[]; readonly without: readonly LeftOut[] };

/**
 * What becomes of the news at this moment. A wanted format that is not among the captures is on its way, since an order
 * travels before it is written; a capture that is not wanted says nothing.
 */
export function newsWait(
  { formats, until }: NewsWanted,
  captures: readonly Pick<Capture, "format" | "state">[],
  now: Instant,
): NewsWait {
  const stands = formats.map((format) => ({
    format,
    state: captures.find((one) => one.format === format)?.state ?? "pending",
  }));
  if (now < until && stands.some(({ state }) => state === "pending")) return { kind: "wait", until };
  return {
    kind: "go",
    carries: stands.filter(({ state }) => state === "captured").map(({ format }) => format),
    without: stands.flatMap(({ format, state }) =>
      state === "captured" ? [] : [{ format, why: state === "failed" ? ("failed" as const) : ("late" as const) }],
    ),
  };
}
