/**
 * Keeps the browsers that take captures: how many work at the same time, whose turn it is, and which sessions are warm. One
 * object for the deployment. A session belongs to one loan at a time; the account may have sessions of other Workers, so
 * none is used that was not opened here.
 */
import { DurableObject } from "cloudflare:workers";
import { ATTEMPT_TIMEOUT_MS } from "../domain/captures/capture.ts";
import { BUSY_WAIT_MS } from "../domain/captures/retaking.ts";
import type { WorkspaceId } from "../domain/ids.ts";
import { type Instant, MINUTE_MS, type Milliseconds } from "../domain/time/instant.ts";
import { type Env, readConfig } from "../env.ts";
import { newId, now } from "../system.ts";
import type { BrowserKeeping, BrowserLoan } from "./browser-loans.ts";

/** A loan ends by itself when nobody has given the browser back: two attempts one after another, and time to store them. */
export const LOAN_LASTS_MS: Milliseconds = 3 * ATTEMPT_TIMEOUT_MS;

/** The platform closes a session that has been idle for a minute (browser-run/limits); a little before that it is forgotten. */
const WARM_FOR_MS: Milliseconds = MINUTE_MS - 10_000;

interface Loan {
  readonly workspace: WorkspaceId;
  readonly until: Instant;
}

interface WarmSession {
  readonly session: string;
  readonly until: Instant;
}

/** Keeps everything in memory: an instance that starts anew knows no session, and those it knew end by being idle. */
export class BrowserKeeper extends DurableObject<Env> implements BrowserKeeping {
  readonly #loans = new Map<string, Loan>();
  #warm: readonly WarmSession[] = [];
  #notBefore: Instant = 0;

  async borrow(workspace: WorkspaceId): Promise<BrowserLoan> {
    const at = now();
    this.#forgetExpired(at);
    const most = readConfig(this.env).captureBrowsers;
    const own = [...this.#loans.values()].filter((loan) => loan.workspace === workspace).length;
    if (this.#loans.size >= most || own >= Math.ceil(most / 2)) return { kind: "wait", retryAfter: BUSY_WAIT_MS };
    const warm = this.#warm.at(-1);
    if (warm === undefined && at < this.#notBefore) return { kind: "wait", retryAfter: this.#notBefore - at };
    this.#warm = this.#warm.slice(0, -1);
    const loan = newId();
    this.#loans.set(loan, { workspace, until: at + LOAN_LASTS_MS });
    return { kind: "lent", loan, session: warm?.session ?? null };
  }

  async giveBack(loan: string, session: string | null): Promise<void> {
    // A loan that has ended may have been followed by another one: its session is left to end by being idle.
    if (!this.#loans.delete(loan) || session === null) return;
    this.#warm = [...this.#warm, { session, until: now() + WARM_FOR_MS }];
  }

  async turnedAway(loan: string, retryAfter: Milliseconds): Promise<void> {
    this.#loans.delete(loan);
    this.#notBefore = Math.max(this.#notBefore, now() + retryAfter);
  }

  #forgetExpired(at: Instant): void {
    for (const [loan, { until }] of this.#loans) if (until <= at) this.#loans.delete(loan);
    this.#warm = this.#warm.filter(({ until }) => until > at);
  }
}
