/** The choice among the workspaces of one address, by whoever has just proven that it is theirs. */
import { type Membership, membershipsOf } from "../directory/memberships.ts";
import { type EmailProof, PROOF_COOKIE, readProof } from "../http/email-proof.ts";
import { readCookie } from "../http/host-cookie.ts";
import { now } from "../system.ts";
import { onPost, type Pages, show, type Visit } from "./door.tsx";
import { CHOICE, enter } from "./entering.tsx";
import { Frame } from "./frame.tsx";

export function mountWorkspaceChoice(pages: Pages): void {
  pages.get(CHOICE, async (c) => {
    const proof = await proofOf(c);
    if (proof === null) return c.redirect("/sign-in");
    return show(c, <ChoicePage email={proof.email} memberships={await membershipsOf(c.env.DIRECTORY, proof.email)} />);
  });

  onPost(pages, CHOICE, async (c, { member }) => {
    const proof = await proofOf(c);
    if (proof === null) return c.redirect("/sign-in", 303);
    // Found again among what the proven address may enter: the form only says which of these.
    const memberships = await membershipsOf(c.env.DIRECTORY, proof.email);
    const chosen = memberships.find(({ memberId }) => memberId === member);
    if (chosen === undefined) return show(c, <ChoicePage email={proof.email} memberships={memberships} />, 422);
    return enter(c, chosen, proof.way);
  });
}

async function proofOf(c: Visit): Promise<EmailProof | null> {
  const value = readCookie(c.req.raw, PROOF_COOKIE);
  return value === null ? null : readProof(c.env.CARILLON_KEY, value, now());
}

const ChoicePage = ({
  email,
  memberships,
}: {
  readonly email: string;
  readonly memberships: readonly Membership[];
}) => (
  <Frame title="Choose a workspace">
    <form class="sheet" method="post" action={CHOICE}>
      {memberships.length === 0 ? (
        <p>{email} is not a member of any workspace any more.</p>
      ) : (
        <p>{email} is a member of several.</p>
      )}
      {memberships.map(({ memberId, workspace, role, state }) => (
        <button class="choice" type="submit" name="member" value={memberId}>
          {workspace}
          <small>{state === "invited" ? `invited as ${role}; going there joins it` : role}</small>
        </button>
      ))}
    </form>
  </Frame>
);
