/** What nobody expected, as whoever runs the deployment reads of it. The doors say to the caller that it happened. */
import type { Context } from "hono";
import { routePath } from "hono/route";

/** A request that has its id. */
export interface Faulted {
  readonly thrown: unknown;
  readonly requestId: string;
}

/** Notes the fault in one structured line. Of the address only its pattern: the rest of it may be a secret. */
export function noteFault({ thrown, requestId }: Faulted, c: Context): void {
  const isError = thrown instanceof Error;
  console.error({
    event: "request_failed",
    request_id: requestId,
    method: c.req.method,
    path: routePath(c),
    error: String(thrown),
    cause: isError && thrown.cause !== undefined ? String(thrown.cause) : undefined,
    stack: isError ? thrown.stack : undefined,
  });
}
