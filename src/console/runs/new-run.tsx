/** `/projects/{p}/runs/new`: something is run now, of the published version or of a draft. */
import { MadeAnswer, pageOf } from "../answers/fields.ts";
import { VersionAnswer } from "../answers/version.ts";
import type { Pages } from "../door.tsx";
import { type Filled, numberOr } from "../filled.ts";
import { type InProject, onProjectForm, onProjectPage } from "../in-project.tsx";
import { Page, runPath } from "../page.tsx";
import { AreaField, NOTHING_WRONG, SelectField, Troubles, type Wrongs, wrongsOf } from "../pieces/fields.tsx";
import { Empty, Once } from "../pieces/pieces.tsx";
import { ARGS_WRONG, readBody } from "../schedules/new-schedule.tsx";
import { functionOptions } from "../schedules/schedule-functions.ts";

const PATH = "/projects/:p/runs/new";
const FIELDS = ["fn", "args", "version"] as const;
/** Drafts are among the newest. */
const VERSIONS_SEEN = 20;

type Typed = Readonly<Record<(typeof FIELDS)[number], string>>;

export function mountNewRun(pages: Pages): void {
  onProjectPage(pages, PATH, "can_edit", (visit) => {
    const { fn = "", version = "", args = "" } = visit.c.req.query();
    return showForm(visit, { fn, version, args });
  });
  onProjectForm(pages, PATH, "can_edit", start);
}

async function start(visit: InProject, filled: Filled): Promise<Response> {
  const typed = { fn: filled.text("fn"), args: filled.text("args"), version: filled.text("version") };
  const body = readBody(() => ({
    ...(typed.fn === "" ? {} : { fn: typed.fn }),
    ...(typed.args === "" ? {} : { args: readArgs(typed.args) }),
    ...(typed.version === "" ? {} : { version: numberOr(typed.version) }),
  }));
  if (body === null) return showForm(visit, typed, ARGS_WRONG);
  const run = await visit.api.send("POST", `${visit.at}/runs`, MadeAnswer, { body, headers: filled.onceHeader });
  if (run.ok) return visit.goTo(`${runPath(visit, run.value.id)}?did=started`);
  return showForm(visit, typed, wrongsOf(run.error, FIELDS));
}

/** Throws where it is no JSON. */
const readArgs = (text: string): unknown => JSON.parse(text);

async function showForm(visit: InProject, typed: Typed, wrongs: Wrongs = NOTHING_WRONG): Promise<Response> {
  const { items } = await visit.api.get(`${visit.at}/versions?limit=${VERSIONS_SEEN}`, pageOf(VersionAnswer));
  const published = await visit.api.ask(`${visit.at}/published`, VersionAnswer);
  const drafts = items.filter(({ state }) => state === "draft");
  const props = { visit, typed, wrongs, published: published.ok ? published.value : null, drafts };
  return visit.show(<NewRunPage {...props} />, wrongs === NOTHING_WRONG ? 200 : 422);
}

interface PageProps {
  readonly visit: InProject;
  readonly typed: Typed;
  readonly wrongs: Wrongs;
  /** Null: nothing is published. */
  readonly published: VersionAnswer | null;
  readonly drafts: readonly VersionAnswer[];
}

const NewRunPage = ({ visit, typed, wrongs, published, drafts }: PageProps) => (
  <Page visit={visit} title="Run now" up={{ name: "Run log", path: `${visit.home}/runs` }}>
    <Troubles wrongs={wrongs} />
    {published === null && drafts.length === 0 ? (
      <Empty title="There is nothing to run yet">
        <p>
          A version names the project's functions. Once there is one, it can be run here, also before it is published.
        </p>
        <a class="button" href={`${visit.home}/versions/new`}>
          New version
        </a>
      </Empty>
    ) : (
      <RunForm visit={visit} typed={typed} wrongs={wrongs} published={published} drafts={drafts} />
    )}
  </Page>
);

const RunForm = ({ visit, typed, wrongs, published, drafts }: PageProps) => {
  const functions = [...new Set([published, ...drafts].flatMap((one) => one?.functions.map(({ name }) => name) ?? []))];
  const versions: readonly [string, string][] = [
    ...(published === null ? [] : [["", `the published one, version ${published.version}`] satisfies [string, string]]),
    ...drafts.map(({ version }): [string, string] => [String(version), `the draft, version ${version}`]),
  ];
  return (
    <form class="sheet" method="post" action={`${visit.home}/runs/new`} data-guard>
      <Once />
      <SelectField
        name="fn"
        label="What to run"
        hint="The whole project: every function, in their order, until one fails."
        value={typed.fn}
        options={functionOptions(functions, typed.fn)}
        wrongs={wrongs}
      />
      <AreaField
        name="args"
        label="Args"
        hint={
          <>
            JSON, such as <code>{'{"day": "2027-01-15"}'}</code>; empty: none.
          </>
        }
        value={typed.args}
        isCode
        wrongs={wrongs}
      />
      <SelectField
        name="version"
        label="Version"
        hint="Of the published one the run sees the context api-triggered, of a draft logic."
        value={typed.version}
        options={versions}
        wrongs={wrongs}
      />
      <button type="submit">Run it</button>
    </form>
  );
};
