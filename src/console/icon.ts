/** `/icon.svg`: the picture of the tab, a bell in the colour of the links. */
import type { Pages } from "./door.tsx";

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#1f5fbf" d="M8 1a1 1 0 0 1 1 1 5 5 0 0 1 4 5v3l1.5 2.5h-13L3 10V7a5 5 0 0 1 4-5 1 1 0 0 1 1-1Zm-2 13h4a2 2 0 0 1-4 0Z"/></svg>`;

export function mountIcon(pages: Pages): void {
  pages.get("/icon.svg", (c) =>
    c.body(ICON, 200, { "content-type": "image/svg+xml", "cache-control": "public, max-age=86400" }),
  );
}
