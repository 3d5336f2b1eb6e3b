/** `/members`: the people of the workspace. */
import { ROLES } from "../../domain/access.ts";
import { pageOf } from "../answers/fields.ts";
import { MEMBER_STATES, MemberAnswer } from "../answers/member.ts";
import { nameOf } from "../answers/people.ts";
import { address, withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import { Page } from "../page.tsx";
import { Did } from "../pieces/did.tsx";
import { type Option, SelectField } from "../pieces/fields.tsx";
import { Ago } from "../pieces/moment.tsx";
import { Empty, More } from "../pieces/pieces.tsx";
import { onPage, type SignedIn } from "../signed-in.tsx";
import { zoneOf } from "../workspace-zone.ts";

const SHOWN = 50;

export function mountMembers(pages: Pages): void {
  onPage(pages, "/members", async (visit) => {
    const { state, role, cursor } = visit.c.req.query();
    const path = withQuery("/v1/members", { limit: SHOWN, state, role, cursor });
    const { items, next_cursor } = await visit.api.get(path, pageOf(MemberAnswer));
    return visit.show(<MembersPage visit={visit} members={items} next={next_cursor} />);
  });
}

interface Props {
  readonly visit: SignedIn;
  readonly members: readonly MemberAnswer[];
  readonly next: string | null;
}

const MembersPage = ({ visit, members, next }: Props) => {
  const { state = "", role = "" } = visit.c.req.query();
  return (
    <Page visit={visit} title="Members" acts={visit.can("manage_members") ? <Invite /> : null}>
      <Did visit={visit} words={{ invited: "The invitation is on its way by mail. It is good for seven days." }} />
      <Filters state={state} role={role} />
      {members.length === 0 ? <Nobody visit={visit} /> : null}
      {members.length === 0 ? null : (
        <ul class="sheet">
          {members.map((member) => (
            <OneMember visit={visit} member={member} />
          ))}
        </ul>
      )}
      <More href={next === null ? null : withQuery("/members", { state, role, cursor: next })}>Newer ones</More>
      {visit.can("manage_members") ? null : (
        <p class="quiet">Inviting and changing members takes the role manager or admin.</p>
      )}
    </Page>
  );
};

const Invite = () => (
  <a class="button" href="/members/new" data-new>
    Invite somebody
  </a>
);

const any = (names: readonly string[]): readonly Option[] => [
  ["", "any"],
  ...names.map((name): Option => [name, name]),
];

const Filters = ({ state, role }: { readonly state: string; readonly role: string }) => (
  <form class="filters" method="get" action="/members">
    <SelectField name="state" label="State" value={state} options={any(MEMBER_STATES)} submits />
    <SelectField name="role" label="Role" value={role} options={any(ROLES)} submits />
    <button class="second unscripted" type="submit">
      Filter
    </button>
  </form>
);

const Nobody = ({ visit }: { readonly visit: SignedIn }) => (
  <Empty title="Nobody is like that">
    <p>
      <a href="/members">Show everybody</a>
    </p>
    {visit.can("manage_members") ? <Invite /> : null}
  </Empty>
);

const OneMember = ({ visit, member }: { readonly visit: SignedIn; readonly member: MemberAnswer }) => (
  <li data-row data-key={member.id}>
    <p class="line">
      <a href={address`/members/${member.id}`}>
        <bdi>{nameOf(member)}</bdi>
      </a>
      <span class="mark">{member.role}</span>
      <MemberMark state={member.state} />
      {member.id === visit.visitor.membership.memberId ? <span class="mark">you</span> : null}
      <span class="quiet end">
        {member.joined_at === null ? (
          "not joined yet"
        ) : (
          <>
            joined <Ago at={member.joined_at} timezone={zoneOf(visit)} now={visit.now} />
          </>
        )}
      </span>
    </p>
  </li>
);

/** Nothing for those who are active: so are most. */
export const MemberMark = ({ state }: Pick<MemberAnswer, "state">) =>
  state === "active" ? null : <span class={state === "invited" ? "mark warn" : "mark wrong"}>{state}</span>;
