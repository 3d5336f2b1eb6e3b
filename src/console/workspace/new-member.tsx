/** `/members/new`: inviting somebody, by mail or with a link to hand over. */
import { mayManageRole, ROLES, type Role } from "../../domain/access.ts";
import { InvitedAnswer } from "../answers/member.ts";
import { nameOf } from "../answers/people.ts";
import { address } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { Page } from "../page.tsx";
import {
  NOTHING_WRONG,
  type Option,
  SelectField,
  TextField,
  Troubles,
  type Wrongs,
  wrongsOf,
} from "../pieces/fields.tsx";
import { Moment } from "../pieces/moment.tsx";
import { Copyable } from "../pieces/pieces.tsx";
import { refusalOf } from "../refusal.ts";
import { showRefusal } from "../showing-refusals.tsx";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";
import { zoneOf } from "../workspace-zone.ts";

const PATH = "/members/new";
const FIELDS = ["email", "role", "name"] as const;
const UP = { name: "Members", path: "/members" };

type Typed = Readonly<Record<(typeof FIELDS)[number], string>>;

export function mountNewMember(pages: Pages): void {
  onPage(pages, PATH, (visit) => {
    if (!visit.can("manage_members")) return showRefusal(visit, NOT_YOURS);
    const typed = { email: "", role: "editor", name: "" };
    return visit.show(<NewMemberPage visit={visit} typed={typed} />);
  });
  onForm(pages, PATH, async (visit, filled) => {
    const typed = readTyped(filled);
    const invited = await visit.api.send("POST", "/v1/members", InvitedAnswer, { body: typed });
    if (invited.ok) return showInvited(visit, invited.value);
    const wrongs = wrongsOf(invited.error, FIELDS);
    return visit.show(<NewMemberPage visit={visit} typed={typed} wrongs={wrongs} />, 422);
  });
}

const NOT_YOURS = refusalOf(403, "forbidden", "Inviting somebody takes the role manager or admin.");

const readTyped = (filled: Filled): Typed => ({
  email: filled.text("email"),
  role: filled.text("role"),
  name: filled.text("name"),
});

/** Where a mail brings the link there is none to show, and the page can be read again. */
export function showInvited(visit: SignedIn, invited: InvitedAnswer): Response | Promise<Response> {
  const { invitation_url: link } = invited;
  if (link === null) return visit.goTo("/members?did=invited");
  return visit.show(<InvitedPage visit={visit} invited={invited} link={link} />);
}

interface InvitedProps {
  readonly visit: SignedIn;
  readonly invited: InvitedAnswer;
  readonly link: string;
}

const InvitedPage = ({ visit, invited: { member, expires_at, not_mailed_because: why }, link }: InvitedProps) => (
  <Page visit={visit} title="Hand over the invitation" up={UP}>
    <div class="sheet">
      <p>
        <bdi>{nameOf(member)}</bdi> is invited as {member.role}. {why}
      </p>
      <Copyable id="invitation" text={link} />
      <p>
        Whoever opens it joins as this member. It works once, until <Moment at={expires_at} timezone={zoneOf(visit)} />.
      </p>
      <p class="quiet">
        It is shown here and never again; loading this page again would send the form once more. If it is lost, make
        another on the <a href={address`/members/${member.id}`}>member's page</a>.
      </p>
    </div>
  </Page>
);

interface Props {
  readonly visit: SignedIn;
  readonly typed: Typed;
  readonly wrongs?: Wrongs;
}

const NewMemberPage = ({ visit, typed, wrongs = NOTHING_WRONG }: Props) => (
  <Page visit={visit} title="Invite somebody" up={UP}>
    <Troubles wrongs={wrongs} />
    <form class="sheet" method="post" action={PATH} data-guard>
      <TextField
        name="email"
        label="Email address"
        type="email"
        value={typed.email}
        required
        autocomplete="off"
        wrongs={wrongs}
      />
      <TextField
        name="name"
        label="Name"
        hint="May be left empty: they can give it themselves."
        value={typed.name}
        autocomplete="off"
        wrongs={wrongs}
      />
      <RoleField visit={visit} value={typed.role} wrongs={wrongs} />
      <button type="submit">Invite</button>
    </form>
  </Page>
);

interface RoleProps {
  readonly visit: SignedIn;
  readonly value: string;
  readonly wrongs: Wrongs;
}

/** The roles that the visitor may give. */
export const RoleField = ({ visit, value, wrongs }: RoleProps) => (
  <SelectField
    name="role"
    label="Role"
    hint="The most that projects can give them, and what they may do in the workspace."
    value={value}
    options={ROLES.filter((role) => mayManageRole(visit.visitor.membership.role, role)).map(
      (role): Option => [role, `${role}: ${ROLE_WORDS[role]}`],
    )}
    wrongs={wrongs}
  />
);

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  admin: "manages everything",
  manager: "manages members and groups, makes projects",
  editor: "makes and edits projects",
  explorer: "views projects, makes tokens",
  viewer: "views projects",
  guest: "views only what is shared with them by name",
};
