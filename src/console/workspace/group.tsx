/** `/groups/{g}`: one group, and who is in it. */
import type { z } from "@hono/zod-openapi";
import { Anything, pageOf } from "../answers/fields.ts";
import { GroupWithMembersAnswer } from "../answers/group.ts";
import { HandedOverAnswer } from "../answers/member.ts";
import { NamedMember, nameOf } from "../answers/people.ts";
import { address, withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { Page } from "../page.tsx";
import { Did } from "../pieces/did.tsx";
import {
  NOTHING_WRONG,
  type Option,
  SelectField,
  TextField,
  Troubles,
  type Wrongs,
  wrongsOf,
} from "../pieces/fields.tsx";
import { Act, Done, Empty, More, Sure } from "../pieces/pieces.tsx";
import { showRefusal } from "../showing-refusals.tsx";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";
import { HandedOver } from "./handed-over.tsx";

const PATH = "/groups/:g";
const UP = { name: "Groups", path: "/groups" };
const SHOWN = 100;
/** People to choose from at once. */
const CHOICES_MAX = 200;
/** Lists of so many that a search looks through. */
const SEARCHED_MAX = 5;

export function mountGroup(pages: Pages): void {
  onPage(pages, PATH, (visit) => showGroup(visit));
  onForm(pages, PATH, rename);
  onForm(pages, `${PATH}/members`, add);
  onForm(pages, `${PATH}/members/removal`, remove);
  onPage(pages, `${PATH}/deletion`, async (visit) => {
    const group = await visit.api.get(withQuery(atOf(visit), { limit: 1 }), GroupWithMembersAnswer);
    return visit.show(<DeletionPage visit={visit} group={group} />);
  });
  onForm(pages, `${PATH}/deletion`, deleteGroup);
}

const idOf = ({ c }: SignedIn): string => c.req.param("g") ?? "";
const atOf = (visit: SignedIn): string => address`/v1/groups/${idOf(visit)}`;
const pathOf = (visit: SignedIn): string => address`/groups/${idOf(visit)}`;

interface Refused {
  readonly wrongs: Wrongs;
  /** A new name that was refused. */
  readonly name?: string;
}

async function showGroup(visit: SignedIn, refused?: Refused): Promise<Response> {
  const query = { limit: SHOWN, cursor: visit.c.req.query("cursor") };
  const [group, choices] = await Promise.all([
    visit.api.get(withQuery(atOf(visit), query), GroupWithMembersAnswer),
    visit.can("manage_groups") ? choicesFor(visit, visit.c.req.query("q")?.trim() ?? "") : NO_CHOICES,
  ]);
  const inIt = new Set(group.members.items.map(({ id }) => id));
  const others = { ...choices, people: choices.people.filter(({ id }) => !inIt.has(id)) };
  const page = <GroupPage visit={visit} group={group} others={others} refused={refused ?? { wrongs: NOTHING_WRONG }} />;
  return visit.show(page, refused === undefined ? 200 : 422);
}

/** People who may be taken in. */
interface People {
  readonly people: readonly NamedMember[];
  /** What they were searched for; empty: nothing. */
  readonly q: string;
  /** Whether nobody was left out. */
  readonly isWhole: boolean;
}

const NO_CHOICES: People = { people: [], q: "", isWhole: true };

/** The longest-serving members; or of many more, those whose name or address has in it what is searched. */
async function choicesFor({ api }: SignedIn, q: string): Promise<People> {
  const people: NamedMember[] = [];
  let cursor: string | null = null;
  for (let seen = 0; seen < (q === "" ? 1 : SEARCHED_MAX); seen++) {
    const path = withQuery("/v1/members", { limit: CHOICES_MAX, cursor });
    const page: z.output<typeof MembersAnswer> = await api.get(path, MembersAnswer);
    people.push(...page.items.filter((one) => one.state !== "deactivated" && hasInName(one, q)));
    cursor = page.next_cursor;
    if (cursor === null) break;
  }
  return { people: people.slice(0, CHOICES_MAX), q, isWhole: cursor === null && people.length <= CHOICES_MAX };
}

const MembersAnswer = pageOf(NamedMember);

const hasInName = (member: NamedMember, q: string): boolean => nameOf(member).toLowerCase().includes(q.toLowerCase());

async function rename(visit: SignedIn, filled: Filled): Promise<Response> {
  const name = filled.text("name");
  const renamed = await visit.api.send("PATCH", atOf(visit), Anything, { body: { name } });
  if (renamed.ok) return visit.goTo(`${pathOf(visit)}?did=renamed`);
  return showGroup(visit, { name, wrongs: wrongsOf(renamed.error, ["name"]) });
}

const placeOf = (visit: SignedIn, filled: Filled): string => atOf(visit) + address`/members/${filled.text("member")}`;

async function add(visit: SignedIn, filled: Filled): Promise<Response> {
  const added = await visit.api.send("PUT", placeOf(visit, filled), Anything);
  if (added.ok) return visit.goTo(`${pathOf(visit)}?did=added`);
  return showGroup(visit, { wrongs: wrongsOf(added.error, []) });
}

async function remove(visit: SignedIn, filled: Filled): Promise<Response> {
  const removed = await visit.api.send("DELETE", placeOf(visit, filled), HandedOverAnswer);
  if (!removed.ok) return showGroup(visit, { wrongs: wrongsOf(removed.error, []) });
  if (removed.value.handed_over.length === 0) return visit.goTo(`${pathOf(visit)}?did=removed`);
  return visit.show(<MovedPage visit={visit} moved={removed.value} back={pathOf(visit)} />);
}

async function deleteGroup(visit: SignedIn): Promise<Response> {
  const deleted = await visit.api.send("DELETE", atOf(visit), HandedOverAnswer);
  if (!deleted.ok) return showRefusal(visit, deleted.error);
  if (deleted.value.handed_over.length === 0) return visit.goTo("/groups?did=deleted");
  return visit.show(<MovedPage visit={visit} moved={deleted.value} back="/groups" />);
}

interface Props {
  readonly visit: SignedIn;
  readonly group: GroupWithMembersAnswer;
}

interface PageProps extends Props {
  readonly others: People;
  readonly refused: Refused;
}

const DONE = {
  made: "The group is made. Take members in, then share projects with it.",
  renamed: "The group has its new name.",
  added: "They are in the group, and have what projects gave to it.",
  removed: "They are out of the group, and what projects gave them through it is theirs no longer.",
};

const GroupPage = ({ visit, group, others, refused: { wrongs, name } }: PageProps) => (
  <Page visit={visit} title={group.name} up={UP}>
    <Did visit={visit} words={DONE} />
    <Troubles wrongs={wrongs} />
    <h2>Members</h2>
    <Members visit={visit} group={group} />
    {visit.can("manage_groups") ? (
      <>
        <AddForm visit={visit} others={others} />
        <h2>Name</h2>
        <form class="sheet" method="post" action={pathOf(visit)}>
          <TextField name="name" label="Name" value={name ?? group.name} required autocomplete="off" wrongs={wrongs} />
          <button type="submit">Rename</button>
        </form>
        <p>
          <a class="button danger" href={`${pathOf(visit)}/deletion`}>
            Delete the group…
          </a>
        </p>
      </>
    ) : (
      <p class="quiet">Changing groups takes the role manager or admin.</p>
    )}
  </Page>
);

const Members = ({ visit, group: { members } }: Props) => {
  const { items, next_cursor: next } = members;
  if (items.length === 0)
    return (
      <Empty title="Nobody is in it yet">
        <p>What projects give to the group is given to whoever is in it.</p>
      </Empty>
    );
  return (
    <>
      <ul class="sheet">
        {items.map((member) => (
          <li data-row data-key={member.id}>
            <div class="line">
              <a href={address`/members/${member.id}`}>
                <bdi>{nameOf(member)}</bdi>
              </a>
              <span class="mark">{member.role}</span>
              {visit.can("manage_groups") ? (
                <span class="end">
                  <Act action={`${pathOf(visit)}/members/removal`} label="Take out" fields={{ member: member.id }} />
                </span>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
      <More href={next === null ? null : withQuery(pathOf(visit), { cursor: next })}>More members</More>
    </>
  );
};

const AddForm = ({ visit, others: { people, q, isWhole } }: Pick<PageProps, "visit" | "others">) => (
  <>
    {isWhole && q === "" ? null : (
      <form class="row" method="get" action={pathOf(visit)}>
        <TextField name="q" label="Find somebody by name or address" type="search" value={q} />
        <button class="second" type="submit">
          Find
        </button>
      </form>
    )}
    {people.length === 0 ? (
      <p class="quiet">
        {sayNobody(q, isWhole)} <a href="/members/new">Invite somebody</a>
      </p>
    ) : (
      <form class="sheet" method="post" action={`${pathOf(visit)}/members`}>
        <SelectField
          name="member"
          label="Take in"
          value=""
          options={people.map((member): Option => [member.id, nameOf(member)])}
        />
        <button type="submit">Take them in</button>
      </form>
    )}
  </>
);

function sayNobody(q: string, isWhole: boolean): string {
  if (isWhole) return q === "" ? "Everybody is in it." : "Nobody who is not in it has that in their name or address.";
  const seen = (q === "" ? CHOICES_MAX : CHOICES_MAX * SEARCHED_MAX).toLocaleString("en");
  return `There is nobody to take in among the first ${seen} members. Others can be added through the API.`;
}

const DeletionPage = ({ visit, group }: Props) => (
  <Page visit={visit} title={`Delete the group ${group.name}?`} up={UP}>
    <Sure
      action={`${pathOf(visit)}/deletion`}
      label={`Delete ${group.name}`}
      back={pathOf(visit)}
      lines={[
        `What projects gave to it is given no longer: ${group.size === 1 ? "1 member loses" : `${group.size} members lose`} what they had through it alone.`,
        "Notifications that name the group reach nobody through it any more.",
        "A project that nobody else has full access to goes to the longest-serving admin; the answer names it.",
        "Its members stay members of the workspace.",
      ]}
    />
  </Page>
);

interface MovedProps {
  readonly visit: SignedIn;
  readonly moved: HandedOverAnswer;
  readonly back: string;
}

const MovedPage = ({ visit, moved, back }: MovedProps) => (
  <Page visit={visit} title="Done" up={UP}>
    <Done>
      It is done. <a href={back}>Go on</a>
    </Done>
    <HandedOver handed_over={moved.handed_over} />
  </Page>
);
