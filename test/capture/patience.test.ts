/** What the camera waits for, added up. */
import { expect, it } from "vitest";
import { PATIENCE, type Patience } from "../../src/capture/patience.ts";
import { ATTEMPT_TIMEOUT_MS } from "../../src/domain/captures/capture.ts";
import { SECOND_MS } from "../../src/domain/time/instant.ts";

/** Until the page is in front of the camera, and for its picture and its print. */
const THE_REST_MS = 5 * SECOND_MS;

/** Each way through `Readiness.wait`; fonts and pictures are waited for at the same time. */
const WAYS: Readonly<Record<string, readonly (keyof Patience)[]>> = {
  "by its flag": ["document", "flagAppears", "flag", "scroll", "quietAgain"],
  "by the project's selector": ["document", "flagAppears", "selector", "scroll", "quietAgain"],
  "by its being quiet": ["document", "flagAppears", "quiet", "scroll", "quietAgain"],
};

it.each(Object.entries(WAYS))(
  "a page that is ready %s has failed by a wait's name before the attempt is over",
  (_, way) => {
    const waits = way.reduce((sum, name) => sum + PATIENCE[name], Math.max(PATIENCE.fonts, PATIENCE.images));
    expect(waits + THE_REST_MS).toBeLessThan(ATTEMPT_TIMEOUT_MS);
  },
);
