/** Invites somebody: the link, and the mail that brings it. */

import { sendInvitation } from "../delivery/mail/invitation.ts";
import { type MailFailure, mailerOf } from "../delivery/mail/mailer.ts";
import type { Member } from "../directory/members.ts";
import { SECRET_RANDOM_BYTES, secretText } from "../directory/sessions.ts";
import { LINK_MS } from "../directory/sign-in-links.ts";
import { findWorkspace } from "../directory/workspaces.ts";
import type { Failure } from "../domain/errors.ts";
import { fail, ok, type Result, unreachable } from "../domain/result.ts";
import { toIso } from "../domain/time/instant.ts";
import { publicOrigin } from "../env.ts";
import { randomBytes } from "../system.ts";
import { type Answered, reply } from "./answer.ts";
import type { WorkspaceAsk } from "./door.ts";
import { memberJson } from "./member-json.ts";
import { problemOf } from "./problem.ts";

type Asking = WorkspaceAsk<unknown, unknown, unknown>;

/** Keeps a new link as `keep` does, and sends it. The mail comes last: it must not tell of what was not written. */
export async function invite(
  ask: Asking,
  keep: (secret: string) => Promise<Result<Member, Failure>>,
): Promise<Answered> {
  const secret = secretText(randomBytes(SECRET_RANDOM_BYTES));
  const member = await keep(secret);
  if (!member.ok) return fail(problemOf(member.error));
  const link = new URL(`/invitations/${secret}`, publicOrigin(ask.config, ask.request.url)).href;
  const expiresAt = ask.scribe.doing.at + LINK_MS.invitation;
  const trouble = await mail(ask, member.value, link, expiresAt);
  return ok(
    reply(201, {
      member: memberJson(member.value),
      // Whoever invites has no more need of it, and could keep it to join as whatever the member is made later.
      invitation_url: trouble === null ? null : link,
      expires_at: toIso(expiresAt),
      mailed: trouble === null,
      not_mailed_because: trouble,
    }),
  );
}

/** Null when the mail is on its way, else why it is not. */
async function mail(
  { env, caller }: Asking,
  { email, role }: Member,
  link: string,
  expiresAt: number,
): Promise<string | null> {
  const mailer = mailerOf(env);
  if (mailer === null) return "This deployment sends no mail. Hand the link over yourself.";
  const workspace = await findWorkspace(env.DIRECTORY, caller.scope);
  const sent = await sendInvitation(mailer, {
    to: email,
    workspace: workspace?.name ?? "",
    inviter: caller.doer.name,
    role,
    link,
    expiresAt,
  });
  if (sent.ok) return null;
  console.warn({ event: "invitation_not_mailed", kind: sent.error.kind, message: sent.error.message });
  return whyNot(sent.error);
}

/** In words for whoever invites, who can do nothing about it but hand the link over. */
function whyNot(failure: MailFailure): string {
  switch (failure.kind) {
    case "recipient_refused":
      return `${failure.to} takes no mail from this deployment. Hand the link over yourself.`;
    case "sender_not_configured":
      return `The deployment may not send mail from ${failure.from}. Tell whoever runs it, and hand the link over yourself.`;
    case "try_later":
      return failure.until === "day"
        ? "The deployment has sent all the mail that it may today. Hand the link over yourself, or invite again tomorrow."
        : "Mail cannot be sent right now. Hand the link over yourself, or invite again in a while.";
    case "too_large":
    case "unknown":
      return "It is not known whether the mail arrives. Hand the link over yourself if it does not.";
    default:
      return unreachable(failure);
  }
}
