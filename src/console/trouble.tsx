/** What nobody expected: said to the operator with its cause, and to whoever looks at the page without. */
import { routePath } from "hono/route";
import { show, type Visit } from "./door.tsx";
import { Notice } from "./frame.tsx";

/** Notes the fault in one structured line. Of the address only its pattern: the rest of it may be a secret. */
export function noteTrouble(thrown: unknown, c: Visit): Promise<Response> {
  const requestId = c.get("requestId");
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
  return show(c, <TroublePage requestId={requestId} />, 500);
}

const TroublePage = ({ requestId }: { readonly requestId: string }) => (
  <Notice
    title="Something went wrong"
    lines={[
      "It is not your doing. Try again in a moment; if it stays so, tell whoever runs this deployment the number below.",
      requestId,
    ]}
    next={{ href: "/", label: "Go on from here" }}
  />
);
