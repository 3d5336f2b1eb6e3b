/** Prints a page that is ready: the whole of it, in the page's own print style, with a footer that says what it is of. */
import type { CDPSession } from "@cloudflare/puppeteer";
import type { CaptureLayout, Paper } from "../domain/captures/capture.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { footerOf } from "./footer.tsx";
import type { Lens } from "./lens.ts";
import { CAPTURE_MAX_BYTES } from "./picture.ts";
import type { ShotCaption, Taken } from "./shot.ts";
import { readStream } from "./stream.ts";

/** Across and along, in inches. */
const PAPER_INCHES: Readonly<Record<Paper, readonly [number, number]>> = { a4: [8.27, 11.69], letter: [8.5, 11] };
const MARGIN_INCHES = { marginTop: 0.5, marginRight: 0.5, marginBottom: 0.75, marginLeft: 0.5 };
/** CSS pixels. */
const PIXELS_PER_INCH = 96;
/** What is wider than the sheet is printed smaller, down to this; beyond it nobody could read it. */
const SCALE_MIN = 0.35;

/** Prints it. The page is laid out anew by that: what is to be seen on a screen is taken before. */
export async function print(
  session: CDPSession,
  lens: Lens,
  { layout, caption }: { readonly layout: CaptureLayout; readonly caption: ShotCaption },
): Promise<Result<Taken, CaptureFailure>> {
  const { scale, isCut } = await layOutToFit(session, lens, layout);
  const [across, along] = PAPER_INCHES[layout.paper];
  const { stream } = await session.send("Page.printToPDF", {
    landscape: layout.orientation === "landscape",
    paperWidth: across,
    paperHeight: along,
    ...MARGIN_INCHES,
    scale,
    printBackground: true,
    generateTaggedPDF: true,
    displayHeaderFooter: true,
    headerTemplate: "<span></span>",
    footerTemplate: footerOf(caption),
    transferMode: "ReturnAsStream",
  });
  if (stream === undefined) throw new Error("The browser printed nothing");
  const bytes = await readStream(session, stream, CAPTURE_MAX_BYTES);
  if (bytes === null) return fail({ reason: "too_large", message: `The PDF is larger than ${MAX_MIB} MiB.` });
  return ok({ format: "pdf", bytes, print: { pages: pagesOf(bytes), isCut } });
}

const MAX_MIB = CAPTURE_MAX_BYTES / 1_048_576;

/**
 * Lays the page out as it is printed: in the print style and at the sheet's own width, with nothing hidden in parts that
 * scroll. Answers how much smaller its widest part makes it, and whether something of it is missing all the same.
 */
async function layOutToFit(session: CDPSession, lens: Lens, layout: CaptureLayout) {
  const width = sheetWidth(layout);
  await session.send("Emulation.setEmulatedMedia", { media: "print", features: MEDIA_FEATURES });
  await session.send("Emulation.setDeviceMetricsOverride", {
    width,
    height: 1_000,
    deviceScaleFactor: 1,
    mobile: false,
  });
  await lens.settle();
  const hidden = await lens.unfold();
  const extent = await lens.measure();
  const scale = Math.max(Math.min(width / Math.max(extent.width, 1), 1), SCALE_MIN);
  return { scale, isCut: hidden > 1 || extent.width > printableWidth(layout) };
}

/** Between its margins, in CSS pixels. */
function sheetWidth({ paper, orientation }: CaptureLayout): number {
  const [across, along] = PAPER_INCHES[paper];
  const inches = (orientation === "landscape" ? along : across) - MARGIN_INCHES.marginLeft * 2;
  return Math.floor(inches * PIXELS_PER_INCH);
}

/** What is wider does not fit on the sheet and is cut, in CSS pixels. */
export const printableWidth = (layout: CaptureLayout): number => Math.floor(sheetWidth(layout) / SCALE_MIN);

/** What the page is told of its reader, on screen and on paper. */
export const MEDIA_FEATURES = [
  { name: "prefers-color-scheme", value: "light" },
  { name: "prefers-reduced-motion", value: "reduce" },
];

/**
 * The sheets of a PDF: its page tree's root counts them all, and its branches fewer (ISO 32000-1, section 7.7.3). Chromium
 * writes these objects as plain text.
 */
export function pagesOf(pdf: Uint8Array): number {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  let most = 0;
  for (let at = bytes.indexOf(PAGE_TREE); at !== -1; at = bytes.indexOf(PAGE_TREE, at + 1)) {
    const object = bytes.toString("latin1", bytes.lastIndexOf(" obj", at), bytes.indexOf("endobj", at));
    most = Math.max(most, Number(/\/Count\s+(\d+)/.exec(object)?.[1] ?? 0));
  }
  return most;
}

const PAGE_TREE = "/Type /Pages";
