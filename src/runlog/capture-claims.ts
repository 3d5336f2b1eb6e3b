/** Who takes a capture, and what came of it. Taken by conditional update: one row is mine, none is somebody else's. */
import type { ProjectScope } from "../domain/access.ts";
import { type Capture, type CaptureFacts, type CaptureFormat, CLAIM_LASTS_MS } from "../domain/captures/capture.ts";
import type { CaptureEvidence } from "../domain/captures/evidence.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import type { RunId } from "../domain/ids.ts";
import type { Instant } from "../domain/time/instant.ts";
import { type CaptureRow, COLUMNS, OF_RUN, parseCapture } from "./capture-row.ts";

/** Captures of one run. */
export interface CapturesOfRun {
  readonly run: RunId;
  readonly formats: readonly CaptureFormat[];
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
): Promise<readonly Capture[]> {
  const { results } = await db
    .prepare(
      `UPDATE captures SET attempts = attempts + 1, lease_until = ?6
       WHERE ${OF_RUN} AND format IN (SELECT value FROM json_each(?4))
         AND state = 'pending' AND (lease_until IS NULL OR lease_until <= ?5)
       RETURNING ${COLUMNS}`,
    )
    .bind(scope.workspaceId, scope.projectId, run, JSON.stringify(formats), now, now + CLAIM_LASTS_MS)
    .all<CaptureRow>();
  return results.map(parseCapture);
}

/** What came of an attempt. */
export type CaptureOutcome =
  | { readonly kind: "captured"; readonly facts: CaptureFacts; readonly evidence: CaptureEvidence }
  /** For good. */
  | { readonly kind: "failed"; readonly failure: CaptureFailure; readonly evidence: CaptureEvidence }
  /** Another attempt follows. */
  | { readonly kind: "again"; readonly failure: CaptureFailure; readonly evidence: CaptureEvidence }
  /** There was no browser to make the attempt with: it does not count. */
  | { readonly kind: "postponed" };

export interface SettledClaim {
  /** As it was claimed. */
  readonly claimed: Capture;
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
  const mine = [scope.workspaceId, scope.projectId, claimed.run, claimed.format, claimed.attempts] as const;
  if (outcome.kind === "postponed") {
    return db
      .prepare(`UPDATE captures SET attempts = attempts - 1, lease_until = NULL WHERE ${IS_MINE} RETURNING ${COLUMNS}`)
      .bind(...mine);
  }
  const isOpen = outcome.kind === "again";
  return db
    .prepare(
      // What was captured before stays to be had, whatever becomes of taking it anew.
      `UPDATE captures SET state = ?6, lease_until = NULL, settled_at = ?7, facts = coalesce(?8, facts), failure = ?9,
         evidence = ?10
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

/** `attempts` numbers the claim: one that came after it has another number. */
const IS_MINE = `${OF_RUN} AND format = ?4 AND attempts = ?5 AND state = 'pending' AND lease_until IS NOT NULL`;

/**
 * Settles as failed what is pending and in nobody's hands. A failure that an attempt has left tells more than `failure` and
 * is kept instead.
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
      `UPDATE captures SET state = 'failed', settled_at = ?5, lease_until = NULL, failure = coalesce(failure, ?6)
       WHERE ${OF_RUN} AND format IN (SELECT value FROM json_each(?4))
         AND state = 'pending' AND (lease_until IS NULL OR lease_until <= ?5)`,
    )
    .bind(scope.workspaceId, scope.projectId, run, JSON.stringify(formats), now, JSON.stringify(failure))
    .run();
}
