/**
 * Whether another workspace is at work in this isolate, whose one thread all of its actors share. A project then does in
 * small steps with pauses what it does in large ones when it is alone. A hint and nothing more: isolates come and go.
 */
import type { WorkspaceId } from "../domain/ids.ts";
import { type Instant, type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";

/** Who rang this long ago may ring again soon. */
const NEIGHBOUR_FOR_MS = 2 * SECOND_MS;

/** The pause between two steps of a project that has neighbours: longer than a step, so that they get half of the time. */
export const PAUSE_MS: Milliseconds = 4;

interface Sighting {
  readonly workspace: WorkspaceId;
  readonly at: Instant;
}

let latest: Sighting | undefined;
/** The latest of any other workspace. */
let other: Sighting | undefined;

/** Says that a workspace is at work. */
export function noteAtWork(workspace: WorkspaceId, at: Instant): void {
  if (latest !== undefined && latest.workspace !== workspace) other = latest;
  latest = { workspace, at };
}

/** Whether any other workspace was at work lately. */
export function hasNeighbours(workspace: WorkspaceId, now: Instant): boolean {
  const seen = latest?.workspace === workspace ? other : latest;
  return seen !== undefined && Math.abs(now - seen.at) < NEIGHBOUR_FOR_MS;
}
