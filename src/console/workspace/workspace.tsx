/** `/workspace`: its name, and its end. */
import { Anything } from "../answers/fields.ts";
import { WorkspaceAnswer } from "../answers/workspace.ts";
import { withQuery } from "../client.ts";
import { type Pages, show } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { Notice, SIGN_IN } from "../frame.tsx";
import { Page } from "../page.tsx";
import { Did } from "../pieces/did.tsx";
import { NOTHING_WRONG, TextField, Troubles, type Wrongs, wrongsOf } from "../pieces/fields.tsx";
import { Moment } from "../pieces/moment.tsx";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";
import { zoneOf } from "../workspace-zone.ts";

const PATH = "/workspace";
const AT = "/v1/workspace";

export function mountWorkspace(pages: Pages): void {
  onPage(pages, PATH, (visit) => showWorkspace(visit));
  onForm(pages, PATH, rename);
  onPage(pages, `${PATH}/deletion`, async (visit) =>
    visit.show(<DeletionPage visit={visit} workspace={await visit.api.get(AT, WorkspaceAnswer)} />),
  );
  onForm(pages, `${PATH}/deletion`, remove);
}

interface Refused {
  readonly name: string;
  readonly wrongs: Wrongs;
}

async function showWorkspace(visit: SignedIn, refused?: Refused): Promise<Response> {
  const workspace = await visit.api.get(AT, WorkspaceAnswer);
  const shown = refused ?? { name: workspace.name, wrongs: NOTHING_WRONG };
  const page = <WorkspacePage visit={visit} workspace={workspace} shown={shown} />;
  return visit.show(page, refused === undefined ? 200 : 422);
}

async function rename(visit: SignedIn, filled: Filled): Promise<Response> {
  const name = filled.text("name");
  const renamed = await visit.api.send("PATCH", AT, Anything, { body: { name } });
  return renamed.ok
    ? visit.goTo(`${PATH}?did=renamed`)
    : showWorkspace(visit, { name, wrongs: wrongsOf(renamed.error, ["name"]) });
}

/** By whoever types its name. With it goes the session, so that what is shown is for nobody in particular. */
async function remove(visit: SignedIn, filled: Filled): Promise<Response> {
  const removed = await visit.api.send("DELETE", withQuery(AT, { name: filled.raw("name") || " " }), Anything);
  if (removed.ok) return show(visit.c, <GonePage />);
  const workspace = await visit.api.get(AT, WorkspaceAnswer);
  const wrongs = wrongsOf(removed.error, ["name"]);
  return visit.show(<DeletionPage visit={visit} workspace={workspace} wrongs={wrongs} />, 422);
}

interface Props {
  readonly visit: SignedIn;
  readonly workspace: WorkspaceAnswer;
}

const WorkspacePage = ({ visit, workspace, shown: { name, wrongs } }: Props & { readonly shown: Refused }) => (
  <Page visit={visit} title="Workspace">
    <Did visit={visit} words={{ renamed: "The workspace has its new name." }} />
    <Troubles wrongs={wrongs} />
    <div class="sheet">
      <dl>
        <dt>Plan</dt>
        <dd>
          {workspace.plan} <a href="/plan">What it allows</a>
        </dd>
        <dt>Made</dt>
        <dd>
          <Moment at={workspace.created_at} timezone={zoneOf(visit)} />
        </dd>
        <dt>Id</dt>
        <dd>
          <code>{workspace.id}</code>
        </dd>
      </dl>
    </div>
    {visit.can("manage_workspace") ? (
      <>
        <form class="sheet" method="post" action={PATH}>
          <TextField name="name" label="Name" value={name} required autocomplete="off" wrongs={wrongs} />
          <button type="submit">Rename</button>
        </form>
        <h2>End</h2>
        <p>
          <a class="button danger" href={`${PATH}/deletion`}>
            Delete the workspace…
          </a>
        </p>
      </>
    ) : (
      <p class="quiet">Changing it takes the role admin.</p>
    )}
  </Page>
);

const DeletionPage = ({ visit, workspace, wrongs = NOTHING_WRONG }: Props & { readonly wrongs?: Wrongs }) => (
  <Page visit={visit} title={`Delete ${workspace.name}?`} up={{ name: "Workspace", path: PATH }}>
    <Troubles wrongs={wrongs} />
    <form class="sheet" method="post" action={`${PATH}/deletion`}>
      <p>
        Every project goes, with its schedules, versions, run log, app and captures; so do all members, groups, tokens,
        endpoints, the connection to Slack, and the audit.
      </p>
      <p>It is so at once, for everybody: no token or session of it works any more, yours neither.</p>
      <p>Nothing of it can be brought back.</p>
      <TextField
        name="name"
        label={`Type ${workspace.name} to go on`}
        value=""
        required
        autocomplete="off"
        wrongs={wrongs}
      />
      <div class="row">
        <button class="danger" type="submit">
          Delete {workspace.name} for good
        </button>
        <a class="button second" href={PATH}>
          Leave it as it is
        </a>
      </div>
    </form>
  </Page>
);

const GonePage = () => (
  <Notice
    title="The workspace is deleted"
    lines={[
      "Nothing of it runs after a few minutes, and what was stored is taken away soon after.",
      "You are signed out of it. In other workspaces you are what you were.",
    ]}
    next={SIGN_IN}
  />
);
