/**
 * Keeps the browsers that take captures: how many work at the same time, and which sessions are warm. One object for the
 * deployment. A session belongs to one loan at a time; the account may have sessions of other Workers, so none is used that
 * was not opened here.
 */
import { DurableObject } from "cloudflare:workers";
import { ATTEMPT_TIMEOUT_MS } from "../domain/captures/capture.ts";
import { BUSY_WAIT_MS } from "../domain/captures/retaking.ts";
import type { WorkspaceId } from "../domain/ids.ts";
import type { Instant, Milliseconds } from "../domain/time/instant.ts";
import { type Env, readConfig } from "../env.ts";
import { newId, now } from "../system.ts";
import type { BrowserKeeping, BrowserLoan } from "./browser-loans.ts";

/** A loan ends by itself when nobody has given the browser back: two attempts one after another, and time to store them. */
export const LOAN_LASTS_MS: Milliseconds = 3 * ATTEMPT_TIMEOUT_MS;

interface Loan {
  readonly loan: string;
  readonly workspace: WorkspaceId;
  readonly until: Instant;
}

interface Kept {
  readonly loans: readonly Loan[];
  /**
   * Whether one still lives, only connecting tells: the platform ends a session that was idle for a minute (browser-run/limits),
   * the local runtime none. One that has ended costs that try.
   */
  readonly warm: readonly string[];
  /** No new browser is launched before. */
  readonly notBefore: Instant;
}

const NOTHING: Kept = { loans: [], warm: [], notBefore: 0 };
const KEY = "browsers";

/**
 * Keeps everything in one row, which borrowing and giving back each write once. An object that is asked nothing leaves the
 * memory within seconds (durable-objects/concepts/durable-object-lifecycle), and a browser is lent for longer than that.
 */
export class BrowserKeeper extends DurableObject<Env> implements BrowserKeeping {
  #kept: Kept = this.ctx.storage.kv.get<Kept>(KEY) ?? NOTHING;

  async borrow(workspace: WorkspaceId): Promise<BrowserLoan> {
    const at = now();
    const { loans, warm, notBefore } = this.#standing(at);
    const most = readConfig(this.env).captureBrowsers;
    const own = loans.filter((loan) => loan.workspace === workspace).length;
    // Half of them, rounded up: of one browser everybody may have all.
    if (loans.length >= most || own >= Math.ceil(most / 2)) return { kind: "wait", retryAfter: BUSY_WAIT_MS };
    const lent = warm.at(-1);
    if (lent === undefined && at < notBefore) return { kind: "wait", retryAfter: notBefore - at };
    const loan = newId();
    const until = at + LOAN_LASTS_MS;
    this.#keep({ loans: [...loans, { loan, workspace, until }], warm: warm.slice(0, -1), notBefore });
    return { kind: "lent", loan, session: lent ?? null };
  }

  async giveBack(loan: string, session: string | null): Promise<void> {
    const kept = this.#standing(now());
    // A loan that has ended may have been followed by another one: its session is left to end by being idle.
    const isStanding = kept.loans.some((one) => one.loan === loan);
    if (!isStanding) return;
    const warm = session === null ? kept.warm : [...kept.warm, session];
    this.#keep({ ...kept, loans: without(kept.loans, loan), warm });
  }

  async turnedAway(loan: string, retryAfter: Milliseconds): Promise<void> {
    const kept = this.#standing(now());
    const notBefore = Math.max(kept.notBefore, now() + retryAfter);
    this.#keep({ ...kept, loans: without(kept.loans, loan), notBefore });
  }

  /** Without the loans that have run out. */
  #standing(at: Instant): Kept {
    return { ...this.#kept, loans: this.#kept.loans.filter(({ until }) => until > at) };
  }

  #keep(kept: Kept): void {
    this.ctx.storage.kv.put(KEY, kept);
    this.#kept = kept;
  }
}

const without = (loans: readonly Loan[], loan: string): readonly Loan[] => loans.filter((one) => one.loan !== loan);
