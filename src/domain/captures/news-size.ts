/** How much of a capture each channel of news can carry: the whole, something smaller, or a link to it. Pure. */

/** `full`: the capture itself; `preview`: a smaller picture and a link; `link`: a link alone. */
export const NEWS_STEPS = ["full", "preview", "link"] as const;
export type NewsStep = (typeof NEWS_STEPS)[number];

interface ChannelLimits {
  /** The most bytes of a capture that go along. */
  readonly bytes: number;
  /** The longest side of a picture that is shown well, in pixels; of a longer one the preview goes along. */
  readonly side: number;
}

const MIB = 1_048_576;

/**
 * - `email`: Cloudflare Email Service takes 5 MiB in all, and base64 adds a third (email-service/platform/limits).
 * - `slack`: files go up to 1 GB, but pictures beyond about 20 MiB or 16,384 pixels are not shown.
 */
export const NEWS_LIMITS = {
  email: { bytes: 3.6 * MIB, side: 16_384 },
  slack: { bytes: 20 * MIB, side: 16_384 },
} as const satisfies Readonly<Record<string, ChannelLimits>>;

export type PictureChannel = keyof typeof NEWS_LIMITS;

/** The step that each channel takes. */
export type NewsSizes = Readonly<Record<PictureChannel, NewsStep>>;

/** What there is to send; `side` is absent of a PDF. */
export interface Rendition {
  readonly bytes: number;
  readonly side?: number;
}

/** The first step of the ladder that fits each channel. */
export function newsSizes(full: Rendition, preview: Rendition | null): NewsSizes {
  const stepFor = (limits: ChannelLimits): NewsStep => {
    if (fits(full, limits)) return "full";
    return preview !== null && fits(preview, limits) ? "preview" : "link";
  };
  return { email: stepFor(NEWS_LIMITS.email), slack: stepFor(NEWS_LIMITS.slack) };
}

const fits = ({ bytes, side = 0 }: Rendition, limits: ChannelLimits): boolean =>
  bytes <= limits.bytes && side <= limits.side;
