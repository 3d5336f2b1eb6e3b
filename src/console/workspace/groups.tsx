/** `/groups`: members under one name, to share projects with and to tell together. */
import { pageOf } from "../answers/fields.ts";
import { GroupAnswer } from "../answers/group.ts";
import { address, withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { Page } from "../page.tsx";
import { Did } from "../pieces/did.tsx";
import { NOTHING_WRONG, TextField, Troubles, type Wrongs, wrongsOf } from "../pieces/fields.tsx";
import { Copyable, Empty, More, Once } from "../pieces/pieces.tsx";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";

const PATH = "/groups";
const SHOWN = 50;

export function mountGroups(pages: Pages): void {
  onPage(pages, PATH, (visit) => showGroups(visit));
  onForm(pages, PATH, make);
}

interface Refused {
  readonly name: string;
  readonly wrongs: Wrongs;
}

const NOTHING_TYPED: Refused = { name: "", wrongs: NOTHING_WRONG };

async function showGroups(visit: SignedIn, refused?: Refused): Promise<Response> {
  const path = withQuery("/v1/groups", { limit: SHOWN, cursor: visit.c.req.query("cursor") });
  const { items, next_cursor } = await visit.api.get(path, pageOf(GroupAnswer));
  const page = <GroupsPage visit={visit} groups={items} next={next_cursor} refused={refused ?? NOTHING_TYPED} />;
  return visit.show(page, refused === undefined ? 200 : 422);
}

async function make(visit: SignedIn, filled: Filled): Promise<Response> {
  const name = filled.text("name");
  const made = await visit.api.send("POST", "/v1/groups", GroupAnswer, {
    body: { name },
    headers: filled.onceHeader,
  });
  if (made.ok) return visit.goTo(`${address`/groups/${made.value.id}`}?did=made`);
  return showGroups(visit, { name, wrongs: wrongsOf(made.error, ["name"]) });
}

interface Props {
  readonly visit: SignedIn;
  readonly groups: readonly GroupAnswer[];
  readonly next: string | null;
  readonly refused: Refused;
}

const GroupsPage = ({ visit, groups, next, refused: { name, wrongs } }: Props) => (
  <Page visit={visit} title="Groups">
    <Did visit={visit} words={{ deleted: "The group is deleted. Its members stay." }} />
    <Troubles wrongs={wrongs} />
    {groups.length === 0 ? <NoGroup visit={visit} /> : null}
    {groups.length === 0 ? null : (
      <ul class="sheet">
        {groups.map((group) => (
          <li data-row data-key={group.id}>
            <p class="line">
              <a href={address`/groups/${group.id}`}>
                <bdi>{group.name}</bdi>
              </a>
              <span class="quiet">{group.size === 1 ? "1 member" : `${group.size} members`}</span>
            </p>
          </li>
        ))}
      </ul>
    )}
    <More href={next === null ? null : withQuery(PATH, { cursor: next })}>Newer ones</More>
    {visit.can("manage_groups") ? (
      <form class="sheet" method="post" action={PATH}>
        <Once />
        <h2>Make a group</h2>
        <TextField name="name" label="Name" value={name} required autocomplete="off" wrongs={wrongs} />
        <button type="submit">Make it</button>
      </form>
    ) : (
      <p class="quiet">Making and changing groups takes the role manager or admin.</p>
    )}
  </Page>
);

const NoGroup = ({ visit }: { readonly visit: SignedIn }) => (
  <Empty title="There is no group yet">
    <p>A project is shared with a group once, and whoever joins it later has it too. From a program:</p>
    <Copyable
      id="first-group"
      text={`curl ${new URL(visit.c.req.url).origin}/v1/groups \\
  -H "Authorization: Bearer $CARILLON_TOKEN" -H "Content-Type: application/json" \\
  -d '{"name": "Finance"}'`}
    />
  </Empty>
);
