/** The pages on which people sign in by a link in a mail. */
import type { LinkFailure } from "../directory/sign-in-links.ts";
import { unreachable } from "../domain/result.ts";
import type { AccessFailure } from "../http/access-jwt.ts";
import { Frame, Notice, SIGN_IN } from "./frame.tsx";

/** Asks for the address. */
export const AskPage = ({ email = "", trouble }: { readonly email?: string; readonly trouble?: string }) => (
  <Frame title="Sign in">
    <form class="sheet" method="post" action="/sign-in">
      <label for="email">Your email address</label>
      <input
        id="email"
        name="email"
        type="email"
        autocomplete="email"
        required
        maxlength={254}
        value={email}
        {...(trouble === undefined ? { autofocus: true } : { "aria-invalid": "true", "aria-describedby": "trouble" })}
      />
      {trouble === undefined ? null : (
        <p id="trouble" class="wrong">
          {trouble}
        </p>
      )}
      <button type="submit">Send me a link</button>
    </form>
  </Frame>
);

/** The same for every address, known or not. */
export const SentPage = ({ email }: { readonly email: string }) => (
  <Notice
    title="Look into your mail"
    lines={[
      `If ${email} is a member of a workspace here, a link is on its way. Open it in this browser within 15 minutes; it works once.`,
      "Nothing came? Look among the unwanted mail, wait a minute, or ask an admin whether you are invited with another address. There are at most five links for an address in an hour.",
    ]}
    next={{ href: "/sign-in", label: "Ask for another link" }}
  />
);

/** This deployment sends no mail. */
export const NoMailPage = () => (
  <Notice
    title="No mail is sent from here"
    lines={[
      "This deployment is not set up to send mail, so it cannot send you a link. Ask an admin of your workspace for an invitation, which is a link too.",
      "If you run this deployment: set MAIL_FROM in wrangler.toml to an address of a domain that is onboarded to Email Service, and deploy again. On your own machine, npm start prints a link that needs no mail.",
    ]}
  />
);

/** This client has asked for too many links. */
export const TooManyPage = () => (
  <Notice
    title="Too many links were asked for"
    lines={["From where you are, too many links were asked for within a minute. Wait a minute, then try again."]}
    next={SIGN_IN}
  />
);

/** A link that does not let in. */
export const LinkTroublePage = ({ failure }: { readonly failure: LinkFailure }) => {
  switch (failure) {
    case "unknown":
      return (
        <Notice
          title="This link is not known"
          lines={["Perhaps a part of it was lost on the way: copy all of it, or ask for a new one."]}
          next={{ href: "/sign-in", label: "Ask for a new link" }}
        />
      );
    case "used":
      return (
        <Notice
          title="This link has been used"
          lines={["Each link works once."]}
          next={{ href: "/sign-in", label: "Ask for a new link" }}
        />
      );
    case "replaced":
      return (
        <Notice
          title="A newer start has replaced this link"
          lines={["Each npm start prints a link of its own: open the newest one."]}
          next={{ href: "/sign-in", label: "Sign in by mail" }}
        />
      );
    case "expired":
      return (
        <Notice
          title="This link has expired"
          lines={["It was good for 15 minutes after it was asked for."]}
          next={{ href: "/sign-in", label: "Ask for a new link" }}
        />
      );
    case "other_browser":
      return (
        <Notice
          title="Open this link in the other browser"
          lines={[
            "It was asked for in another browser, or in a private window that is closed by now, and it works there alone. Copy it and open it there: it has not been used up.",
            "Did you not ask for it? Then close this page. Without that browser nobody can use the link.",
          ]}
          next={{ href: "/sign-in", label: "Ask for a link for this browser" }}
        />
      );
    default:
      return unreachable(failure);
  }
};

/** A token of Cloudflare Access that does not let in. */
export const AccessTroublePage = ({ failure }: { readonly failure: AccessFailure }) => (
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
    case "keys_unavailable":
      return "The keys of the Access team could not be had, so nobody can be recognised at the moment. Try again in a minute.";
    default:
      return unreachable(failure);
  }
}
