/** Whether there is something of a run to capture: only of one that has ended, and that ran at all. Pure. */
import { isFinal, type Run } from "../run.ts";

/** Why a run cannot be captured, in a sentence; null when it can. A run that failed can: it shows what it had produced, and why it ended. */
export function whyNotCaptured({ status }: Pick<Run, "status">): string | null {
  if (!isFinal(status)) return `The run is ${status.replaceAll("_", " ")}; it is captured when it has ended.`;
  if (status === "skipped" || status === "missed")
    return `The run was ${status}: it never ran, and has nothing to show.`;
  return null;
}
