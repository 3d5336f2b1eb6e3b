/** `/members/{m}`: one member, from the invitation to the day they leave. */
import { mayManageRole } from "../../domain/access.ts";
import { Anything } from "../answers/fields.ts";
import { HandedOverAnswer, InvitedAnswer, MemberAnswer } from "../answers/member.ts";
import { nameOf } from "../answers/people.ts";
import { address } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { Page } from "../page.tsx";
import { Before, type BeforeOf, beforeIn, changedFields, onlyOf } from "../pieces/before.tsx";
import { Did } from "../pieces/did.tsx";
import { NOTHING_WRONG, TextField, Troubles, type Wrongs, wrongsOf } from "../pieces/fields.tsx";
import { Moment } from "../pieces/moment.tsx";
import { Act, Done, Sure } from "../pieces/pieces.tsx";
import type { Refusal } from "../refusal.ts";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";
import { zoneOf } from "../workspace-zone.ts";
import { HandedOver } from "./handed-over.tsx";
import { MemberMark } from "./members.tsx";
import { RoleField, showInvited } from "./new-member.tsx";

/** What was typed into the form. */
interface Typed {
  readonly name: string;
  readonly role: string;
}

const FIELDS = ["name", "role"] as const satisfies readonly (keyof Typed)[];

const PATH = "/members/:m";
const UP = { name: "Members", path: "/members" };

export function mountMember(pages: Pages): void {
  onPage(pages, PATH, async (visit) => visit.show(<MemberPage visit={visit} member={await memberOf(visit)} />));
  onForm(pages, PATH, change);
  onPage(pages, `${PATH}/deactivation`, async (visit) =>
    visit.show(<DeactivationPage visit={visit} member={await memberOf(visit)} />),
  );
  onForm(pages, `${PATH}/deactivation`, deactivate);
  onForm(pages, `${PATH}/reactivation`, reactivate);
  onForm(pages, `${PATH}/invitation`, inviteAgain);
}

const idOf = ({ c }: SignedIn): string => c.req.param("m") ?? "";
const atOf = (visit: SignedIn): string => address`/v1/members/${idOf(visit)}`;
const pathOf = (visit: SignedIn): string => address`/members/${idOf(visit)}`;
const memberOf = (visit: SignedIn): Promise<MemberAnswer> => visit.api.get(atOf(visit), MemberAnswer);

async function change(visit: SignedIn, filled: Filled): Promise<Response> {
  const typed = { name: filled.text("name"), role: filled.text("role") };
  const before = beforeIn(filled, FIELDS);
  const fields = changedFields(FIELDS, before, typed).filter((field) => filled.has(field));
  const body = onlyOf(fields, typed);
  const changed = await visit.api.send("PATCH", atOf(visit), HandedOverAnswer, { body });
  if (!changed.ok) return showRefused(visit, changed.error, { typed, before });
  if (changed.value.handed_over.length === 0) return visit.goTo(`${pathOf(visit)}?did=changed`);
  return visit.show(<ChangedPage visit={visit} moved={changed.value} title="Changed" />);
}

/** The member's page, with why it could not be done. */
async function showRefused(visit: SignedIn, refusal: Refusal, refused?: Refused): Promise<Response> {
  const member = await memberOf(visit);
  const wrongs = wrongsOf(refusal, FIELDS);
  return visit.show(<MemberPage visit={visit} member={member} refused={refused} wrongs={wrongs} />, 422);
}

async function deactivate(visit: SignedIn): Promise<Response> {
  const left = await visit.api.send("DELETE", atOf(visit), HandedOverAnswer);
  if (!left.ok) return showRefused(visit, left.error);
  return visit.show(<ChangedPage visit={visit} moved={left.value} title="Deactivated" />);
}

async function reactivate(visit: SignedIn): Promise<Response> {
  const back = await visit.api.send("POST", `${atOf(visit)}/reactivation`, Anything, { body: {} });
  return back.ok ? visit.goTo(`${pathOf(visit)}?did=reactivated`) : showRefused(visit, back.error);
}

async function inviteAgain(visit: SignedIn): Promise<Response> {
  const invited = await visit.api.send("POST", `${atOf(visit)}/invitation`, InvitedAnswer, { body: {} });
  return invited.ok ? showInvited(visit, invited.value) : showRefused(visit, invited.error);
}

interface Refused {
  readonly typed: Typed;
  /** What the form held when it was drawn first. */
  readonly before: BeforeOf<keyof Typed>;
}

interface Props {
  readonly visit: SignedIn;
  readonly member: MemberAnswer;
  readonly refused?: Refused | undefined;
  readonly wrongs?: Wrongs;
}

const DONE = {
  changed: "It is changed. Another role ends the invitation of somebody who has not joined: invite them again.",
  reactivated:
    "They are a member again, in their old role. What was shared with them is not, and they are in no group.",
};

const MemberPage = ({ visit, member, refused, wrongs = NOTHING_WRONG }: Props) => {
  const mayManage = visit.can("manage_members") && mayManageRole(visit.visitor.membership.role, member.role);
  return (
    <Page visit={visit} title={member.name === "" ? member.email : member.name} up={UP}>
      <Did visit={visit} words={DONE} />
      <Troubles wrongs={wrongs} />
      <Facts visit={visit} member={member} />
      {mayManage ? (
        <>
          <ChangeForm visit={visit} member={member} refused={refused} wrongs={wrongs} />
          <Ends visit={visit} member={member} />
        </>
      ) : (
        <p class="quiet">
          {visit.can("manage_members")
            ? "Your role manages only the roles below it."
            : "Changing members takes the role manager or admin."}
        </p>
      )}
    </Page>
  );
};

const Facts = ({ visit, member }: Props) => (
  <div class="sheet">
    <dl>
      <dt>Address</dt>
      <dd>{member.email}</dd>
      <dt>Role</dt>
      <dd>
        {member.role} <MemberMark state={member.state} />
      </dd>
      <dt>{member.joined_at === null ? "Invited" : "Joined"}</dt>
      <dd>
        <Moment at={member.joined_at ?? member.created_at} timezone={zoneOf(visit)} />
      </dd>
      {member.deactivated_at === null ? null : (
        <>
          <dt>Deactivated</dt>
          <dd>
            <Moment at={member.deactivated_at} timezone={zoneOf(visit)} />
          </dd>
        </>
      )}
    </dl>
  </div>
);

const ChangeForm = ({ visit, member, refused, wrongs = NOTHING_WRONG }: Props) => {
  const saved = { name: member.name, role: member.role };
  const { typed, before } = refused ?? { typed: saved, before: saved };
  const isOneself = member.id === visit.visitor.membership.memberId;
  return (
    <form class="sheet" method="post" action={pathOf(visit)} data-guard>
      <Before fields={before} />
      <TextField name="name" label="Name" value={typed.name} autocomplete="off" wrongs={wrongs} />
      {isOneself ? (
        <p class="quiet">Nobody changes their own role: ask another admin.</p>
      ) : (
        <RoleField visit={visit} value={typed.role || member.role} wrongs={wrongs} />
      )}
      <button type="submit">Save</button>
    </form>
  );
};

const Ends = ({ visit, member }: Props) => (
  <div class="row">
    {member.state === "invited" ? (
      <Act action={`${pathOf(visit)}/invitation`} label="Invite again, which ends the link before" />
    ) : null}
    {member.state === "deactivated" ? (
      <Act action={`${pathOf(visit)}/reactivation`} label="Let them in again" />
    ) : (
      <a class="button danger" href={`${pathOf(visit)}/deactivation`}>
        Deactivate…
      </a>
    )}
  </div>
);

const DeactivationPage = ({ visit, member }: Props) => (
  <Page visit={visit} title={`Deactivate ${nameOf(member)}?`} up={UP}>
    <Sure
      action={`${pathOf(visit)}/deactivation`}
      label={`Deactivate ${member.email}`}
      back={pathOf(visit)}
      lines={[
        "Their sessions and personal tokens end at once; programs that use such a token are refused.",
        "They leave their groups, and what was shared with them is taken back.",
        "A project that nobody else has full access to goes to the longest-serving admin; the answer names them.",
        "Schedules go on as they were. They can be let in again later, without groups and shares.",
      ]}
    />
  </Page>
);

interface ChangedProps {
  readonly visit: SignedIn;
  readonly moved: HandedOverAnswer;
  readonly title: string;
}

const ChangedPage = ({ visit, moved, title }: ChangedProps) => (
  <Page visit={visit} title={title} up={UP}>
    <Done>
      It is done. <a href={pathOf(visit)}>Go to the member</a>, who can be changed back there.
    </Done>
    <HandedOver handed_over={moved.handed_over} />
  </Page>
);
