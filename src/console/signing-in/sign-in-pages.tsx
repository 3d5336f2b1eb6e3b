/** The pages on which people sign in by a link in a mail. */
import type { LinkFailure } from "../../directory/sign-in-links.ts";
import { unreachable } from "../../domain/result.ts";
import { Frame, Notice, SIGN_IN } from "../frame.tsx";

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
      "Nothing came? Look among the unwanted mail, wait a minute, or ask an admin whether you are invited with another address. A browser gets at most five links for an address in an hour, and all browsers together twenty.",
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

/** This client has brought too many links that nobody knows. */
export const KeptOutPage = () => (
  <Notice
    title="Too many links that nobody knows"
    lines={["From where you are, too many links came that are not known here. Wait a minute, then open yours again."]}
    next={SIGN_IN}
  />
);

/** The address was asked for by something else than a person who opens a page. */
export const NoPagePage = () => (
  <Notice
    title="Open this page by itself"
    lines={["Something on another page asked for it. Nobody was signed in by that."]}
    next={SIGN_IN}
  />
);

/** A link that does not let in. */
export const LinkTroublePage = ({ failure }: { readonly failure: LinkFailure }) => {
  switch (failure) {
    case "unknown":
    case "taken_back":
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
