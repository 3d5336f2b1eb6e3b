/**
 * The latest page of each project's app, kept in the isolate, so that most visitors are answered without asking the actor.
 * Values and no promises: a promise belongs to the request that made it. Whoever may see the page is asked before this.
 */
import type { ProjectScope } from "../domain/access.ts";
import type { AppView } from "../domain/app-view.ts";
import type { RunId } from "../domain/ids.ts";
import { type Instant, type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";

/** A page, and what tells it from the next one. */
export interface RememberedApp {
  /** What it was made of. */
  readonly fingerprint: string;
  readonly view: AppView;
  readonly html: string;
  /** Whether the page starts a run of the visitor's own. */
  readonly opensWithRun: boolean;
  /** What it takes of the memory, in characters. */
  readonly length: number;
  readonly tag: string;
  /** The page that stands in for the app. */
  readonly url: string | null;
  /** The run that most of what is shown comes from. */
  readonly run: RunId | null;
}

/** For so long a page is shown without asking whether there is another one. */
const FRESH_MS: Milliseconds = SECOND_MS;
/** An isolate has 128 MB, and strings of the page's letters take two bytes each. */
const KEPT_MAX_LENGTH = 8_000_000;

interface Kept {
  readonly app: RememberedApp;
  checkedAt: Instant;
}

/** Oldest use first. */
const kept = new Map<string, Kept>();
let keptLength = 0;

const nameOf = ({ workspaceId, projectId }: ProjectScope): string => `${workspaceId}/${projectId}`;

/**
 * The page, and whether it is fresh. Of many requests that come at the same stale moment one is told that it is stale, and
 * asks; the others show what there is.
 */
export function recallApp(
  scope: ProjectScope,
  now: Instant,
): { readonly app: RememberedApp; readonly isFresh: boolean } | null {
  const found = kept.get(nameOf(scope));
  if (found === undefined) return null;
  const isFresh = Math.abs(now - found.checkedAt) < FRESH_MS;
  if (!isFresh) found.checkedAt = now;
  return { app: found.app, isFresh };
}

/** Keeps the page, in place of those that were not looked at for longest. */
export function rememberApp(scope: ProjectScope, app: RememberedApp, now: Instant): void {
  forgetApp(scope);
  if (app.length > KEPT_MAX_LENGTH) return;
  kept.set(nameOf(scope), { app, checkedAt: now });
  keptLength += app.length;
  for (const [name, { app: oldest }] of kept) {
    if (keptLength <= KEPT_MAX_LENGTH) return;
    kept.delete(name);
    keptLength -= oldest.length;
  }
}

/** The next visitor asks anew. */
export function forgetApp(scope: ProjectScope): void {
  const found = kept.get(nameOf(scope));
  if (found === undefined) return;
  kept.delete(nameOf(scope));
  keptLength -= found.app.length;
}
