/** `/projects/new`: a project is made. */
import { ACCESS_LEVELS } from "../../domain/access.ts";
import { ProjectAnswer } from "../answers/project.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { Page } from "../page.tsx";
import { NOTHING_WRONG, SelectField, TextField, Troubles, type Wrongs, wrongsOf, ZoneList } from "../pieces/fields.tsx";
import { LEVEL_NAMES } from "../pieces/level-names.ts";
import { Once } from "../pieces/pieces.tsx";
import { refusalOf } from "../refusal.ts";
import { showRefusal } from "../showing-refusals.tsx";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";
import { projectPath } from "./project-path.ts";

const PATH = "/projects/new";
const FIELDS = ["name", "timezone", "workspace_access"] as const;

type Typed = Readonly<Record<(typeof FIELDS)[number], string>>;

export function mountNewProject(pages: Pages): void {
  onPage(pages, PATH, (visit) => {
    if (!visit.can("create_projects")) return showRefusal(visit, NOT_YOURS);
    const typed = { name: "", timezone: visit.timezone ?? "UTC", workspace_access: "" };
    return visit.show(<NewProjectPage visit={visit} typed={typed} />);
  });
  onForm(pages, PATH, make);
}

const NOT_YOURS = refusalOf(
  403,
  "forbidden",
  "Your role in the workspace does not let you make projects. Ask an admin.",
);

async function make(visit: SignedIn, filled: Filled): Promise<Response> {
  const typed = {
    name: filled.text("name"),
    timezone: filled.text("timezone"),
    workspace_access: filled.text("workspace_access"),
  };
  const { name, timezone, workspace_access } = typed;
  const body = {
    name,
    ...(timezone === "" ? {} : { timezone }),
    ...(workspace_access === "" ? {} : { workspace_access }),
  };
  const made = await visit.api.send("POST", "/v1/projects", ProjectAnswer, { body, headers: filled.onceHeader });
  if (made.ok) return visit.goTo(projectPath(made.value));
  if (made.error.status === 403) return showRefusal(visit, made.error);
  return visit.show(<NewProjectPage visit={visit} typed={typed} wrongs={wrongsOf(made.error, FIELDS)} />, 422);
}

interface PageProps {
  readonly visit: SignedIn;
  readonly typed: Typed;
  readonly wrongs?: Wrongs;
}

const SHARED = ACCESS_LEVELS.filter((level) => level !== "none");

const NewProjectPage = ({ visit, typed, wrongs = NOTHING_WRONG }: PageProps) => (
  <Page visit={visit} title="New project" up={{ name: "Projects", path: "/" }}>
    <Troubles wrongs={wrongs} />
    <form class="sheet" method="post" action={PATH} data-guard>
      <Once />
      <TextField name="name" label="Name" hint="Such as Daily reports." value={typed.name} required wrongs={wrongs} />
      <TextField
        name="timezone"
        label="Time zone"
        hint="Of schedules that name none. It can be changed later."
        value={typed.timezone}
        list="zones"
        wrongs={wrongs}
      />
      <ZoneList />
      <SelectField
        name="workspace_access"
        label={`Share it with everybody in ${visit.visitor.membership.workspace}`}
        hint="You have full access. Guests need a share of their own; single people and groups can be added later."
        value={typed.workspace_access}
        options={[["", "not yet"], ...SHARED.map((level): [string, string] => [level, LEVEL_NAMES[level]])]}
        wrongs={wrongs}
      />
      <button type="submit">Make the project</button>
    </form>
  </Page>
);
