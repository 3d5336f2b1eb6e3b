/** The measures of a drawing. A chart is drawn twice, for wide and for narrow places, so that its letters stay readable. */

export interface Frame {
  readonly name: "wide" | "narrow";
  readonly width: number;
  readonly height: number;
}

export const FRAMES: readonly Frame[] = [
  { name: "wide", width: 880, height: 320 },
  { name: "narrow", width: 420, height: 280 },
];

/** The width of a digit at the size that labels are set in. */
export const GLYPH_WIDTH = 7;

export const MARGIN = { top: 14, right: 24, bottom: 34, left: 10 } as const;

/** A tenth of a pixel is as fine as anybody sees. */
export const px = (value: number): number => Math.round(value * 10) / 10;
