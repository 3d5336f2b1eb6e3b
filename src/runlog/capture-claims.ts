/** Who takes a capture, and what came of it. Taken by conditional update: one row is mine, none is somebody else's. */
import type { ProjectScope } from "../domain/access.ts";
import { type Capture, type CaptureFacts, type CaptureFormat, CLAIM_LASTS_MS } from "../domain/captures/capture.ts";
import type { CaptureEvidence } from "../domain/captures/evidence.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import type { RunId } from "../domain/ids.ts";
import type { Instant } from "../domain/time/instant.ts";
import { type CaptureRow, COLUMNS, ENDED_BADLY, OF_RUN, parseCapture } from "./capture-row.ts";

/** Captures of one run. */
export interface CapturesOfRun {
  readonly run: RunId;
  readonly formats: readonly CaptureFormat[];
}

/** A capture in the hands of one taker. */
export interface ClaimedCapture extends Capture {
  /** The number of the claim, which no other claim of this capture ever has. */
  readonly claim: number;
}

/**
 * Claims for one attempt what is pending and in nobody's hands; a claim that was not settled within `CLAIM_LASTS_MS` is
 * anybody's again. Answers the captures with this attempt counted.
 */
export async function claimCaptures(
  db: D1Database,
  scope: ProjectScope,
  { run, formats }: CapturesOfRun,
  now: Instant,
): Promise<readonly ClaimedCapture[]> {
  const { results } = await db
    .prepare(
      `UPDATE captures SET attempts = attempts + 1, claim = claim + 1, lease_until = ?6
       WHERE ${OF_RUN} AND format IN (SELECT value FROM json_each(?4))
         AND state = 'pending' AND (lease_until IS NULL OR lease_until <= ?5)
       RETURNING ${COLUMNS}, claim`,
    )
    .bind(scope.workspaceId, scope.projectId, run, JSON.stringify(formats), now, now + CLAIM_LASTS_MS)
    .all<CaptureRow & { claim: number }>();
  return results.map((row) => ({ ...parseCapture(row), claim: row.claim }));
}

/** What came of an attempt. */
export type CaptureOutcome =
  | { readonly kind: "captured"; readonly facts: CaptureFacts; readonly evidence: CaptureEvidence }
  /** No other attempt follows. What was captured before stays captured, with the failure beside it. */
  | { readonly kind: "failed"; readonly failure: CaptureFailure; readonly evidence: CaptureEvidence }
  /** Another attempt follows. */
  | { readonly kind: "again"; readonly failure: CaptureFailure; readonly evidence: CaptureEvidence };

export interface SettledClaim {
  /** As it was claimed. */
  readonly claimed: ClaimedCapture;
  readonly outcome: CaptureOutcome;
}

/** Records what came of claims, and lets go of them. Answers the formats that were still the caller's to settle. */
export async function settleClaims(
  db: D1Database,
  scope: ProjectScope,
  settled: readonly SettledClaim[],
  at: Instant,
): Promise<readonly CaptureFormat[]> {
  if (settled.length === 0) return [];
  const answers = await db.batch<CaptureRow>(settled.map((one) => settlement(db, scope, one, at)));
  return answers.flatMap(({ results }) => results.map((row) => parseCapture(row).format));
}

function settlement(
  db: D1Database,
  scope: ProjectScope,
  { claimed, outcome }: SettledClaim,
  at: Instant,
): D1PreparedStatement {
  const mine = [scope.workspaceId, scope.projectId, claimed.run, claimed.format, claimed.claim] as const;
  const isOpen = outcome.kind === "again";
  return db
    .prepare(
      // What was captured before stays to be had, whatever becomes of taking it anew.
      `UPDATE captures SET state = CASE ?6 WHEN 'failed' THEN ${ENDED_BADLY} ELSE ?6 END, lease_until = NULL,
         settled_at = ?7, facts = coalesce(?8, facts), failure = ?9, evidence = ?10
       WHERE ${IS_MINE} RETURNING ${COLUMNS}`,
    )
    .bind(
      ...mine,
      isOpen ? "pending" : outcome.kind,
      isOpen ? null : at,
      outcome.kind === "captured" ? JSON.stringify(outcome.facts) : null,
      outcome.kind === "captured" ? null : JSON.stringify(outcome.failure),
      JSON.stringify(outcome.evidence),
    );
}

/** A claim that came after mine has another number, also when the capture was ordered anew meanwhile. */
const IS_MINE = `${OF_RUN} AND format = ?4 AND claim = ?5 AND state = 'pending' AND lease_until IS NOT NULL`;

/**
 * Settles as failed what is pending and in nobody's hands; what was captured before stays captured. A failure that an attempt
 * has left tells more than `failure` and is kept instead.
 */
export async function giveUpCaptures(
  db: D1Database,
  scope: ProjectScope,
  { run, formats }: CapturesOfRun,
  failure: CaptureFailure,
  now: Instant,
): Promise<void> {
  await db
    .prepare(
      `UPDATE captures SET state = ${ENDED_BADLY}, settled_at = ?5, lease_until = NULL, failure = coalesce(failure, ?6)
       WHERE ${OF_RUN} AND format IN (SELECT value FROM json_each(?4))
         AND state = 'pending' AND (lease_until IS NULL OR lease_until <= ?5)`,
    )
    .bind(scope.workspaceId, scope.projectId, run, JSON.stringify(formats), now, JSON.stringify(failure))
    .run();
}
