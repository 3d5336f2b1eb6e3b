/** Who does what a request asks for, from where and when: what the audit says of it. */
import type { Doer, Doing } from "../domain/audit.ts";
import type { Instant } from "../domain/time/instant.ts";
import { addressOf } from "./client.ts";

/** The part of a request's context that is asked. */
interface Asked {
  readonly req: { readonly raw: Request };
  readonly get: (name: "requestId") => string;
}

/** Makes what each door writes into the audit with. A door lends its die, and the one instant that a request has. */
export const scribing =
  (newId: () => string) =>
  (c: Asked, doer: Doer, at: Instant): { readonly doing: Doing; readonly newId: () => string } => ({
    newId,
    doing: { doer, at, requestId: c.get("requestId"), address: addressOf(c.req.raw) },
  });
