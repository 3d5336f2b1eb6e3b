/** An address that is no page: people are told in a page, programs by the API. */
import type { Pages } from "./door.tsx";
import { showMissing } from "./project-visit.tsx";

/** The last of the pages: whatever nobody else answered. */
export function mountNowhere(pages: Pages): void {
  pages.get("*", (c, next) => {
    const isForPeople = (c.req.header("accept") ?? "").includes("text/html");
    return isForPeople && !c.req.path.startsWith("/v1/") ? showMissing(c) : next();
  });
}
