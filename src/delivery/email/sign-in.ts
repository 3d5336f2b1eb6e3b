/** The mail with a link that signs in. */
import type { Result } from "../../domain/result.ts";
import type { Instant } from "../../domain/time/instant.ts";
import { renderLetter, sayInstant } from "./letter.tsx";
import type { MailFailure, Post } from "./post.ts";

/** A link that somebody asked for. */
export interface SignInMail {
  readonly to: string;
  readonly link: string;
  readonly expiresAt: Instant;
  /** The host it signs in at. */
  readonly host: string;
}

/** Sends it. */
export function sendSignInLink(
  post: Post,
  { to, link, expiresAt, host }: SignInMail,
): Promise<Result<void, MailFailure>> {
  const subject = "Your sign-in link for Carillon";
  const letter = renderLetter({
    subject,
    before: [`Somebody, most likely you, asked to sign in at ${host}.`],
    button: { label: "Sign in", link },
    after: [
      `Open it in the browser that asked for it. It works once, until ${sayInstant(expiresAt)}.`,
      "It was not you? Then leave it: without that browser the link is of no use to anybody.",
    ],
  });
  return post.send({ to, subject, ...letter });
}
