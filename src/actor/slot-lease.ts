/** The slots that a project holds beside its own share: asked for in bulk, renewed while in use, given back when idle. */
import type { ProjectScope } from "../domain/access.ts";
import { type Instant, SECOND_MS } from "../domain/time/instant.ts";
import { SLOTS_HELD_MS, type Slots } from "./run-slots.ts";

/** Slots in use are asked for again at this distance: an instance of the other side that knows nothing learns of them. */
const RENEW_AFTER_MS = 8 * SECOND_MS;
/** The wait after an answer that gave less than was wanted. */
const SCARCE_WAIT_MS = SECOND_MS;
/** The wait after no answer. */
const FAULT_WAIT_MS = 5 * SECOND_MS;

/** What a project would hold, and what the plan gives it and its workspace. */
export interface SlotNeed {
  readonly wanted: number;
  readonly most: number;
  readonly own: number;
  readonly cap: number;
}

export class SlotLease {
  readonly #scope: ProjectScope;
  readonly #slots: Slots;
  #held = 0;
  #until: Instant = 0;
  #askedAt: Instant = 0;
  #notBefore: Instant = 0;
  #isAsking = false;

  constructor(scope: ProjectScope, slots: Slots) {
    this.#scope = scope;
    this.#slots = slots;
  }

  /** How many are held; none when they were not renewed in time. */
  held(now: Instant): number {
    return now < this.#until ? this.#held : 0;
  }

  /** Whether it is time to ask: more is wanted, nothing is, or what is held grows old. One question at a time. */
  isToAsk(wanted: number, now: Instant): boolean {
    const held = this.held(now);
    if (this.#isAsking || now < this.#notBefore) return false;
    return wanted > held || (held > 0 && (wanted === 0 || now >= this.#askedAt + RENEW_AFTER_MS));
  }

  /** Asks. Never throws: without an answer the project goes on with what it holds, and then with its own share. */
  async ask(need: SlotNeed, now: () => Instant): Promise<void> {
    const asked = now();
    const { own, cap } = need;
    const wanted = withReserve(need, this.held(asked));
    this.#isAsking = true;
    try {
      this.#held = await this.#slots.hold({ project: this.#scope.projectId, wanted, own, cap });
      // From the question on: the other side counts from its answer, which is later.
      this.#until = asked + SLOTS_HELD_MS;
      this.#askedAt = asked;
      if (this.#held < need.wanted) this.#notBefore = now() + SCARCE_WAIT_MS;
    } catch (cause) {
      this.#notBefore = now() + FAULT_WAIT_MS;
      console.warn({ event: "slots_unreachable", project: this.#scope.projectId, cause: String(cause) });
    } finally {
      this.#isAsking = false;
    }
  }
}

/** A need that grows is met twice over, so that a burst asks a few times and not with every batch. */
const withReserve = ({ wanted, most }: SlotNeed, held: number): number =>
  wanted > held ? Math.min(Math.max(wanted, 2 * held), most) : wanted;
