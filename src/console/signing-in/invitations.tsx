/** `/invitations/{secret}`: shown to whoever looks, and accepted by a button, since programs that scan mail only look. */
import { findMembership, type Membership } from "../../directory/memberships.ts";
import { type LinkFailure, readInvitation, useInvitation } from "../../directory/sign-in-links.ts";
import { fail, ok, type Result, unreachable } from "../../domain/result.ts";
import { now } from "../../system.ts";
import { onPost, type Pages, show, type Visit } from "../door.tsx";
import { Frame, Notice, SIGN_IN } from "../frame.tsx";
import { enter } from "./entering.tsx";
import { findBehind, refuseLink } from "./opening-links.tsx";
import { OtherAddressPage, vouchedFor } from "./vouching.tsx";

const PATH = "/invitations/:secret";

export function mountInvitations(pages: Pages): void {
  pages.get(PATH, async (c) => {
    const invited = await findInvited(c);
    return invited.ok ? show(c, <InvitationPage membership={invited.value} secret={secretOf(c)} />) : invited.error;
  });

  onPost(pages, PATH, async (c) => {
    const invited = await findInvited(c);
    if (!invited.ok) return invited.error;
    const used = await useInvitation(c.env.DIRECTORY, secretOf(c), now());
    return used.ok ? enter(c, invited.value, "invitation") : refuse(c, used.error);
  });
}

const secretOf = (c: Visit): string => c.req.param("secret") ?? "";

/** Whom the invitation is for, if that is who is there: a link is handed on, and where Access stands in front it knows by whom. */
async function findInvited(c: Visit): Promise<Result<Membership, Response>> {
  const vouched = await vouchedFor(c);
  if (vouched.kind === "refused") return fail(vouched.answer);
  const secret = secretOf(c);
  const id = await findBehind(c, secret, () => readInvitation(c.env.DIRECTORY, secret, now()));
  if (!id.ok) return fail(await refuse(c, id.error));
  const membership = await findMembership(c.env.DIRECTORY, id.value);
  if (membership === null) return fail(await refuse(c, "unknown"));
  const isTheirs = vouched.kind === "not_asked" || vouched.email === membership.email;
  if (isTheirs) return ok(membership);
  return fail(await show(c, <OtherAddressPage email={vouched.email} invited={membership.email} />, 403));
}

const refuse = (c: Visit, failure: LinkFailure | "kept_out"): Promise<Response> =>
  refuseLink(c, failure, (why) => <InvitationTroublePage failure={why} />);

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
    case "replaced":
      return (
        <Notice
          title="A newer invitation has replaced this one"
          lines={["Open the newest that you have, or ask whoever invited you for another."]}
        />
      );
    case "taken_back":
      return (
        <Notice
          title="This invitation was taken back"
          lines={[
            "You are not a member of the workspace, or no longer. Ask an admin or manager of it if that is a mistake.",
          ]}
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
    case "other_browser":
      return (
        <Notice
          title="This invitation is not known"
          lines={[
            "Perhaps a part of it was lost on the way: copy all of it. Or its workspace is gone: ask whoever invited you.",
          ]}
          next={SIGN_IN}
        />
      );
    default:
      return unreachable(failure);
  }
};
