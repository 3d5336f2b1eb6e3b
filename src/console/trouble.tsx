/** What nobody expected, as whoever looks at the page is told of it: without its cause. */
import { noteFault } from "../http/fault.ts";
import { show, type Visit } from "./door.tsx";
import { Notice } from "./frame.tsx";

/** Notes the fault, and shows the number that finds it. */
export function showTrouble(thrown: unknown, c: Visit): Promise<Response> {
  const requestId = c.get("requestId");
  noteFault({ thrown, requestId }, c);
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
