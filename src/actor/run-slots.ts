/**
 * The slots of one workspace: how many runs all of its projects together may have on their way. One object per workspace,
 * named by its id. A project runs a few runs out of its own share and asks here only for more.
 */
import { DurableObject } from "cloudflare:workers";
import type { ProjectId } from "../domain/ids.ts";
import { type Instant, SECOND_MS } from "../domain/time/instant.ts";
import type { Env } from "../env.ts";
import { now } from "../system.ts";

/** How long slots stay with a project that is not heard of any more. */
export const SLOTS_HELD_MS = 30 * SECOND_MS;

/** What a project asks for: not so many more, but so many in all. Asked twice, it changes nothing. */
export interface SlotWish {
  readonly project: ProjectId;
  /** Beside its own share; 0 gives all back. */
  readonly wanted: number;
  /** The share that it has without asking; it counts towards the cap while the project holds more. */
  readonly own: number;
  /** What the workspace's plan allows. The caller says it, so that nothing has to be kept here. */
  readonly cap: number;
}

/** The verb of the slots, as a project sees it. */
export interface Slots {
  /** Answers how many are held from now on, at most what was wanted. */
  hold(wish: SlotWish): Promise<number>;
}

interface Holding {
  readonly slots: number;
  readonly until: Instant;
}

/**
 * Keeps what is held in memory alone. An instance that starts anew knows of nothing held, and may lend out more than the
 * cap until those who hold have asked again, seconds later; in return a burst writes no row here.
 */
export class RunSlots extends DurableObject<Env> implements Slots {
  readonly #holdings = new Map<ProjectId, Holding>();

  async hold({ project, wanted, own, cap }: SlotWish): Promise<number> {
    const at = now();
    let taken = 0;
    for (const [other, { slots, until }] of this.#holdings) {
      if (until <= at) this.#holdings.delete(other);
      else if (other !== project) taken += slots;
    }
    const slots = Math.max(Math.min(wanted, cap - own - taken), 0);
    // The own share is counted with what is held, so that projects at work stay within the cap together.
    if (slots === 0) this.#holdings.delete(project);
    else this.#holdings.set(project, { slots: slots + own, until: at + SLOTS_HELD_MS });
    return slots;
  }
}
