/** How much of a picture shows anything: told apart from its ground, the commonest colour. */
import { bytesPerPixel, readPng } from "./chunks.ts";
import { pixelRows } from "./rows.ts";

export interface Ink {
  /** The share of the pixels that plainly differ from the commonest colour, from 0 to 1. */
  readonly share: number;
  /** Their number. */
  readonly pixels: number;
  /** Rows and columns of pixels that have any. */
  readonly rows: number;
  readonly columns: number;
}

/** Of a channel, of 255. The faintest rules and shades of a layout differ by less, and text by more, small as it may be. */
const CONTRAST_MIN = 32;

/** Measures a small picture; it is read twice. */
export async function inkOf(png: Uint8Array): Promise<Ink> {
  const ground = await commonestColour(png);
  const { width, height, colourType } = readPng(png).header;
  const step = bytesPerPixel(colourType);
  const inked = new Uint8Array(width);
  let [pixels, rows] = [0, 0];
  for await (const row of pixelRows(png)) {
    const before = pixels;
    for (let x = 0; x < width; x += 1) {
      if (!differs(row, x * step, ground)) continue;
      pixels += 1;
      inked[x] = 1;
    }
    if (pixels > before) rows += 1;
  }
  return { share: pixels / (width * height), pixels, rows, columns: inked.reduce((count, one) => count + one, 0) };
}

const differs = (row: Uint8Array, at: number, ground: number): boolean =>
  Math.abs((row[at] ?? 0) - (ground >> 16)) >= CONTRAST_MIN ||
  Math.abs((row[at + 1] ?? 0) - ((ground >> 8) & 255)) >= CONTRAST_MIN ||
  Math.abs((row[at + 2] ?? 0) - (ground & 255)) >= CONTRAST_MIN;

/** Colours that are nearly the same count as one: five bits of each channel, of which the last one seen stands for all. */
async function commonestColour(png: Uint8Array): Promise<number> {
  const { width, colourType } = readPng(png).header;
  const step = bytesPerPixel(colourType);
  const counts = new Uint32Array(2 ** 15);
  const seen = new Uint32Array(2 ** 15);
  for await (const row of pixelRows(png)) {
    for (let at = 0; at < width * step; at += step) {
      const [red, green, blue] = [row[at] ?? 0, row[at + 1] ?? 0, row[at + 2] ?? 0];
      const kind = ((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3);
      counts[kind] = (counts[kind] ?? 0) + 1;
      seen[kind] = (red << 16) | (green << 8) | blue;
    }
  }
  const commonest = counts.reduce((most, count, kind) => (count > (counts[most] ?? 0) ? kind : most), 0);
  return seen[commonest] ?? 0;
}
