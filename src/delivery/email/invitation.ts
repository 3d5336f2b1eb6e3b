/** The mail that invites somebody into a workspace. */
import type { Role } from "../../domain/access.ts";
import { oneLine } from "../../domain/news/wording.ts";
import type { Result } from "../../domain/result.ts";
import type { Instant } from "../../domain/time/instant.ts";
import { renderLetter, sayInstant } from "./letter.tsx";
import type { MailFailure, Post } from "./post.ts";

/** Who is invited where, and by whom. */
export interface Invitation {
  readonly to: string;
  /** The workspace's name. */
  readonly workspace: string;
  /** Whoever invites, as they are known there: an email, or the name of a token. */
  readonly inviter: string;
  readonly role: Role;
  readonly link: string;
  readonly expiresAt: Instant;
}

/** Sends it. */
export function sendInvitation(post: Post, invitation: Invitation): Promise<Result<void, MailFailure>> {
  const { to, workspace, inviter, role, link, expiresAt } = invitation;
  const subject = oneLine(`Join ${workspace} on Carillon`).slice(0, SUBJECT_MAX);
  const letter = renderLetter({
    subject,
    before: [`${inviter} invites you to the workspace ${workspace} on Carillon. Your role there would be: ${role}.`],
    button: { label: "See the invitation", link },
    after: [
      `The invitation is yours alone, works once, and ends on ${sayInstant(expiresAt)}.`,
      "You expected nothing of the kind? Then leave it: nothing happens unless you accept.",
    ],
  });
  return post.send({ to, subject, ...letter });
}

/** The platform takes 998 characters of a header. */
const SUBJECT_MAX = 200;
