/**
 * Waits until a page is ready, in layers: it says so itself, or what the project names is there, or it has become quiet. Each
 * wait has its own time and is kept as evidence. A page that vouches for itself is believed; of one that does not, what went
 * wrong while it loaded is held against it.
 */

import { HEIGHT_MAX } from "../domain/captures/capture.ts";
import type { ReadyBy, Wait, WaitName } from "../domain/captures/evidence.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import type { Instant, Milliseconds } from "../domain/time/instant.ts";
import { discreet, discreetUrl } from "./discretion.ts";
import type { PageGuard } from "./guard.ts";
import type { Lens, Loaded, Look } from "./lens.ts";
import type { Patience } from "./patience.ts";
import type { Shot } from "./shot.ts";
import { Countdown, pause } from "./waiting.ts";
import type { Witness } from "./witness.ts";

/** Between two looks at the page. */
const LOOK_EVERY_MS: Milliseconds = 100;
/** Nothing under way and nothing changed for so long is quiet. */
const QUIET_MS: Milliseconds = 500;
/** Addresses and the like that a sentence names. */
const NAMED_MAX = 3;

export interface ReadinessTools {
  readonly lens: Lens;
  readonly guard: PageGuard;
  readonly witness: Witness;
  readonly patience: Patience;
  readonly now: () => Instant;
}

type Expected = Pick<Shot, "page" | "run" | "readySelector" | "formats">;

export class Readiness {
  readonly #shot: Expected;
  readonly #tools: ReadinessTools;
  readonly #waits: Wait[] = [];
  #readyBy: ReadyBy | null = null;
  #wasSeenWhole = false;

  constructor(shot: Expected, tools: ReadinessTools) {
    this.#shot = shot;
    this.#tools = tools;
  }

  get waits(): readonly Wait[] {
    return this.#waits;
  }

  get readyBy(): ReadyBy | null {
    return this.#readyBy;
  }

  /** Whether all of the page was brought into view once, so that what waits for that is on it. */
  get wasSeenWhole(): boolean {
    return this.#wasSeenWhole;
  }

  /** Keeps how a wait ended; the same wait again takes its place. */
  note(name: WaitName, passed: boolean, tookMs: Milliseconds, detail?: string): void {
    const wait = { name, passed, tookMs, ...(detail === undefined || detail === "" ? {} : { detail }) };
    const at = this.#waits.findIndex((one) => one.name === name);
    if (at === -1) this.#waits.push(wait);
    else this.#waits[at] = { ...wait, tookMs: tookMs + (this.#waits[at]?.tookMs ?? 0) };
  }

  /** Waits for a document that has been opened, and has until then to be read. Null: it is ready. */
  async wait(toRead: Countdown): Promise<CaptureFailure | null> {
    return (
      (await this.#documentRead(toRead)) ?? (await this.#vouchedFor()) ?? (await this.#wholeInView()) ?? this.#drawn()
    );
  }

  async #documentRead(toRead: Countdown): Promise<CaptureFailure | null> {
    const began = this.#tools.now();
    const look = await this.#lookUntil(toRead, ({ state }) => state !== "loading");
    const tookMs = this.#tools.now() - began;
    if (look === null) {
      this.note("document", false, tookMs, this.#pendingInWords());
      return this.#notReady("its document to be read", this.#pendingInWords());
    }
    this.note("document", true, tookMs);
    return this.#trouble();
  }

  async #vouchedFor(): Promise<CaptureFailure | null> {
    const flagged = await this.#lookUntil(new Countdown(this.#tools.patience.flagAppears), ({ flag }) => flag !== null);
    if (this.#trouble() !== null) return this.#trouble();
    if (flagged !== null) return this.#flag();
    return this.#shot.readySelector === null ? this.#quiet(this.#tools.patience.quiet) : this.#selector();
  }

  async #flag(): Promise<CaptureFailure | null> {
    this.#readyBy = "flag";
    const isReady = ({ flag, run }: Look): boolean => flag === "true" && this.#isOfRun(run);
    return this.#waitFor("flag", this.#tools.patience.flag, isReady, ({ flag, run }) => {
      if (flag === "true" && !this.#isOfRun(run)) return OTHER_RUN;
      return this.#notReady("its flag", `data-carillon-ready is ${JSON.stringify(flag?.slice(0, 20) ?? null)}.`);
    });
  }

  /** An app of somebody's own may not say which run it shows. */
  #isOfRun = (run: string | null): boolean =>
    (this.#shot.page.kind === "external" && (run === null || run === "")) || run === this.#shot.run;

  async #selector(): Promise<CaptureFailure | null> {
    this.#readyBy = "selector";
    const named = discreet(this.#shot.readySelector ?? "");
    const isThere = ({ selector }: Look): boolean => selector === "visible" || selector === "invalid";
    const kept = await this.#waitFor("selector", this.#tools.patience.selector, isThere, ({ selector }) =>
      this.#notReady("its selector", `${named} is ${selector === "hidden" ? "there, but not visible" : "not there"}.`),
    );
    const { selector } = await this.#tools.lens.look(this.#shot.readySelector);
    return kept ?? (selector === "invalid" ? { ...SELECTOR_INVALID, detail: named } : null);
  }

  async #waitFor(
    name: "flag" | "selector",
    time: Milliseconds,
    isPassed: (look: Look) => boolean,
    whatKeptIt: (look: Look) => CaptureFailure,
  ): Promise<CaptureFailure | null> {
    const began = this.#tools.now();
    let last: Look | null = null;
    const passed = await this.#lookUntil(new Countdown(time), (look) => {
      last = look;
      return isPassed(look);
    });
    const kept = passed === null && last !== null ? whatKeptIt(last) : null;
    this.note(name, passed !== null, this.#tools.now() - began, kept?.detail ?? kept?.message);
    return this.#trouble() ?? kept;
  }

  /** Until nothing is under way, nothing changes and nothing says that it is busy, all at the same time. */
  async #quiet(time: Milliseconds): Promise<CaptureFailure | null> {
    this.#readyBy = "quiet";
    const { witness, now } = this.#tools;
    const began = now();
    const still = new NetworkStillness(witness);
    let last: Look | null = null;
    const passed = await this.#lookUntil(new Countdown(time), (look) => {
      last = look;
      still.look();
      // What no script caught stays so, however long one waits.
      if (witness.scriptError !== null) return true;
      return still.isQuiet && look.stillFor >= QUIET_MS && look.spinner === null && look.state === "complete";
    });
    const tookMs = now() - began;
    const seen: Look | null = passed ?? last;
    this.note("network", still.isQuiet, tookMs, still.isQuiet ? "" : this.#pendingInWords());
    const isStill = (seen?.stillFor ?? 0) >= QUIET_MS;
    this.note("dom", isStill, tookMs, isStill ? "" : "The document went on changing.");
    const spinner = seen?.spinner ?? null;
    this.note("spinner", spinner === null, tookMs, spinner ?? "");
    return this.#trouble() ?? this.#wentWrong() ?? (passed === null ? this.#notQuiet() : null);
  }

  #notQuiet(): CaptureFailure {
    const kept = this.#waits.filter(({ name, passed }) => !passed && name in QUIET_WORDS);
    const names = kept.map(({ name }) => QUIET_WORDS[name]).join(", ") || QUIET_WORDS.network;
    return this.#notReady(`quiet (${names})`, kept.flatMap(({ detail }) => detail ?? []).join(" "));
  }

  /** What is held against a page that nobody vouches for. */
  #wentWrong(): CaptureFailure | null {
    const { scriptError, badLoads } = this.#tools.witness;
    if (this.#readyBy !== "quiet") return null;
    if (scriptError !== null)
      return { reason: "script_error", message: "A script of the page failed.", detail: scriptError };
    if (badLoads.length === 0) return null;
    const named = badLoads.slice(0, NAMED_MAX).map(({ url, status }) => `${url} (${status ?? "failed"})`);
    return { reason: "load_failed", message: "A request that the page needs failed.", detail: named.join(", ") };
  }

  async #wholeInView(): Promise<CaptureFailure | null> {
    const { lens, patience } = this.#tools;
    const began = this.#tools.now();
    // A print has all of the page, a picture no more than its upper part.
    const height = this.#shot.formats.includes("pdf") ? null : HEIGHT_MAX;
    const isThrough = await lens.scrollThrough({ height, timeout: patience.scroll });
    this.#wasSeenWhole = isThrough && height === null;
    const detail = isThrough ? "" : "The page is too high for all of it to be brought into view in time.";
    this.note("scroll", isThrough, this.#tools.now() - began, detail);
    if (this.#readyBy === "quiet") return this.#quiet(patience.quietAgain);
    const still = new NetworkStillness(this.#tools.witness);
    if (this.#shot.page.kind === "external") {
      const began = this.#tools.now();
      await this.#lookUntil(new Countdown(patience.quietAgain), () => {
        still.look();
        return still.isQuiet;
      });
      this.note("network", still.isQuiet, this.#tools.now() - began, still.isQuiet ? "" : this.#pendingInWords());
    }
    return this.#trouble();
  }

  async #drawn(): Promise<CaptureFailure | null> {
    const { lens, patience } = this.#tools;
    const [fonts, images] = await Promise.all([
      this.#loaded("fonts", lens.fonts(patience.fonts)),
      this.#loaded("images", lens.images(patience.images)),
    ]);
    await lens.settle();
    if (this.#trouble() !== null || this.#readyBy !== "quiet") return this.#trouble();
    if (!fonts.isLoaded) return this.#notReady("its fonts", "");
    if (!images.isLoaded) return this.#notReady("its pictures", "");
    if (images.broken.length === 0) return this.#wentWrong();
    return { reason: "load_failed", message: "Pictures of the page are broken.", detail: inWords(images.broken) };
  }

  async #loaded(name: "fonts" | "images", loading: Promise<Loaded>): Promise<Loaded> {
    const began = this.#tools.now();
    const loaded = await loading;
    const broken = loaded.broken.length === 0 ? "" : `Broken: ${inWords(loaded.broken)}`;
    this.note(name, loaded.isLoaded, this.#tools.now() - began, loaded.isLoaded ? broken : "They went on loading.");
    return loaded;
  }

  /** The look at which it was so, or null: its time was up, or the capture has ended otherwise. */
  async #lookUntil(countdown: Countdown, isSo: (look: Look) => boolean): Promise<Look | null> {
    try {
      while (this.#trouble() === null) {
        const look = await this.#tools.lens.look(this.#shot.readySelector);
        if (isSo(look)) return look;
        if (countdown.isOver) return null;
        await pause(LOOK_EVERY_MS);
      }
      return null;
    } finally {
      countdown.end();
    }
  }

  #trouble = (): CaptureFailure | null => this.#tools.guard.trouble?.failure ?? null;

  #notReady = (what: string, detail: string): CaptureFailure => ({
    reason: "not_ready",
    message: `The page was not ready in time; it was waited for ${what}.`,
    ...(detail === "" ? {} : { detail }),
  });

  #pendingInWords(): string {
    const { pending } = this.#tools.witness;
    return pending.length === 0 ? "" : `Under way: ${inWords(pending)}`;
  }
}

const OTHER_RUN: CaptureFailure = { reason: "other_run", message: "The page is ready, and shows another run." };
const SELECTOR_INVALID: CaptureFailure = {
  reason: "selector_invalid",
  message: "The selector of the settings is none that the browser understands.",
};

const QUIET_WORDS: Partial<Record<WaitName, string>> & { readonly network: string } = {
  network: "requests under way",
  dom: "a document that changes",
  spinner: "a spinner",
};

const inWords = (urls: readonly string[]): string => {
  const more = urls.length > NAMED_MAX ? ` and ${urls.length - NAMED_MAX} more` : "";
  return `${urls.slice(0, NAMED_MAX).map(discreetUrl).join(", ")}${more}`;
};

/** Whether nothing was under way, and nothing began or ended, for as many looks as make up the time of quiet. */
class NetworkStillness {
  readonly #witness: Witness;
  #activity: number;
  #looks = 0;

  constructor(witness: Witness) {
    this.#witness = witness;
    this.#activity = witness.activity;
  }

  look(): void {
    const isStill = this.#witness.pending.length === 0 && this.#witness.activity === this.#activity;
    this.#looks = isStill ? this.#looks + 1 : 0;
    this.#activity = this.#witness.activity;
  }

  get isQuiet(): boolean {
    return this.#looks >= QUIET_MS / LOOK_EVERY_MS;
  }
}
