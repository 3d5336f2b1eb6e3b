/** `/console.css`: how pages look, in one file that a browser loads once. */
import { createHash } from "node:crypto";
import type { Pages } from "./door.tsx";
import { STYLE } from "./style.ts";

const HASH_LENGTH = 16;
const PATH = "/console.css";
const HASH = createHash("sha256").update(STYLE).digest("hex").slice(0, HASH_LENGTH);

/** Where pages find it. It changes with what is in it, so that it may be kept for good. */
export const STYLE_ADDRESS = `${PATH}?v=${HASH}`;

export function mountStyle(pages: Pages): void {
  pages.get(PATH, (c) => {
    const isThisOne = c.req.query("v") === HASH;
    return c.body(STYLE, 200, {
      "content-type": "text/css; charset=utf-8",
      "cache-control": isThisOne ? "public, max-age=31536000, immutable" : "no-cache",
    });
  });
}
