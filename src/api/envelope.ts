/** What every answer carries: the request's id, and headers that keep a browser from doing harm with it. */
import type { MiddlewareHandler } from "hono";
import { newId } from "../system.ts";
import { answerFault } from "./fault.ts";
import type { ApiEnv } from "./operation.ts";

const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** An answer that has one of the headers already keeps its own. */
export const envelope: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const requestId = newId();
  c.set("requestId", requestId);
  try {
    await next();
  } catch (thrown) {
    // Hono hands only instances of Error to its error handler.
    c.res = answerFault(thrown, c);
  }
  const { headers } = c.res;
  for (const [name, value] of Object.entries(HEADERS)) if (!headers.has(name)) headers.set(name, value);
  headers.set("x-request-id", requestId);
};
