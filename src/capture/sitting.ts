/** One page in front of the camera: its browser context, whoever watches it, and the steps from its address to its pictures. */
import type { Browser, BrowserContext, CDPSession, Target } from "@cloudflare/puppeteer";
import { NO_EVIDENCE } from "../domain/captures/evidence.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import type { AddressRules } from "../http/address.ts";
import { discreet } from "./discretion.ts";
import { PageGuard } from "./guard.ts";
import { Lens } from "./lens.ts";
import type { Patience } from "./patience.ts";
import { isBlank, Photographer } from "./picture.ts";
import { MEDIA_FEATURES, print } from "./print.ts";
import { Readiness } from "./readiness.ts";
import type { Shot, ShotOutcome, Taken } from "./shot.ts";
import { pause, within } from "./waiting.ts";
import { Witness } from "./witness.ts";

interface SittingTools {
  readonly rules: AddressRules;
  readonly now: () => number;
  readonly patience: Patience;
}

/** A page that answered with an error draws it, for those who mend it. */
const ERROR_DRAWN_MS: Milliseconds = SECOND_MS / 2;
const END_HEARD_MS: Milliseconds = SECOND_MS;
const PARTIAL_TIMEOUT_MS: Milliseconds = 3 * SECOND_MS;

const CRASHED: CaptureFailure = { reason: "browser_lost", message: "The page's process crashed." };

interface Scene {
  readonly session: CDPSession;
  readonly guard: PageGuard;
  readonly witness: Witness;
  readonly readiness: Readiness;
  readonly lens: Lens;
  readonly photographer: Photographer;
}

export class Sitting {
  readonly #browser: Browser;
  readonly #shot: Shot;
  readonly #tools: SittingTools;
  #context: BrowserContext | null = null;
  #scene: Scene | null = null;
  #ink: number | null = null;
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
    const failure = (await this.#open(scene)) ?? (await scene.readiness.wait()) ?? scene.guard.trouble?.failure ?? null;
    if (failure !== null) return this.fail(failure);
    const taken = await this.#picture(scene);
    if ("reason" in taken) return this.fail(taken);
    // A page may reach out at any time, up to its last picture.
    const late = scene.guard.trouble?.failure ?? null;
    return late === null ? { ok: true, taken, evidence: this.#evidence(false) } : this.fail(late);
  }

  /** The failure with what was seen until then. */
  async fail(failure: CaptureFailure): Promise<ShotOutcome> {
    const scene = this.#scene;
    const isCrashed = scene?.witness.hasCrashed ?? false;
    const screen =
      scene === null || isCrashed
        ? null
        : await within(PARTIAL_TIMEOUT_MS, scene.photographer.firstScreen(this.#shot.layout)).catch(() => null);
    const retryAfter = scene?.guard.trouble?.retryAfter;
    return {
      ok: false,
      failure: isCrashed ? CRASHED : failure,
      evidence: this.#evidence(screen !== null),
      partialPicture: screen,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
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
    const photographer = new Photographer(session, lens);
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
    const detail = trouble?.message ?? opened?.errorText ?? `no answer within ${patience.document / SECOND_MS} seconds`;
    readiness.note("document", false, now() - began, discreet(detail));
    if (trouble?.reason === "bad_status") await pause(ERROR_DRAWN_MS);
    return trouble ?? { reason: "unreachable", message: `The page could not be reached: ${discreet(detail)}.` };
  }

  async #picture({ session, lens, photographer, readiness }: Scene): Promise<readonly Taken[] | CaptureFailure> {
    const { formats, layout, caption } = this.#shot;
    const began = this.#tools.now();
    const frame = await photographer.frame(layout);
    const ink = await photographer.ink(frame);
    this.#ink = ink.share;
    readiness.note(
      "content",
      !isBlank(ink),
      this.#tools.now() - began,
      isBlank(ink) ? "Hardly anything is on it." : "",
    );
    if (isBlank(ink)) return { reason: "blank", message: "The picture is all of one colour, or nearly so." };
    const taken: Taken[] = [];
    if (formats.includes("png")) {
      const picture = await photographer.take(frame);
      if (!picture.ok) return picture.error;
      taken.push(picture.value);
    }
    if (formats.includes("pdf")) {
      const printed = await print(session, lens, { layout, caption });
      if (!printed.ok) return printed.error;
      taken.push(printed.value);
    }
    return taken;
  }

  #evidence(hasPartialPicture: boolean) {
    const { witness, readiness } = this.#scene ?? {};
    const [waits, voucher] = [readiness?.waits ?? [], readiness?.voucher ?? null];
    const seen = { waits, voucher, ink: this.#ink, hasPartialPicture };
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
