/** From where, and for what, a browser sends a request, as it says itself in Fetch metadata (W3C). */

/** Whether it comes from a page of this very host: what a signed-in browser must do to change anything. */
export function isSameOrigin(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  // Older browsers at least name the origin.
  return request.headers.get("origin") === new URL(request.url).origin;
}

/** Whether a page of another site led the browser here. Older browsers do not say, and neither do programs. */
export const isFromElsewhere = (request: Request): boolean =>
  ["cross-site", "same-site"].includes(request.headers.get("sec-fetch-site") ?? "");

/** Whether somebody opens it as a page of its own: not as a part of another one, nor by a script. Older browsers do not say. */
export const isOpenedAsPage = (request: Request): boolean =>
  (request.headers.get("sec-fetch-dest") ?? "document") === "document";
