/** What a consumer asks of the browsers' keeper: see `browser-keeper.ts`. Types only. */
import type { WorkspaceId } from "../domain/ids.ts";
import type { Milliseconds } from "../domain/time/instant.ts";

export type BrowserLoan =
  | {
      readonly kind: "lent";
      readonly loan: string;
      /** A session of the browser binding that is warm; null: launch one. */
      readonly session: string | null;
    }
  /** All are lent, or the platform gives none at the moment. */
  | { readonly kind: "wait"; readonly retryAfter: Milliseconds };

export interface BrowserKeeping {
  /** Lends a browser to take captures of one workspace with, for as long as an attempt may last. */
  borrow(workspace: WorkspaceId): Promise<BrowserLoan>;
  /** Takes it back; `session` is null when it is gone. */
  giveBack(loan: string, session: string | null): Promise<void>;
  /** The platform gave no new browser, and named how long to wait. Ends the loan. */
  turnedAway(loan: string, retryAfter: Milliseconds): Promise<void>;
}
