/** Whether a browser sends a request from a page of this very host: what a signed-in browser must do to change anything. */

/** Browsers say from where a request comes (Fetch metadata, W3C); older ones at least name the origin. */
export function isSameOrigin(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  return request.headers.get("origin") === new URL(request.url).origin;
}
