/** Cloudflare Access in front: whom it vouches for. Where it stands there is no other way in than through it. */
import { unreachable } from "../../domain/result.ts";
import { readConfig } from "../../env.ts";
import { type AccessFailure, verifyAccessToken } from "../../http/access-jwt.ts";
import { now } from "../../system.ts";
import { show, type Visit } from "../door.tsx";
import { Notice } from "../frame.tsx";

/** Access sets it on each request. Its cookie holds the same token, but any host of the domain may plant one. */
const TOKEN_HEADER = "cf-access-jwt-assertion";

/** What is known of whoever is there: nothing where Access does not stand in front; else their address, or the refusal. */
export type Vouched =
  | { readonly kind: "not_asked" }
  | { readonly kind: "vouched"; readonly email: string }
  | { readonly kind: "refused"; readonly answer: Response };

/** Whether Access stands in front of this deployment. */
export const isBehindAccess = (c: Visit): boolean => readConfig(c.env).access !== null;

/** Asks Access's token who is there. Without one the request did not come through Access, whatever else it brings. */
export async function vouchedFor(c: Visit): Promise<Vouched> {
  const { access, allowLoopback } = readConfig(c.env);
  if (access === null) return { kind: "not_asked" };
  const token = c.req.header(TOKEN_HEADER);
  if (token === undefined) return { kind: "refused", answer: await show(c, <AroundAccessPage />, 403) };
  const email = await verifyAccessToken(token, access, { now: now(), rules: { allowLoopback, ownHosts: [] } });
  if (email.ok) return { kind: "vouched", email: email.value };
  console.warn({ event: "access_refused", request_id: c.get("requestId"), ...email.error });
  const status = email.error.kind === "keys_unavailable" ? 503 : 403;
  return { kind: "refused", answer: await show(c, <AccessTroublePage failure={email.error} />, status) };
}

/** Links do not let in here. */
export const AccessAlonePage = () => (
  <Notice
    title="Sign in through Cloudflare Access"
    lines={["People sign in here as Cloudflare Access knows them. No sign-in links are sent, and none are taken."]}
    next={{ href: "/sign-in", label: "Sign in" }}
  />
);

/** The invitation is somebody else's. */
export const OtherAddressPage = ({ email, invited }: { readonly email: string; readonly invited: string }) => (
  <Notice
    title="This invitation is for another address"
    lines={[
      `It is for ${invited}, and Cloudflare Access knows you as ${email}.`,
      "Ask whoever invited you to invite the address that you sign in with.",
    ]}
    next={{ href: "/cdn-cgi/access/logout", label: "Sign out of Cloudflare Access, and come back as somebody else" }}
  />
);

const AroundAccessPage = () => (
  <Notice
    title="You did not come through Cloudflare Access"
    lines={[
      "People sign in here as Cloudflare Access knows them, and this request brought no token of it.",
      "Open the address that your company gave you. If you run this deployment: Access must stand in front of every address that leads here, so turn off workers_dev and preview_urls in wrangler.toml.",
    ]}
  />
);

/** A token of Cloudflare Access that does not let in. */
const AccessTroublePage = ({ failure }: { readonly failure: AccessFailure }) => (
  <Notice
    title="Cloudflare Access did not vouch for you"
    lines={[accessTrouble(failure), "If it stays so, tell whoever runs this deployment what this page says."]}
    next={{ href: "/cdn-cgi/access/logout", label: "Sign out of Cloudflare Access, and try again" }}
  />
);

function accessTrouble(failure: AccessFailure): string {
  switch (failure.kind) {
    case "malformed":
      return "What came as a token of Cloudflare Access is none.";
    case "wrong_algorithm":
      return "The token is not signed the way Cloudflare Access signs.";
    case "bad_signature":
      return "The token's signature is not that of Cloudflare Access.";
    case "unknown_key":
      return "The token is signed with a key that the Access team does not have.";
    case "expired":
      return "The token has expired.";
    case "wrong_claim":
      return `The token is not for this deployment: its ${failure.claim} is another than the one that was set here.`;
    case "no_email":
      return "The token names no email address. Services use the API with a token of their workspace.";
    case "foreign_email":
      return "The token names an address with letters other than those of ASCII, which nobody can be told apart by.";
    case "keys_unavailable":
      return "The keys of the Access team could not be had, so nobody can be recognised at the moment. Try again in a minute.";
    default:
      return unreachable(failure);
  }
}
