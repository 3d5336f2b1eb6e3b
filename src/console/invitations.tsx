/** `/invitations/{secret}`: shown to whoever looks, and accepted by a button, since programs that scan mail only look. */
import { findMembership, type Membership } from "../directory/memberships.ts";
import { type LinkFailure, readInvitation, useInvitation } from "../directory/sign-in-links.ts";
import { unreachable } from "../domain/result.ts";
import { now } from "../system.ts";
import { onPost, type Pages, show, type Visit } from "./door.tsx";
import { enter } from "./entering.tsx";
import { Frame, Notice, SIGN_IN } from "./frame.tsx";
import { STATUS } from "./sign-in.tsx";

const PATH = "/invitations/:secret";

export function mountInvitations(pages: Pages): void {
  pages.get(PATH, async (c) => {
    const secret = c.req.param("secret") ?? "";
    const invited = await readInvitation(c.env.DIRECTORY, secret, now());
    if (!invited.ok) return refuse(c, invited.error);
    const membership = await findMembership(c.env.DIRECTORY, invited.value);
    return membership === null
      ? refuse(c, "unknown")
      : show(c, <InvitationPage membership={membership} secret={secret} />);
  });

  onPost(pages, PATH, async (c) => {
    const invited = await useInvitation(c.env.DIRECTORY, c.req.param("secret") ?? "", now());
    if (!invited.ok) return refuse(c, invited.error);
    const membership = await findMembership(c.env.DIRECTORY, invited.value);
    return membership === null ? refuse(c, "unknown") : enter(c, membership, "invitation");
  });
}

const refuse = (c: Visit, failure: LinkFailure): Promise<Response> =>
  show(c, <InvitationTroublePage failure={failure} />, STATUS[failure]);

const InvitationPage = ({ membership, secret }: { readonly membership: Membership; readonly secret: string }) => (
  <Frame title={`Join ${membership.workspace}`}>
    <form class="sheet" method="post" action={`/invitations/${secret}`}>
      <dl>
        <dt>Workspace</dt>
        <dd>{membership.workspace}</dd>
        <dt>You are</dt>
        <dd>{membership.email}</dd>
        <dt>Your role</dt>
        <dd>{membership.role}</dd>
      </dl>
      <p class="quiet">Accepting signs you in with this browser. The invitation works once.</p>
      <button type="submit">Accept and sign in</button>
    </form>
  </Frame>
);

const InvitationTroublePage = ({ failure }: { readonly failure: LinkFailure }) => {
  switch (failure) {
    case "used":
      return (
        <Notice
          title="This invitation has been used"
          lines={["It works once, and ends when you sign in some other way. You are a member: sign in."]}
          next={SIGN_IN}
        />
      );
    case "expired":
      return (
        <Notice
          title="This invitation has expired"
          lines={[
            "It was good for seven days. Ask whoever invited you for a new one, or sign in with the address that was invited.",
          ]}
          next={SIGN_IN}
        />
      );
    case "unknown":
    case "replaced":
    case "other_browser":
      return (
        <Notice
          title="This invitation is not known"
          lines={[
            "Perhaps a part of it was lost on the way: copy all of it. Or it was taken back: ask whoever invited you.",
          ]}
          next={SIGN_IN}
        />
      );
    default:
      return unreachable(failure);
  }
};
