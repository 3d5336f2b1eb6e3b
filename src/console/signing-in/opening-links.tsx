/** What opening a link has in common, whatever the link is for: how often a client may miss, and how a miss is answered. */
import type { LinkFailure } from "../../directory/sign-in-links.ts";
import type { Result } from "../../domain/result.ts";
import { clientOf } from "../../http/client.ts";
import { lookUp } from "../../http/strangers.ts";
import { now } from "../../system.ts";
import { type Drawn, show, type Visit } from "../door.tsx";
import { KeptOutPage } from "./sign-in-pages.tsx";

/** What is behind a link; `kept_out` for a client that has lately brought too many that nobody knows. */
export function findBehind<Found>(
  c: Visit,
  secret: string,
  find: () => Promise<Result<Found, LinkFailure>>,
): Promise<Result<Found, LinkFailure | "kept_out">> {
  return lookUp({ what: "link", client: clientOf(c.req.raw), secret, now: now() }, c.env.SIGN_IN_RATE, find);
}

const STATUS = {
  unknown: 404,
  used: 410,
  replaced: 410,
  taken_back: 410,
  expired: 410,
  other_browser: 403,
} as const satisfies Record<LinkFailure, number>;

/** Says why a link does not let in, with the page for its kind. */
export const refuseLink = (
  c: Visit,
  failure: LinkFailure | "kept_out",
  draw: (failure: LinkFailure) => Drawn,
): Promise<Response> =>
  failure === "kept_out" ? show(c, <KeptOutPage />, 429) : show(c, draw(failure), STATUS[failure]);
