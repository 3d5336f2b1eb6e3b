/** Which of two answers a request is for: people's browsers say that they read HTML, programs that they read JSON. */

/** Whether it says so itself; a program that takes anything does not. */
export const acceptsHtml = (request: Request): boolean => accepts(request, "text/html");

/** Whether it asks for JSON instead of a page. */
export const wantsJson = (request: Request): boolean => accepts(request, "application/json") && !acceptsHtml(request);

const accepts = (request: Request, type: string): boolean =>
  (request.headers.get("accept") ?? "").toLowerCase().includes(type);
