/** How long the camera waits for what. */
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";

export interface Patience {
  /** For the page's first answer and until its document has been read, both together. */
  readonly document: Milliseconds;
  /** For a flag to appear at all, once the document has been read. */
  readonly flagAppears: Milliseconds;
  readonly flag: Milliseconds;
  readonly selector: Milliseconds;
  /** For network, document and spinners to be quiet at the same time. */
  readonly quiet: Milliseconds;
  /** The same once more, after all of the page was scrolled into view. */
  readonly quietAgain: Milliseconds;
  readonly scroll: Milliseconds;
  /** Fonts and pictures are waited for at the same time. */
  readonly fonts: Milliseconds;
  readonly images: Milliseconds;
}

/** Together a little less than an attempt may take, so that what kept the page is named, and a picture still fits. */
export const PATIENCE: Patience = {
  document: 12 * SECOND_MS,
  flagAppears: SECOND_MS / 2,
  flag: 15 * SECOND_MS,
  selector: 15 * SECOND_MS,
  quiet: 12 * SECOND_MS,
  quietAgain: 4 * SECOND_MS,
  scroll: 3 * SECOND_MS,
  fonts: 4 * SECOND_MS,
  images: 4 * SECOND_MS,
};
