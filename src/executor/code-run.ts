/**
 * The code functions of one run. All of them are called in one session of one isolate: they share `/tmp`, and when the run is
 * over the session is let go, and whatever it left behind goes with it.
 */
import { RpcTarget } from "cloudflare:workers";
import type { ProjectScope } from "../domain/access.ts";
import type { Claim } from "../domain/claim.ts";
import type { Modules } from "../domain/code/modules.ts";
import type { FunctionSpec } from "../domain/function.ts";
import type { RunError } from "../domain/run.ts";
import { SYNCHRONOUS_TIMEOUT_MS } from "../domain/schedule-input.ts";
import type { Milliseconds } from "../domain/time/instant.ts";
import type { AddressRules } from "../http/address.ts";
import { beginningOf, fieldOf, listIn } from "./foreign.ts";
import type { CallResult } from "./http-function.ts";
import {
  type Hand,
  type HandAnswer,
  type Harness,
  harnessOf,
  isolateCode,
  isolateName,
  type Session,
} from "./isolate.ts";
import { readCallAnswer } from "./isolate-answer.ts";
import { platformError } from "./isolate-trouble.ts";
import { type Journal, LOG_LINES_MAX } from "./journal.ts";
import { modulesOf } from "./module-cache.ts";
import { raceWithin } from "./race.ts";

/** What a run may ask of its project. */
export interface Capability {
  send(event: string, data: unknown): Promise<HandAnswer>;
}

/** What code needs that a call over HTTP does not. */
export interface CodeTools {
  readonly loader: WorkerLoader;
  /** Where code of this claim may go. */
  readonly rules: AddressRules;
  readonly gateway: (rules: AddressRules, within: Milliseconds | null) => Fetcher;
  readonly capability: (fn: string) => Capability;
  readonly bucket: R2Bucket;
  readonly journal: Journal;
}

/** Events that one run may send: a bound for loops that went wild. */
export const SENDS_MAX = 100;
/** Of one event's data, as JSON. The harness refuses more in words that say so; whoever goes around it is refused here. */
export const EVENT_MAX_LENGTH = 65_536;

interface Opened {
  readonly session: Session;
  readonly modules: ReadonlySet<string>;
}

const MODULES_GONE: RunError = {
  reason: "load_failed",
  message: "The modules of this version are not there any more.",
};

export class CodeRun {
  readonly #claim: Claim;
  readonly #scope: ProjectScope;
  readonly #tools: CodeTools;
  readonly #hand: SessionHand;
  #opening: Promise<Opened | RunError> | undefined;
  #session: Session | undefined;
  #isOver = false;

  constructor(claim: Claim, scope: ProjectScope, tools: CodeTools) {
    this.#claim = claim;
    this.#scope = scope;
    this.#tools = tools;
    this.#hand = new SessionHand(tools, new Set(claim.functions.map(({ name }) => name)));
  }

  /** Calls one function. Never throws for anything that the code does. */
  async call(fn: FunctionSpec, timeout: Milliseconds, signal: AbortSignal): Promise<CallResult> {
    try {
      const ended = await raceWithin(this.#call(fn), { timeout, signal });
      if (ended.kind === "aborted") return ended;
      return ended.kind === "late" ? tooLate(timeout) : ended.value;
    } catch (cause) {
      return { kind: "failed", error: platformError(cause) };
    }
  }

  /** Lets the session go, and with it whatever still runs in it; from here on its hand does nothing. */
  close(): void {
    this.#isOver = true;
    this.#hand.close();
    this.#session?.[Symbol.dispose]();
  }

  async #call(fn: FunctionSpec): Promise<CallResult> {
    this.#opening ??= this.#open();
    const opened = await this.#opening;
    if (!("session" in opened)) return { kind: "failed", error: opened };
    const answer = await opened.session.call(fn.export ?? fn.name, fn.name, JSON.stringify(this.#claim.args));
    this.#hand.take(listIn(answer, "lines", LOG_LINES_MAX + 1), fieldOf(answer, "truncated") === true);
    return readCallAnswer(answer, opened.modules);
  }

  async #open(): Promise<Opened | RunError> {
    const { code, facts } = this.#claim;
    const modules = code === null ? null : await modulesOf(this.#tools.bucket, this.#scope, code.hash);
    if (code === null || modules === null) return MODULES_GONE;
    const harness = this.#load(modules, code.hash);
    const session = await harness.open(facts, code.main, this.#hand);
    this.#session = session;
    // The run may have been given up while its isolate started.
    if (this.#isOver) session[Symbol.dispose]();
    return { session, modules: new Set(Object.keys(modules.texts)) };
  }

  /** A warm isolate is for runs whose functions all say that they share one. */
  #load(modules: Modules, hash: string): Harness {
    const { loader, rules, gateway } = this.#tools;
    const isShared = this.#claim.functions.every((fn) => fn.kind !== "code" || fn.isolate === "version");
    if (!isShared) {
      const within = Math.min(this.#claim.timeout, SYNCHRONOUS_TIMEOUT_MS);
      return harnessOf(loader.load(isolateCode(modules, gateway(rules, within))));
    }
    const name = isolateName(this.#scope, hash, rules);
    return harnessOf(loader.get(name, () => isolateCode(modules, gateway(rules, null))));
  }
}

/** What the isolate holds of the run. When the run is over it is an empty hand. */
class SessionHand extends RpcTarget implements Hand {
  readonly #tools: CodeTools;
  readonly #fns: ReadonlySet<string>;
  #isOver = false;
  #sends = 0;

  constructor(tools: CodeTools, fns: ReadonlySet<string>) {
    super();
    this.#tools = tools;
    this.#fns = fns;
  }

  async send(fn: unknown, event: unknown, json: unknown): Promise<HandAnswer> {
    if (this.#isOver) return { ok: false, message: "The run is over." };
    if (typeof fn !== "string" || typeof event !== "string" || typeof json !== "string" || !this.#fns.has(fn))
      return { ok: false, message: "It is not an event." };
    if (json.length > EVENT_MAX_LENGTH)
      return {
        ok: false,
        message: `Its data is longer than the ${EVENT_MAX_LENGTH} characters that an event may have.`,
      };
    this.#sends += 1;
    if (this.#sends > SENDS_MAX)
      return { ok: false, message: `A run may send ${SENDS_MAX} events; this would be one more.` };
    return this.#tools.capability(fn).send(event, JSON.parse(json));
  }

  async log(lines: unknown, truncated: unknown): Promise<void> {
    this.take(beginningOf(lines, LOG_LINES_MAX + 1), truncated === true);
  }

  /** Not to be called from the isolate: what is no method of the prototype cannot be. */
  readonly take = (lines: readonly unknown[], truncated: boolean): void => {
    if (!this.#isOver) this.#tools.journal.write(lines, truncated, this.#fns);
  };

  readonly close = (): void => {
    this.#isOver = true;
  };
}

const tooLate = (timeout: Milliseconds): CallResult => ({
  kind: "failed",
  error: { reason: "timeout", message: `No end within ${timeout} ms.` },
});
