/** Shots for the camera: of pages written in a test, and of pages of the page server. */
import { env } from "cloudflare:workers";
import puppeteer, { type Browser } from "@cloudflare/puppeteer";
import { decode } from "fast-png";
import { type CameraTools, takeShot } from "../../src/capture/camera.ts";
import type { Shot, ShotOutcome, Taken } from "../../src/capture/shot.ts";
import { type CaptureLayout, DEFAULT_LAYOUT } from "../../src/domain/captures/capture.ts";
import type { CaptureFailureReason } from "../../src/domain/captures/failure.ts";
import { readRunId } from "../../src/domain/ids.ts";
import { now } from "../../src/system.ts";

export const RUN = readRunId("0194f1e0-0000-7000-8000-000000000042");
export const TOKEN = "cpt_secret-of-the-page";

/** Waits that are long enough for the pages of the tests, several at once, and short enough for those that are never ready. */
export const PATIENCE = {
  ...{ document: 4_000, flag: 3_000, selector: 3_000, quiet: 4_000, quietAgain: 3_000 },
  scroll: 6_000,
};

export const TOOLS: CameraTools = { rules: { allowLoopback: true, ownHosts: [] }, now, patience: PATIENCE };

/** Nothing on this machine is let through. */
export const STRICT: CameraTools = { ...TOOLS, rules: { allowLoopback: false, ownHosts: ["carillon.example.com"] } };

/** Half as wide as by default: drawing takes as long as there are pixels. */
export const HALF: CaptureLayout = { ...DEFAULT_LAYOUT, width: DEFAULT_LAYOUT.width / 2 };

const SHOT: Omit<Shot, "page"> = {
  run: RUN,
  formats: ["png"],
  layout: HALF,
  readySelector: null,
  caption: {
    project: "Sales",
    schedule: "every day at 9:00",
    scheduledFor: Date.UTC(2027, 0, 15, 8),
    ranAt: Date.UTC(2027, 0, 15, 8, 0, 2),
    timezone: "Europe/Berlin",
  },
};

/** A page of this deployment. */
export function ownShot(html: string | (() => Response), more: Partial<Shot> = {}): Shot {
  const open = async () =>
    typeof html === "string" ? new Response(html, { headers: { "content-type": "text/html" } }) : html();
  const url = `https://carillon.example.com/v1/projects/p/runs/${RUN}/page?token=${TOKEN}`;
  return { ...SHOT, page: { kind: "own", url, open }, ...more };
}

/** A page of the page server; `path` may have parameters. */
export function externalShot(path: string, more: Partial<Shot> = {}): Shot {
  const url = new URL(path, env.PAGES);
  url.searchParams.set("carillon_run", RUN);
  if (!url.searchParams.has("carillon_token")) url.searchParams.set("carillon_token", TOKEN);
  return { ...SHOT, page: { kind: "external", url: url.href }, ...more };
}

/** The document around a body, which vouches for itself. */
export const flagged = (body: string, head = ""): string =>
  `<!doctype html><html data-carillon-ready="true" data-carillon-run="${RUN}"><head><meta charset="utf-8">${head}</head><body>${body}</body></html>`;

let launched: Browser | undefined;

/** One browser for a test file. */
export async function theBrowser(): Promise<Browser> {
  if (launched?.connected !== true) launched = await puppeteer.launch(env.BROWSER);
  return launched;
}

export async function closeTheBrowser(): Promise<void> {
  await launched?.close();
}

export const take = async (shot: Shot, tools: CameraTools = TOOLS): Promise<ShotOutcome> =>
  takeShot(await theBrowser(), shot, tools);

/** What was taken, of a shot that is expected to go well. */
export async function taken(shot: Shot, tools: CameraTools = TOOLS): Promise<Readonly<Record<"png" | "pdf", Taken>>> {
  const outcome = await take(shot, tools);
  if (!outcome.ok || outcome.failed.length > 0) {
    throw new Error(`Not taken: ${JSON.stringify({ ...outcome, taken: null, partialPicture: null })}`);
  }
  const of = (format: string): Taken => {
    const found = outcome.taken.find((one) => one.format === format);
    return found ?? { format: "png", bytes: new Uint8Array() };
  };
  return { png: of("png"), pdf: of("pdf") };
}

type Failed = Extract<ShotOutcome, { readonly ok: false }>;

/** The failure of a shot that is expected to fail so. */
export async function failure(shot: Shot, reason: CaptureFailureReason, tools: CameraTools = TOOLS): Promise<Failed> {
  const outcome = await take(shot, tools);
  if (outcome.ok) throw new Error("It was captured");
  if (outcome.failure.reason !== reason) {
    throw new Error(`Not ${reason}: ${JSON.stringify({ ...outcome, partialPicture: null })}`);
  }
  return outcome;
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** The colour there, as `#rrggbb`. */
  at(x: number, y: number): string;
}

/** A picture, decoded by a library that is not ours, which checks its checksums too. */
export function pixelsOf(bytes: Uint8Array): Pixels {
  const { width, height, data, channels } = decode(bytes, { checkCrc: true });
  const at = (x: number, y: number): string => {
    const colour = data.subarray((y * width + x) * channels, (y * width + x) * channels + 3);
    return `#${[...colour].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  };
  return { width, height, at };
}

/** The pages that are open in the browser, beside the one that it starts with. */
export async function openPages(): Promise<number> {
  const targets = (await theBrowser()).targets();
  return targets.filter((target) => target.type() === "page").length - 1;
}
