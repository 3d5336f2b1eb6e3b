/** Prints a page that is ready: the whole of it, in the page's own print style, with a footer that says what it is of. */
import type { CDPSession } from "@cloudflare/puppeteer";
import type { CaptureLayout, Paper } from "../domain/captures/capture.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Instant } from "../domain/time/instant.ts";
import { wallTimeAt } from "../domain/time/local-time.ts";
import type { Lens } from "./lens.ts";
import { CAPTURE_MAX_BYTES } from "./picture.ts";
import { together } from "./png/chunks.ts";
import type { ShotCaption, Taken } from "./shot.ts";

/** Across and along, in inches. */
const PAPER_INCHES: Readonly<Record<Paper, readonly [number, number]>> = { a4: [8.27, 11.69], letter: [8.5, 11] };
const MARGIN_INCHES = { marginTop: 0.5, marginRight: 0.5, marginBottom: 0.75, marginLeft: 0.5 };
/** CSS pixels. */
const PIXELS_PER_INCH = 96;
/** What is wider than the sheet is printed smaller, down to this; beyond it nobody could read it. */
const SCALE_MIN = 0.35;
const PIECE_BYTES = 1_048_576;

/** Prints it. The page is laid out anew by that: what is to be seen on a screen is taken before. */
export async function print(
  session: CDPSession,
  lens: Lens,
  { layout, caption }: { readonly layout: CaptureLayout; readonly caption: ShotCaption },
): Promise<Result<Taken, CaptureFailure>> {
  const scale = await scaleToFit(session, lens, layout);
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
  const bytes = await read(session, stream);
  if (bytes === null) return fail({ reason: "too_large", message: `The PDF is larger than ${MAX_MIB} MiB.` });
  return ok({ format: "pdf", bytes, print: { pages: pagesOf(bytes) } });
}

const MAX_MIB = CAPTURE_MAX_BYTES / 1_048_576;

/** How much smaller it must be for its widest part to fit: measured in the print style at the sheet's own width. */
async function scaleToFit(session: CDPSession, lens: Lens, layout: CaptureLayout): Promise<number> {
  const [across, along] = PAPER_INCHES[layout.paper];
  const inches = (layout.orientation === "landscape" ? along : across) - MARGIN_INCHES.marginLeft * 2;
  const width = Math.floor(inches * PIXELS_PER_INCH);
  await session.send("Emulation.setEmulatedMedia", { media: "print", features: MEDIA_FEATURES });
  await session.send("Emulation.setDeviceMetricsOverride", {
    width,
    height: 1_000,
    deviceScaleFactor: 1,
    mobile: false,
  });
  await lens.settle();
  const extent = await lens.measure();
  return Math.max(Math.min(width / Math.max(extent.width, 1), 1), SCALE_MIN);
}

/** What the page is told of its reader, on screen and on paper. */
export const MEDIA_FEATURES = [
  { name: "prefers-color-scheme", value: "light" },
  { name: "prefers-reduced-motion", value: "reduce" },
];

/** Piece by piece: a print may be larger than what is kept, and than the memory there is. Null: it is too large. */
async function read(session: CDPSession, handle: string): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (let isEnd = false; !isEnd; ) {
      const piece = await session.send("IO.read", { handle, size: PIECE_BYTES });
      const content = Buffer.from(piece.data, piece.base64Encoded ? "base64" : "latin1");
      bytes += content.length;
      if (bytes > CAPTURE_MAX_BYTES) return null;
      pieces.push(content);
      isEnd = piece.eof;
    }
    return together(pieces);
  } finally {
    await session.send("IO.close", { handle });
  }
}

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

/** In a style of its own: the page's does not reach it, and the browser's default is too small to be read. */
export function footerOf({ project, schedule, scheduledFor, ranAt, timezone }: ShotCaption): string {
  const what = schedule === null ? project : `${project} · ${schedule}`;
  const due = `due ${moment(scheduledFor, timezone)}`;
  const when = `${ranAt === null ? due : `${due} / ran ${moment(ranAt, timezone)}`} ${timezone}`;
  const style =
    "width:100%;margin:0 0.5in;display:flex;gap:12px;justify-content:space-between;font:8px sans-serif;color:#57606a";
  const clipped = "min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap";
  return `<div style="${style}"><span style="${clipped}">${escaped(what)}</span><span style="white-space:nowrap">${escaped(
    when,
  )}</span><span style="white-space:nowrap">page <span class="pageNumber"></span> of <span class="totalPages"></span></span></div>`;
}

/** `2027-01-15 10:30:00` in the zone; seconds only where there are any. */
function moment(at: Instant, timezone: string): string {
  const { year, month, day, hour, minute, second } = wallTimeAt(at, timezone);
  const two = (part: number): string => String(part).padStart(2, "0");
  const clock = [hour, minute, ...(second === 0 ? [] : [second])].map(two).join(":");
  return `${year}-${two(month)}-${two(day)} ${clock}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
