/**
 * The camera: opens the page of one run, waits until it is ready, and takes it in the formats that are asked for. Blank or
 * half-loaded is a failure with its evidence, never a picture.
 */
import type { Browser } from "@cloudflare/puppeteer";
import { ATTEMPT_TIMEOUT_MS } from "../domain/captures/capture.ts";
import { NO_EVIDENCE } from "../domain/captures/evidence.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import { type Instant, type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import type { AddressRules } from "../http/address.ts";
import { discreet } from "./discretion.ts";
import { PATIENCE, type Patience } from "./patience.ts";
import type { Shot, ShotOutcome } from "./shot.ts";
import { PARTIAL_TIMEOUT_MS, Sitting } from "./sitting.ts";
import { within } from "./waiting.ts";

/** What the camera needs beside the shot. */
export interface CameraTools {
  /** Every address that the page asks for is judged by these. */
  readonly rules: AddressRules;
  readonly now: () => Instant;
  /** `PATIENCE` by default. */
  readonly patience?: Partial<Patience>;
  /** For all of it; `ATTEMPT_TIMEOUT_MS` by default. */
  readonly timeout?: Milliseconds;
}

/** A page that hangs may not let go of its context. */
const LEAVE_TIMEOUT_MS: Milliseconds = 5 * SECOND_MS;

/**
 * Takes the shot within `ATTEMPT_TIMEOUT_MS`, in a browser context of its own that is closed in any case. Never throws for
 * anything that the page or the browser does; what `shot.page.open` throws it passes on as the cause.
 */
export async function takeShot(browser: Browser, shot: Shot, tools: CameraTools): Promise<ShotOutcome> {
  const { rules, now, patience = {}, timeout = ATTEMPT_TIMEOUT_MS } = tools;
  const sitting = new Sitting(browser, shot, { rules, now, patience: { ...PATIENCE, ...patience } });
  const end = watchEnd(browser, timeout);
  try {
    const taking = sitting.take();
    // When it is given up, nobody listens to what it comes to.
    taking.catch(() => {});
    const ended = await Promise.race([taking, end.comes]);
    if (typeof ended !== "string") return ended;
    return ended === "lost" ? failed(LOST) : await givenUp(sitting, timeout);
  } catch (cause) {
    if (!browser.connected) return failed(LOST);
    if (isOfTheBrowser(cause)) return failed({ ...GIVEN_UP, detail: discreet(cause.message) });
    throw cause;
  } finally {
    end.stop();
    // Of a browser that is gone, the context is gone too.
    await within(LEAVE_TIMEOUT_MS, sitting.leave()).catch(() => {});
  }
}

const LOST: CaptureFailure = {
  reason: "browser_lost",
  message: "The browser ended while the page was being captured.",
};
const GIVEN_UP: CaptureFailure = { reason: "browser_lost", message: "The browser gave the page up." };

const failed = (failure: CaptureFailure): ShotOutcome => ({
  ok: false,
  failure,
  evidence: NO_EVIDENCE,
  partialPicture: null,
});

async function givenUp(sitting: Sitting, timeout: Milliseconds): Promise<ShotOutcome> {
  const message = `The page was not captured within ${timeout / SECOND_MS} seconds.`;
  const outcome = await within(2 * PARTIAL_TIMEOUT_MS, sitting.fail({ reason: "too_slow", message })).catch(() => null);
  return outcome ?? failed({ reason: "too_slow", message });
}

/** The browser's end, and that of the time. */
function watchEnd(browser: Browser, timeout: Milliseconds) {
  let stop = (): void => {};
  const comes = new Promise<"late" | "lost">((resolve) => {
    const timer = setTimeout(() => resolve("late"), timeout);
    const disconnected = (): void => resolve("lost");
    browser.on("disconnected", disconnected);
    stop = () => {
      clearTimeout(timer);
      browser.off("disconnected", disconnected);
    };
  });
  return { comes, stop: () => stop() };
}

/** A command that the browser could not carry out: the page crashed, or was closed from elsewhere. */
const isOfTheBrowser = (cause: unknown): cause is Error =>
  cause instanceof Error && /^(TargetCloseError|ProtocolError|ConnectionClosedError)$/.test(cause.name);
