/** Looks at the page's own address again, and shows what is there now. */
import { type Instant, type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";
import { restAfter } from "./backoff.ts";
import { chance, later, now } from "./clock.ts";
import { showRegions } from "./regions.ts";

/** Several changes that come together are looked at once. */
const GATHERING_MS: Milliseconds = 100;
/** By chance up to so much later, so that all who have a page open do not ask in the same instant. */
const SCATTER_MS: Milliseconds = 300;
/** After the server could not answer. */
const TROUBLED_MS: Milliseconds = 10 * SECOND_MS;

/** What looking came to: `lost`, nothing, which may pass; `gone`, that the page is not to be had any more. */
type Look = "shown" | "lost" | "gone";

export class Looking {
  readonly #gone: () => void;
  #next: Instant = 0;
  #state: "idle" | "waiting" | "looking" | "looking, and once more" | "over" = "idle";

  constructor(gone: () => void) {
    this.#gone = gone;
  }

  /** Looks soon, once for all who ask until then. */
  soon(): void {
    if (this.#state === "looking") this.#state = "looking, and once more";
    if (this.#state !== "idle") return;
    this.#state = "waiting";
    later(Math.max(GATHERING_MS, this.#next - now()) + chance() * SCATTER_MS, () => void this.#look());
  }

  stop(): void {
    this.#state = "over";
  }

  async #look(): Promise<void> {
    if (this.#isOver()) return;
    // Nobody looks: it is looked at when somebody does again.
    if (document.hidden) {
      this.#state = "idle";
      return;
    }
    this.#state = "looking";
    const begun = now();
    const look = await lookAgain();
    if (this.#isOver()) return;
    if (look === "gone") {
      this.stop();
      return this.#gone();
    }
    this.#next = now() + (look === "lost" ? TROUBLED_MS : restAfter(now() - begun));
    const isOnceMore = look === "lost" || this.#wantsMore();
    this.#state = "idle";
    if (isOnceMore && !document.hidden) this.soon();
  }

  readonly #isOver = (): boolean => this.#state === "over";
  readonly #wantsMore = (): boolean => this.#state === "looking, and once more";
}

/** What is in no live part need not be made for it: `looksAgain` in src/console/signed-in.tsx. */
const HEADERS = { accept: "text/html", "x-looks-again": "1" };

/** Another page in its place, such as the one to sign in, is not shown in this one. */
async function lookAgain(): Promise<Look> {
  try {
    const answer = await fetch(location.href, { headers: HEADERS, redirect: "manual" });
    if (answer.status === 429 || answer.status >= 500) return "lost";
    if (answer.status !== 200 || !answer.headers.get("content-type")?.startsWith("text/html")) return "gone";
    showRegions(new DOMParser().parseFromString(await answer.text(), "text/html"));
    return "shown";
  } catch {
    return "lost";
  }
}
