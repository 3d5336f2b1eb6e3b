/** Who calls: what a token proves, and the short memory of those who proved it. */
import type { WorkspaceScope } from "../domain/access.ts";
import type { TokenId } from "../domain/ids.ts";
import type { PlanName } from "../domain/plan.ts";
import type { Instant } from "../domain/time/instant.ts";
import { recallOf } from "./recall.ts";

/** An authenticated caller of the API. */
export interface Caller {
  readonly scope: WorkspaceScope;
  readonly tokenId: TokenId;
  readonly plan: PlanName;
  /** A remembered caller must still be refused from here on. */
  readonly expiresAt: Instant | null;
}

/** Callers by the hash of their token. */
export const callersOf = recallOf<Caller>();

/** Drops whoever proved themselves with this token. */
export const forgetCaller = (db: D1Database, id: TokenId): void =>
  callersOf(db).drop((caller) => caller.tokenId === id);
