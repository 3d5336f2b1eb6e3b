/** The choice among the workspaces of one address, by whoever has just proven that it is theirs. */
import { type Membership, membershipsOf } from "../../directory/memberships.ts";
import { type EmailProof, PROOF_COOKIE, readProof } from "../../http/email-proof.ts";
import { readCookie } from "../../http/host-cookie.ts";
import { now } from "../../system.ts";
import { onPost, type Pages, show, type Visit } from "../door.tsx";
import { Frame } from "../frame.tsx";
import { CHOICE, enter } from "./entering.tsx";
import { isBehindAccess } from "./vouching.tsx";

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
  const proof = value === null ? null : await readProof(c.env.CARILLON_KEY, value, now());
  // A link proves nothing any more from the moment on that Access stands in front.
  return proof?.way === "link" && isBehindAccess(c) ? null : proof;
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
      <p>{saidOf(email, memberships)}</p>
      {memberships.map(({ memberId, workspace, role, state }) => (
        <button class="choice" type="submit" name="member" value={memberId}>
          {workspace}
          <small>{state === "invited" ? `invited as ${role}; going there joins it` : role}</small>
        </button>
      ))}
    </form>
  </Frame>
);

function saidOf(email: string, memberships: readonly Membership[]): string {
  const [first, ...others] = memberships;
  if (first === undefined) return `${email} is not a member of any workspace any more.`;
  if (others.length > 0) return `${email} has several to choose from.`;
  return first.state === "invited"
    ? `${email} is invited to a workspace, and not in it yet. Going there joins it; if you do not want to, close this page.`
    : `${email} is a member of one.`;
}
