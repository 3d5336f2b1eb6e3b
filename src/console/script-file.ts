/** The console's script, as browsers fetch it. */
import type { Pages } from "./door.tsx";
import { SCRIPT, SCRIPT_HASH } from "./script.ts";

/** Where pages find it. Another script has another address, so that a browser need never ask again for this one. */
export const SCRIPT_ADDRESS = `/console.js?v=${SCRIPT_HASH}`;

const FOR_GOOD = "public, max-age=31536000, immutable";

export function mountScript(pages: Pages): void {
  pages.get("/console.js", (c) =>
    c.body(SCRIPT, 200, {
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": c.req.query("v") === SCRIPT_HASH ? FOR_GOOD : "no-cache",
      "x-content-type-options": "nosniff",
    }),
  );
}
