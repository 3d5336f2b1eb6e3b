/** How far a run is, in a sentence that is read out when it changes. */
import type { AppView } from "../domain/app-view.ts";
import type { RunStatus } from "../domain/run.ts";

const ENDINGS: Readonly<Partial<Record<RunStatus, string>>> = {
  succeeded: "The run has succeeded.",
  failed: "The run has failed.",
  pending_retry: "The run has failed; another attempt follows.",
  timed_out: "The run took too long and was ended.",
  cancelled: "The run was cancelled.",
};

export function progressOf({ status, sections }: AppView): string {
  if (status === null) return "";
  if (status === "queued") return "Waiting to start…";
  if (status !== "running") return ENDINGS[status] ?? "The run is over.";
  if (sections.length === 0) return "Running…";
  return `Running… ${sections.length} ${sections.length === 1 ? "function is" : "functions are"} done.`;
}
