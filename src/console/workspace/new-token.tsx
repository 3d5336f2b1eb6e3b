/** `/tokens/new`: making a token, whose text the answer shows once. */
import { type MadeTokenAnswer as Made, MadeTokenAnswer } from "../answers/token.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { Page } from "../page.tsx";
import { NOTHING_WRONG, SelectField, TextField, Troubles, type Wrongs, wrongsOf } from "../pieces/fields.tsx";
import { Copyable, Once } from "../pieces/pieces.tsx";
import { refusalOf } from "../refusal.ts";
import { showRefusal } from "../showing-refusals.tsx";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";
import { readLocal, zoneOf } from "../workspace-zone.ts";
import { type ChosenProject, ProjectChecks, projectsFor } from "./project-choice.tsx";

const PATH = "/tokens/new";
const FIELDS = ["name", "kind", "mode", "projects", "expires_at"] as const;
const UP = { name: "Tokens", path: "/tokens" };

interface Typed {
  readonly name: string;
  readonly kind: string;
  readonly mode: string;
  readonly projects: readonly string[];
  readonly expires_at: string;
}

const NEW: Typed = { name: "", kind: "personal", mode: "write", projects: [], expires_at: "" };

export function mountNewToken(pages: Pages): void {
  onPage(pages, PATH, async (visit) => {
    if (!visit.can("create_tokens")) return showRefusal(visit, NOT_YOURS);
    return visit.show(<NewTokenPage visit={visit} typed={NEW} projects={await projectsFor(visit)} />);
  });
  onForm(pages, PATH, make);
}

const NOT_YOURS = refusalOf(403, "forbidden", "Making a token takes the role explorer or more.");

async function make(visit: SignedIn, filled: Filled): Promise<Response> {
  const typed = readTyped(filled);
  const made = await visit.api.send("POST", "/v1/tokens", MadeTokenAnswer, {
    body: bodyOf(visit, typed),
    headers: filled.onceHeader,
  });
  if (made.ok) return visit.show(<MadePage visit={visit} made={made.value} />);
  const wrongs = wrongsOf(made.error, FIELDS);
  const projects = await projectsFor(visit);
  return visit.show(<NewTokenPage visit={visit} typed={typed} projects={projects} wrongs={wrongs} />, 422);
}

const readTyped = (filled: Filled): Typed => ({
  name: filled.text("name"),
  kind: filled.text("kind") || "personal",
  mode: filled.text("mode"),
  projects: filled.all("projects"),
  expires_at: filled.text("expires_at"),
});

/** What is left open goes without a word: the API knows what that means. */
const bodyOf = (visit: SignedIn, { name, kind, mode, projects, expires_at }: Typed) => ({
  ...{ name, kind, mode },
  ...(projects.length === 0 ? {} : { projects }),
  ...(expires_at === "" ? {} : { expires_at: readLocal(expires_at, zoneOf(visit)) }),
});

interface Props {
  readonly visit: SignedIn;
  readonly typed: Typed;
  readonly projects: readonly ChosenProject[];
  readonly wrongs?: Wrongs;
}

const NewTokenPage = ({ visit, typed, projects, wrongs = NOTHING_WRONG }: Props) => (
  <Page visit={visit} title="New token" up={UP}>
    <Troubles wrongs={wrongs} />
    <form class="sheet" method="post" action={PATH} data-guard>
      <Once />
      <TextField
        name="name"
        label="Name"
        hint="What it is for, so that it is known again."
        value={typed.name}
        required
        autocomplete="off"
        wrongs={wrongs}
      />
      {visit.can("manage_workspace_tokens") ? (
        <SelectField
          name="kind"
          label="It acts"
          value={typed.kind}
          options={[
            ["personal", "as you, and ends when you leave"],
            ["workspace", "as the workspace: nobody's, with all that an admin may"],
          ]}
          wrongs={wrongs}
        />
      ) : (
        <p class="quiet">It acts as you, and ends when you leave. Tokens of the workspace are for admins to make.</p>
      )}
      <SelectField
        name="mode"
        label="It may"
        value={typed.mode}
        options={[
          ["write", "read and write"],
          ["read", "only read"],
        ]}
        wrongs={wrongs}
      />
      <ProjectChecks
        projects={projects}
        chosen={typed.projects}
        none="That it is held to. None: all that the one it acts as has access to."
        wrongs={wrongs}
      />
      <TextField
        name="expires_at"
        label="Good until"
        type="datetime-local"
        hint={`By the clock of ${zoneOf(visit)}. Empty: until it is revoked.`}
        value={typed.expires_at}
        wrongs={wrongs}
      />
      <button type="submit">Make it</button>
    </form>
  </Page>
);

const MadePage = ({ visit, made }: { readonly visit: SignedIn; readonly made: Made }) => (
  <Page visit={visit} title={`${made.name} is made`} up={UP}>
    <div class="sheet">
      <p>Copy it now: it is shown here and never again, not when this page is loaded again either.</p>
      <Copyable id="token" text={made.token} />
      <p class="quiet">Keep it as you keep a password. Who has it may do what it may, until it is revoked.</p>
    </div>
    <h2>A call with it</h2>
    <Copyable
      id="call"
      text={`curl ${new URL(visit.c.req.url).origin}/v1/projects \\
  -H "Authorization: Bearer ${made.token}"`}
    />
    <p>
      <a href="/tokens">I have it; go on</a>
    </p>
  </Page>
);
