/** One row of the ledger of captures, as it lies in SQL. */
import type { Capture, CaptureCause, CaptureFacts, CaptureFormat, CaptureState } from "../domain/captures/capture.ts";
import type { CaptureEvidence } from "../domain/captures/evidence.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import { readRunId } from "../domain/ids.ts";

export type CaptureRow = {
  run_id: string;
  format: string;
  state: string;
  cause: string;
  ordered_at: number;
  news_by: number | null;
  attempts: number;
  settled_at: number | null;
  facts: string | null;
  failure: string | null;
  evidence: string | null;
};

export const COLUMNS =
  "run_id, format, state, cause, ordered_at, news_by, attempts, settled_at, facts, failure, evidence";

/** What names the captures of a run, by the first three parameters of a statement. */
export const OF_RUN = "workspace_id = ?1 AND project_id = ?2 AND run_id = ?3";

/** What a capture is whose last attempt failed: what had been captured before is still there to be had. */
export const ENDED_BADLY = "CASE WHEN facts IS NULL THEN 'failed' ELSE 'captured' END";

/** The columns are what this room wrote, and the CHECKs hold their values. */
export function parseCapture(row: CaptureRow): Capture {
  return {
    run: readRunId(row.run_id),
    format: row.format as CaptureFormat,
    state: row.state as CaptureState,
    cause: row.cause as CaptureCause,
    orderedAt: row.ordered_at,
    newsBy: row.news_by,
    attempts: row.attempts,
    settledAt: row.settled_at,
    facts: row.facts === null ? null : (JSON.parse(row.facts) as CaptureFacts),
    failure: row.failure === null ? null : (JSON.parse(row.failure) as CaptureFailure),
    evidence: row.evidence === null ? null : (JSON.parse(row.evidence) as CaptureEvidence),
  };
}
