/** Looks at the page from a world of its own, which the page's scripts can neither see nor bend. */
import type { CDPSession } from "@cloudflare/puppeteer";
import type { Milliseconds } from "../domain/time/instant.ts";
import { LENS_SCRIPT } from "./lens-script.ts";

/** The page at this moment. */
export interface Look {
  /** Of the document: `loading`, `interactive`, `complete`. */
  readonly state: string;
  /** `data-carillon-ready` and `data-carillon-run` of the root; null: not there. */
  readonly flag: string | null;
  readonly run: string | null;
  readonly selector: "unnamed" | "absent" | "hidden" | "visible" | "invalid";
  /** Since the document changed last. */
  readonly stillFor: Milliseconds;
  /** What says that the page is busy, in words; null: nothing does. */
  readonly spinner: string | null;
}

/** In CSS pixels. */
export interface Extent {
  readonly width: number;
  readonly height: number;
  /** Of its height, what the largest part that scrolls by itself hides, where the document does not scroll. */
  readonly hidden: number;
}

export interface Loaded {
  readonly isLoaded: boolean;
  /** Addresses of pictures that are broken, and families of fonts that did not load. */
  readonly broken: readonly string[];
}

/** What a navigation leaves behind: the world of the lens is gone with the document. */
const GONE = /context|frame|navigat|uniqueContextId/i;

export class Lens {
  readonly #session: CDPSession;
  readonly #frame: string;
  #world: number | null = null;

  constructor(session: CDPSession, frame: string) {
    this.#session = session;
    this.#frame = frame;
  }

  look = (selector: string | null): Promise<Look> => this.#ask(`look(${JSON.stringify(selector)})`);

  /**
   * Loads what waits to be scrolled to, by scrolling there and back; no farther than `height`, in CSS pixels, unless that is
   * null. Answers whether it came to the end in time.
   */
  scrollThrough = (limits: { readonly height: number | null; readonly timeout: Milliseconds }): Promise<boolean> =>
    this.#ask(`scrollThrough(${JSON.stringify(limits)})`);

  fonts = (timeout: Milliseconds): Promise<Loaded> => this.#ask(`fonts(${timeout})`);

  images = (timeout: Milliseconds): Promise<Loaded> => this.#ask(`images(${timeout})`);

  measure = (): Promise<Extent> => this.#ask("measure()");

  /**
   * Makes the parts that scroll by themselves, and what clips them, as high as what is in them: where nothing scrolls, what
   * they hide could not be had. Answers what stays hidden all the same, in CSS pixels.
   */
  unfold = (): Promise<number> => this.#ask("unfold()");

  /** Two frames drawn, so that what was changed can be seen. */
  settle = (): Promise<null> => this.#ask("settle()");

  /** Writes onto the page, across its whole width at this height. */
  addStrip = (strip: { readonly top: number; readonly height: number; readonly text: string }): Promise<null> =>
    this.#ask(`addStrip(${JSON.stringify(strip)})`);

  removeStrip = (): Promise<null> => this.#ask("removeStrip()");

  async #ask<Answer>(call: string): Promise<Answer> {
    try {
      return await this.#askOnce<Answer>(call);
    } catch (cause) {
      if (this.#world === null || !(cause instanceof Error) || !GONE.test(cause.message)) throw cause;
      this.#world = null;
      return this.#askOnce<Answer>(call);
    }
  }

  async #askOnce<Answer>(call: string): Promise<Answer> {
    this.#world ??= await this.#enter();
    const { result, exceptionDetails } = await this.#session.send("Runtime.evaluate", {
      expression: `(async () => JSON.stringify(await carillonLens.${call}))()`,
      contextId: this.#world,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) {
      throw new Error(`The lens failed: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    }
    return parseAnswer<Answer>(String(result.value));
  }

  async #enter(): Promise<number> {
    const { executionContextId } = await this.#session.send("Page.createIsolatedWorld", {
      frameId: this.#frame,
      worldName: "carillon",
    });
    await this.#session.send("Runtime.evaluate", { expression: LENS_SCRIPT, contextId: executionContextId });
    return executionContextId;
  }
}

/** The lens's script is ours, and so is what it says. */
const parseAnswer = <Answer>(text: string): Answer => JSON.parse(text) as Answer;
