/** One page in front of the camera: its browser context, whoever watches it, and the steps from its address to its pictures. */
import type { Browser, BrowserContext, CDPSession, Target } from "@cloudflare/puppeteer";
import { inOrder } from "../domain/captures/capture.ts";
import { NO_EVIDENCE } from "../domain/captures/evidence.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import type { AddressRules } from "../http/address.ts";
import { discreet } from "./discretion.ts";
import { PageGuard } from "./guard.ts";
import { Lens } from "./lens.ts";
import type { Patience } from "./patience.ts";
import { isBlank, Photographer, SCREEN_HEIGHT } from "./picture.ts";
import { inkOf } from "./png/ink.ts";
import { MEDIA_FEATURES, print, printableWidth } from "./print.ts";
import { Readiness } from "./readiness.ts";
import type { FailedFormat, Shot, ShotOutcome, Taken } from "./shot.ts";
import { Countdown, pause, within } from "./waiting.ts";
import { Witness } from "./witness.ts";

interface SittingTools {
  readonly rules: AddressRules;
  readonly now: () => number;
  readonly patience: Patience;
}

/** A page that answered with an error draws it, for those who mend it. */
const ERROR_DRAWN_MS: Milliseconds = SECOND_MS / 2;
const END_HEARD_MS: Milliseconds = SECOND_MS;
/** In CSS pixels. Our own pages are as high as what is on them; other people's are made for a window. */
const SCREEN_HEIGHTS = { own: 400, external: SCREEN_HEIGHT } as const;
/** For the picture of a page that failed. */
export const PARTIAL_TIMEOUT_MS: Milliseconds = 3 * SECOND_MS;

const CRASHED: CaptureFailure = { reason: "browser_lost", message: "The page's process crashed." };

interface Scene {
  readonly session: CDPSession;
  readonly guard: PageGuard;
  readonly witness: Witness;
  readonly readiness: Readiness;
  readonly lens: Lens;
  readonly photographer: Photographer;
}

type Pictures = Pick<Extract<ShotOutcome, { readonly ok: true }>, "taken" | "failed">;

export class Sitting {
  readonly #browser: Browser;
  readonly #shot: Shot;
  readonly #tools: SittingTools;
  #context: BrowserContext | null = null;
  #scene: Scene | null = null;
  #contentShare: number | null = null;
  #hasLeft = false;

  constructor(browser: Browser, shot: Shot, tools: SittingTools) {
    this.#browser = browser;
    this.#shot = shot;
    this.#tools = tools;
  }

  async take(): Promise<ShotOutcome> {
    const scene = await this.#set();
    this.#scene = scene;
    const work = this.#work(scene);
    // Of a page that has crashed nothing more comes, and nobody listens.
    work.catch(() => {});
    const ended = await Promise.race([work, scene.witness.crash]);
    return ended === "crashed" ? this.fail(CRASHED) : ended;
  }

  async #work(scene: Scene): Promise<ShotOutcome> {
    const failure = await this.#ready(scene);
    if (failure !== null) return this.fail(failure);
    const taken = await this.#picture(scene);
    if ("reason" in taken) return this.fail(taken);
    // A page may reach out at any time, up to its last picture.
    const late = scene.guard.trouble?.failure ?? null;
    return late === null ? { ok: true, ...taken, evidence: this.#evidence(false) } : this.fail(late);
  }

  /** Null: the page is there to be taken. */
  async #ready(scene: Scene): Promise<CaptureFailure | null> {
    const toRead = new Countdown(this.#tools.patience.document);
    try {
      return (await this.#open(scene)) ?? (await scene.readiness.wait(toRead)) ?? scene.guard.trouble?.failure ?? null;
    } finally {
      toRead.end();
    }
  }

  /** The failure with what was seen until then. */
  async fail(failure: CaptureFailure): Promise<ShotOutcome> {
    const scene = this.#scene;
    const isCrashed = scene?.witness.hasCrashed ?? false;
    const screen = scene === null || isCrashed ? null : await this.#screen(scene.photographer);
    const retryAfter = scene?.guard.trouble?.retryAfter;
    return {
      ok: false,
      failure: isCrashed ? CRASHED : failure,
      evidence: this.#evidence(screen !== null),
      partialPicture: screen,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  }

  /** What there is to be seen; null where there is nothing. */
  async #screen(photographer: Photographer): Promise<Uint8Array | null> {
    const looking = photographer
      .firstScreen(this.#shot.layout)
      .then(async (screen) => (isBlank(await inkOf(screen)) ? null : screen));
    return within(PARTIAL_TIMEOUT_MS, looking).catch(() => null);
  }

  /** Closes everything that was opened, also what is only being opened. */
  async leave(): Promise<void> {
    this.#hasLeft = true;
    await this.#context?.close();
  }

  async #set(): Promise<Scene> {
    const context = await this.#browser.createBrowserContext();
    this.#context = context;
    if (this.#hasLeft) await context.close();
    const page = await context.newPage();
    // The policy lets no window open; one that opens all the same is closed.
    context.on("targetcreated", (target) => void closeOther(target, page.target()));
    const session = await page.createCDPSession();
    const { frameTree } = await session.send("Page.getFrameTree");
    const mainFrame = frameTree.frame.id;
    const witness = new Witness(mainFrame);
    const { rules, now, patience } = this.#tools;
    const guard = new PageGuard(this.#shot.page, { rules, now, witness, mainFrame });
    const lens = new Lens(session, mainFrame);
    const photographer = new Photographer(session, lens, SCREEN_HEIGHTS[this.#shot.page.kind]);
    const readiness = new Readiness(this.#shot, { lens, guard, witness, patience, now });
    await guard.watch(session);
    await this.#dress(session, context, photographer);
    return { session, guard, witness, lens, photographer, readiness };
  }

  /** The same for every page: its width, light colours, no motion, the zone of its schedule, no downloads. */
  async #dress(session: CDPSession, context: BrowserContext, photographer: Photographer): Promise<void> {
    await photographer.layOut(this.#shot.layout);
    await session.send("Emulation.setScrollbarsHidden", { hidden: true });
    await session.send("Emulation.setFocusEmulationEnabled", { enabled: true });
    await session.send("Emulation.setEmulatedMedia", { media: "screen", features: MEDIA_FEATURES });
    const ofContext = context.id === undefined ? {} : { browserContextId: context.id };
    await session.send("Browser.setDownloadBehavior", { behavior: "deny", ...ofContext });
    if (this.#tools.rules.allowLoopback) await letReachLoopback(session, ofContext);
    // A zone that the browser does not know leaves it in its own; ours are known to both.
    await session
      .send("Emulation.setTimezoneOverride", { timezoneId: this.#shot.caption.timezone })
      .catch(() => undefined);
  }

  async #open({ session, guard, readiness }: Scene): Promise<CaptureFailure | null> {
    const { now, patience } = this.#tools;
    const began = now();
    const opened = await within(patience.document, session.send("Page.navigate", { url: this.#shot.page.url }));
    const trouble = guard.trouble?.failure ?? null;
    if (trouble === null && opened !== null && opened.errorText === undefined) return null;
    // A browser that is being closed gives its pages up first: whoever waits for its end hears of it by then.
    if (trouble === null && opened?.errorText === "net::ERR_ABORTED") await pause(END_HEARD_MS);
    const detail =
      trouble?.detail ??
      trouble?.message ??
      opened?.errorText ??
      `no answer within ${patience.document / SECOND_MS} seconds`;
    readiness.note("document", false, now() - began, discreet(detail));
    if (trouble?.reason === "bad_status") await pause(ERROR_DRAWN_MS);
    return trouble ?? { reason: "unreachable", message: `The page could not be reached: ${discreet(detail)}.` };
  }

  async #picture({ session, lens, photographer, readiness }: Scene): Promise<Pictures | CaptureFailure> {
    const { formats, layout, caption } = this.#shot;
    const began = this.#tools.now();
    const view = await photographer.view(layout);
    const ink = await photographer.ink(view);
    this.#contentShare = ink.share;
    readiness.note(
      "content",
      !isBlank(ink),
      this.#tools.now() - began,
      isBlank(ink) ? "Hardly anything is on it." : "",
    );
    if (isBlank(ink)) return { reason: "blank", message: "There is hardly anything on the picture." };
    const taken: Taken[] = [];
    const failed: FailedFormat[] = [];
    const isInPdf = formats.includes("pdf") && readiness.wasSeenWhole && view.pageWidth <= printableWidth(layout);
    // Printing lays the page out anew: it comes last.
    for (const format of inOrder(formats)) {
      const one =
        format === "png" ? await photographer.take(view, { isInPdf }) : await print(session, lens, { layout, caption });
      if (one.ok) taken.push(one.value);
      else failed.push({ format, failure: one.error });
    }
    return { taken, failed };
  }

  #evidence(hasPartialPicture: boolean) {
    const { witness, readiness } = this.#scene ?? {};
    const [waits, readyBy] = [readiness?.waits ?? [], readiness?.readyBy ?? null];
    const seen = { waits, readyBy, contentShare: this.#contentShare, hasPartialPicture };
    return witness?.evidence(seen) ?? { ...NO_EVIDENCE, ...seen };
  }
}

type Granting = Parameters<typeof CDPSession.prototype.send<"Browser.grantPermissions">>[1];

/** What a page must be granted to reach this machine; the names differ between the browser's versions. */
const LOOPBACK_GRANTS = [["localNetworkAccess", "localNetwork", "loopbackNetwork"], ["localNetworkAccess"]];

/** A browser asks its user before a page reaches this machine; where the rules allow it, nobody is there to be asked. */
async function letReachLoopback(session: CDPSession, ofContext: { readonly browserContextId?: string }): Promise<void> {
  for (const names of LOOPBACK_GRANTS) {
    const granting = session.send("Browser.grantPermissions", toGranting(names, ofContext));
    // A version that knows none of the names asks nobody.
    if (await granting.then(() => true).catch(() => false)) return;
  }
}

/** The types of the protocol are older than the names. */
const toGranting = (permissions: readonly string[], ofContext: object): Granting =>
  ({ permissions, ...ofContext }) as Granting;

async function closeOther(target: Target, own: Target): Promise<void> {
  if (target === own || target.type() !== "page") return;
  // It may be closing already.
  await target
    .page()
    .then((page) => page?.close())
    .catch(() => undefined);
}
