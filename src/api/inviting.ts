/** Invites somebody: the link, and the mail that brings it. */

import { postOf } from "../delivery/email/choosing.ts";
import { sendInvitation } from "../delivery/email/invitation.ts";
import type { Member } from "../directory/members.ts";
import { SECRET_RANDOM_BYTES, secretText } from "../directory/sessions.ts";
import { LINK_MS } from "../directory/sign-in-links.ts";
import { findWorkspace } from "../directory/workspaces.ts";
import type { Failure } from "../domain/errors.ts";
import type { DeliveryReason } from "../domain/news/delivery-failure.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { toIso } from "../domain/time/instant.ts";
import { publicOrigin } from "../env.ts";
import { newId, now, randomBytes } from "../system.ts";
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
  { env, config, caller }: Asking,
  { email, role }: Member,
  link: string,
  expiresAt: number,
): Promise<string | null> {
  const post = postOf(env, config, { now, newId });
  if (post === null) return "This deployment sends no mail. Hand the link over yourself.";
  const workspace = await findWorkspace(env.DIRECTORY, caller.scope);
  const sent = await sendInvitation(post, {
    to: email,
    workspace: workspace?.name ?? "",
    inviter: caller.doer.name,
    role,
    link,
    expiresAt,
  });
  if (sent.ok) return null;
  const { reason, message } = sent.error.failure;
  console.warn({ event: "invitation_not_mailed", reason, message });
  return `${whyNot(reason, email, post.from)} Hand the link over yourself${AGAIN[reason] ?? "."}`;
}

/** In words for whoever invites, who can do nothing about it but hand the link over. */
function whyNot(reason: DeliveryReason, to: string, from: string): string {
  switch (reason) {
    case "address_refused":
      return `${to} takes no mail from this deployment.`;
    case "sender_not_configured":
      return `The deployment may not send mail from ${from}. Tell whoever runs it.`;
    case "mail_limit":
      return "The deployment has sent all the mail that it may today.";
    case "answer_lost":
    case "mail_refused":
    case "mail_too_large":
      return "It is not known whether the mail arrives.";
    default:
      return "Mail cannot be sent right now.";
  }
}

/** What else there is to do. */
const AGAIN: Readonly<Partial<Record<DeliveryReason, string>>> = {
  mail_limit: ", or invite again tomorrow.",
  rate_limited: ", or invite again in a while.",
  out_of_order: ", or invite again in a while.",
  unreachable: ", or invite again in a while.",
  no_answer: ", or invite again in a while.",
  answer_lost: " if it does not.",
  mail_refused: " if it does not.",
  mail_too_large: " if it does not.",
};
