/**
 * Takes the picture of a page that is ready. Chromium draws no more than 16,384 pixels in a row at once, and a Worker has
 * 128 MB: a long page is taken in tiles, one at a time, and joined without its pixels ever being in memory.
 */
import type { CDPSession } from "@cloudflare/puppeteer";
import { type CaptureLayout, DEVICE_SCALE, HEIGHT_MAX, WIDTH_MAX } from "../domain/captures/capture.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Extent, Lens } from "./lens.ts";
import { readPng } from "./png/chunks.ts";
import { type Ink, inkOf } from "./png/ink.ts";
import { JoinedPng } from "./png/joining.ts";
import type { Taken } from "./shot.ts";

/** Of the picture of a page that failed, in CSS pixels. */
export const SCREEN_HEIGHT = 800;
/** Of one tile, in device pixels: its picture, and the text that it comes in, are in memory at the same time. */
const TILE_PIXELS_MAX = 6_000_000;
/** Of a picture or a print. */
export const CAPTURE_MAX_BYTES = 20 * 1_048_576;

const PREVIEW_HEIGHT_MAX = 4_000;
/** A preview that is more as a PNG is a photograph, and goes as WebP. */
const PREVIEW_PNG_MAX_BYTES = 1_048_576;
const WEBP_QUALITY = 80;

const PREVIEW_SCALE_MIN = 0.5;

const STRIP_HEIGHT = 40;

/** Of the rendition that is looked at for whether there is anything on it, against CSS pixels. */
const INK_SCALE = 0.5;

/**
 * Less ink than this is a blank page, in pixels of that rendition, however high the page is. Measured in the browser's own
 * font: `42` of 16 px has 27, `n/a` of 12 px in light grey 19, a lone `1` 11, a full stop 2; a white page and a grey hairline
 * have none.
 */
const INK_PIXELS_MIN = 8;
/** Ink that is thinner than the first and longer than the second is a rule or a border, and no content. */
const LINE_THICKNESS_MAX = 3;
const LINE_LENGTH_MIN = 20;

export const isBlank = ({ pixels, rows, columns }: Ink): boolean =>
  pixels < INK_PIXELS_MIN ||
  (Math.min(rows, columns) <= LINE_THICKNESS_MAX && Math.max(rows, columns) >= LINE_LENGTH_MIN);

/** What of the page is shown, in CSS pixels. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly pageWidth: number;
  readonly pageHeight: number;
}

type Sides = Pick<View, "width" | "height">;

interface Clip {
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Of the picture's pixels to CSS pixels. */
  readonly scale: number;
}

export class Photographer {
  readonly #session: CDPSession;
  readonly #lens: Lens;
  readonly #screenHeight: number;

  /** `screenHeight`: what the page is laid out in before its own height is known, in CSS pixels. */
  constructor(session: CDPSession, lens: Lens, screenHeight: number) {
    this.#session = session;
    this.#lens = lens;
    this.#screenHeight = screenHeight;
  }

  /** Lays the page out for the screen, at the project's width. */
  async layOut({ width }: Pick<CaptureLayout, "width">, height = this.#screenHeight): Promise<void> {
    await this.#session.send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: DEVICE_SCALE,
      mobile: false,
    });
  }

  /**
   * Measures the page, and makes room for a part of it that scrolls by itself where the document does not: else the picture
   * would show that part's first screen only.
   */
  async view(layout: CaptureLayout): Promise<View> {
    let extent = await this.#lens.measure();
    if (extent.hidden > 0) {
      await this.layOut(layout, Math.min(this.#screenHeight + extent.hidden, HEIGHT_MAX));
      await this.#lens.settle();
      extent = await this.#lens.measure();
    }
    // It has but a share of the window's height, or a height of its own.
    if (extent.hidden > 0 && extent.height < HEIGHT_MAX) {
      await this.#lens.unfold();
      extent = await this.#lens.measure();
    }
    return viewOf(extent, layout);
  }

  ink = async ({ width, height }: View): Promise<Ink> =>
    inkOf(await this.#take(withinPixels(width, height, INK_SCALE)));

  /** What the page shows on its first screen: for those who mend a page that failed. */
  firstScreen = ({ width }: Pick<CaptureLayout, "width">): Promise<Uint8Array> =>
    this.#take({ y: 0, width, height: SCREEN_HEIGHT, scale: 1 });

  /**
   * The picture and its preview. Two captures of one page differ where the page moves; that is the page's own affair. One that
   * is cut says so, and whether the PDF that is taken with it has all of the page.
   */
  async take(view: View, { isInPdf }: { readonly isInPdf: boolean }): Promise<Result<Taken, CaptureFailure>> {
    const { pageWidth, pageHeight } = view;
    const isCut = isCutBelow(view) || isCutAtRight(view);
    const shown = isCut ? withStrip(view) : view;
    if (isCut) await this.#lens.addStrip(stripOf(view, isInPdf));
    try {
      const picture = await this.#tiles(shown);
      if (!picture.ok) return picture;
      const { width, height } = readPng(picture.value.bytes).header;
      return ok({
        format: "png",
        bytes: picture.value.bytes,
        picture: { width, height, deviceScale: DEVICE_SCALE, pageWidth, pageHeight, isCut, tiles: picture.value.tiles },
        preview: await this.#preview(shown),
      });
    } finally {
      await this.#lens.removeStrip();
    }
  }

  async #tiles({ width, height }: Sides): Promise<Result<{ bytes: Uint8Array; tiles: number }, CaptureFailure>> {
    const tileHeight = Math.max(Math.floor(TILE_PIXELS_MAX / (width * DEVICE_SCALE) / DEVICE_SCALE), 1);
    const first = await this.#take({ y: 0, width, height: Math.min(tileHeight, height), scale: DEVICE_SCALE });
    if (height <= tileHeight) return first.length > CAPTURE_MAX_BYTES ? tooLarge() : ok({ bytes: first, tiles: 1 });
    const joined = new JoinedPng(
      { ...readPng(first).header, height: height * DEVICE_SCALE },
      { maxBytes: CAPTURE_MAX_BYTES },
    );
    await joined.add(first);
    let tiles = 1;
    for (let y = tileHeight; y < height && !joined.isTooLarge; y += tileHeight) {
      await joined.add(await this.#take({ y, width, height: Math.min(tileHeight, height - y), scale: DEVICE_SCALE }));
      tiles += 1;
    }
    if (joined.isTooLarge) return tooLarge();
    const bytes = await joined.finish();
    return bytes === null ? tooLarge() : ok({ bytes, tiles });
  }

  /** The whole picture, smaller; of one that would be too small to be read, its upper part, which says so. */
  async #preview({ width, height }: Sides): Promise<NonNullable<Taken["preview"]>> {
    const scale = Math.max(Math.min(PREVIEW_HEIGHT_MAX / height, 1), PREVIEW_SCALE_MIN);
    const shown = Math.min(height, Math.floor(PREVIEW_HEIGHT_MAX / scale));
    const isCut = shown < height;
    if (isCut) await this.#lens.addStrip(previewStrip(shown, { width, height }));
    const clip = withinPixels(width, shown, scale);
    const png = await this.#take(clip);
    const { width: across, height: along } = readPng(png).header;
    const size = { width: across, height: along, isCut };
    if (png.length <= PREVIEW_PNG_MAX_BYTES) return { type: "image/png", bytes: png, ...size };
    return { type: "image/webp", bytes: await this.#take(clip, "webp"), ...size };
  }

  async #take({ y, width, height, scale }: Clip, format: "png" | "webp" = "png"): Promise<Uint8Array> {
    const { data } = await this.#session.send("Page.captureScreenshot", {
      format,
      ...(format === "webp" ? { quality: WEBP_QUALITY } : {}),
      captureBeyondViewport: true,
      // The page's own scale comes on top of it.
      clip: { x: 0, y, width, height, scale: scale / DEVICE_SCALE },
    });
    return Buffer.from(data, "base64");
  }
}

/** From the top, and smaller where it would be more pixels than a tile has. */
function withinPixels(width: number, height: number, scale: number): Clip {
  const most = Math.sqrt(TILE_PIXELS_MAX / (width * height));
  return { y: 0, width, height, scale: Math.min(scale, most) };
}

const previewStrip = (shown: number, { width, height }: Sides) => ({
  top: shown - 2 * STRIP_HEIGHT,
  height: 2 * STRIP_HEIGHT,
  text: `Cut here: this is a preview of a picture of ${sizeOf(width, height)} pixels.`,
});

function viewOf({ width, height, hidden }: Extent, layout: CaptureLayout): View {
  const pageWidth = Math.max(Math.ceil(width), layout.width);
  const pageHeight = Math.max(Math.ceil(height + hidden), 1);
  const shownHeight = Math.max(Math.ceil(height), 1);
  return { width: Math.min(pageWidth, WIDTH_MAX), height: Math.min(shownHeight, HEIGHT_MAX), pageWidth, pageHeight };
}

const isCutBelow = ({ height, pageHeight }: View): boolean => pageHeight > height;
const isCutAtRight = ({ width, pageWidth }: View): boolean => pageWidth > width;

/** Below what is shown, where there is room. */
const withStrip = ({ width, height }: View): Sides => ({ width, height: Math.min(height + STRIP_HEIGHT, HEIGHT_MAX) });

function stripOf(view: View, isInPdf: boolean) {
  const { width, height, pageWidth, pageHeight } = view;
  const where = [...(isCutBelow(view) ? ["here"] : []), ...(isCutAtRight(view) ? ["at the right"] : [])].join(" and ");
  const sizes = `the page is ${sizeOf(pageWidth, pageHeight)} pixels, and the picture shows ${sizeOf(width, height)}.`;
  return {
    top: withStrip(view).height - STRIP_HEIGHT,
    height: STRIP_HEIGHT,
    text: `Cut ${where}: ${sizes}${isInPdf ? " The PDF has all of it." : ""}`,
  };
}

const sizeOf = (width: number, height: number): string => `${inThousands(width)} × ${inThousands(height)}`;

const inThousands = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

const tooLarge = () =>
  fail<CaptureFailure>({
    reason: "too_large",
    message: `The picture is larger than ${CAPTURE_MAX_BYTES / 1_048_576} MiB.`,
  });
