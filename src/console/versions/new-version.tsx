/** `/projects/{p}/versions/new`: functions that are called, code that runs here, or both. It begins with what is published. */
import { fail } from "../../domain/result.ts";
import { ModulesAnswer, VersionAnswer } from "../answers/version.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { type InProject, onProjectForm, onProjectPage } from "../in-project.tsx";
import { Page } from "../page.tsx";
import { AreaField, NOTHING_WRONG, TextField, Troubles, type Wrongs, wrongsOf, ZoneList } from "../pieces/fields.tsx";
import { Once } from "../pieces/pieces.tsx";
import {
  bodyOf,
  fieldOf,
  fieldsOf,
  type Module,
  moduleIssues,
  NO_ROW,
  type Row,
  rowOf,
  type Typed,
  typedIn,
} from "./version-typed.ts";

const PATH = "/projects/:p/versions/new";
/** 4 MiB of modules, which the API takes, and the fields around them. */
const FORM_MAX_BYTES = 5 * 1024 * 1024;
/** Rows for functions beside those that are there. */
const SPARE_ROWS = 2;

export function mountNewVersion(pages: Pages): void {
  onProjectPage(pages, PATH, "can_edit", async (visit) => {
    const published = await publishedIn(visit);
    const typed = published === null ? { rows: [], modules: [] } : await asTyped(visit, published);
    return visit.show(<NewVersionPage visit={visit} typed={typed} sealed={sealedIn(published)} />);
  });
  onProjectForm(pages, PATH, "can_edit", make, FORM_MAX_BYTES);
}

async function publishedIn({ api, at }: InProject): Promise<VersionAnswer | null> {
  const published = await api.ask(`${at}/published`, VersionAnswer);
  return published.ok ? published.value : null;
}

/** Functions whose headers are sealed: their values never come out again. */
const sealedIn = (published: VersionAnswer | null): readonly string[] =>
  published?.functions.filter(({ headers }) => headers.length > 0).map(({ name }) => name) ?? [];

async function asTyped({ api, at }: InProject, version: VersionAnswer): Promise<Typed> {
  const modules =
    version.code === null ? null : await api.ask(`${at}/versions/${version.version}/modules`, ModulesAnswer);
  return {
    rows: version.functions.filter(({ kind }) => kind === "http").map(rowOf),
    modules: modules?.ok ? Object.entries(modules.value.modules).map(([name, text]) => ({ name, text })) : [],
  };
}

async function make(visit: InProject, filled: Filled): Promise<Response> {
  const typed = typedIn(filled);
  const published = await publishedIn(visit);
  const sealed = sealedIn(published);
  if (filled.has("more")) return visit.show(<NewVersionPage visit={visit} typed={typed} sealed={sealed} more />);
  const issues = moduleIssues(typed.modules);
  const made =
    issues.length > 0
      ? fail({ status: 422, code: "invalid_input", detail: "", errors: issues, extra: {} })
      : await visit.api.send("POST", `${visit.at}/versions`, VersionAnswer, {
          body: bodyOf(typed, published),
          headers: filled.onceHeader,
        });
  if (made.ok) return visit.goTo(`${visit.home}/versions/${made.value.version}?did=made`);
  const wrongs = wrongsOf(made.error, fieldsOf(typed), (path) => fieldOf(path, typed.modules));
  return visit.show(<NewVersionPage visit={visit} typed={typed} sealed={sealed} wrongs={wrongs} />, 422);
}

interface PageProps {
  readonly visit: InProject;
  readonly typed: Typed;
  readonly sealed?: readonly string[];
  readonly wrongs?: Wrongs;
  readonly more?: boolean;
}

const NewVersionPage = ({ visit, typed, sealed = [], wrongs = NOTHING_WRONG, more = false }: PageProps) => {
  const spare = Array.from({ length: more ? 2 * SPARE_ROWS : SPARE_ROWS }, () => NO_ROW);
  const modules = [...typed.modules, { name: typed.modules.length === 0 ? "index.js" : "", text: "" }];
  return (
    <Page visit={visit} title="New version" up={{ name: "Versions", path: `${visit.home}/versions` }}>
      <p class="quiet">
        It is a draft until it is published. It begins with what is published now; whatever is not on this page is not
        in it.
      </p>
      <Troubles wrongs={wrongs} />
      {sealed.length === 0 ? null : (
        <p class="news">
          Header values are sealed and cannot be taken over: a version made here calls {sealed.join(", ")} without
          headers. Use the API where they need them.
        </p>
      )}
      <form method="post" action={`${visit.home}/versions/new`} enctype="multipart/form-data" data-guard>
        <Once />
        <h2>Functions that are called</h2>
        {[...typed.rows, ...spare].map((row, index) => (
          <RowFields row={row} index={index} wrongs={wrongs} />
        ))}
        <button class="second" type="submit" name="more" value="1">
          More functions
        </button>
        <h2>Code that runs here</h2>
        <p class="quiet">
          Every function that the main module exports is one of the version. An empty module is left out.
        </p>
        {modules.map((module, index) => (
          <ModuleFields module={module} index={index} wrongs={wrongs} />
        ))}
        <button type="submit">Make the draft</button>
      </form>
      <ZoneList />
    </Page>
  );
};

const RowFields = ({ row, index, wrongs }: { readonly row: Row; readonly index: number; readonly wrongs: Wrongs }) => {
  const field = (name: keyof Row) => ({ name, id: `${name}.${index}`, value: row[name], wrongs });
  return (
    <fieldset>
      <legend>{row.name || `Function ${index + 1}`}</legend>
      <div class="columns">
        <TextField {...field("name")} label="Name" placeholder="daily-report" />
        <TextField {...field("url")} label="Address that is called" placeholder="https://example.com/report" />
        <TextField {...field("schedule")} label="Schedule of its own" placeholder="every day at 9:00 am" />
        <TextField {...field("timezone")} label="Time zone" list="zones" />
        <TextField {...field("retry")} label="Retries" type="number" min={0} />
      </div>
    </fieldset>
  );
};

const EXAMPLE = `import { fn } from "carillon";

export const dailyReport = fn({ schedule: "every day at 9am" }, async (args, run) => {
  return { kind: "text", text: "Hello" };
});`;

const ModuleFields = ({
  module,
  index,
  wrongs,
}: {
  readonly module: Module;
  readonly index: number;
  readonly wrongs: Wrongs;
}) => (
  <fieldset>
    <legend>{module.name || "Another module"}</legend>
    <TextField name="module_name" id={`module_name.${index}`} label="Path" value={module.name} wrongs={wrongs} />
    <AreaField
      name="module_text"
      id={`module_text.${index}`}
      label="Text"
      value={module.text}
      rows={module.text === "" ? 8 : 16}
      isCode
      placeholder={EXAMPLE}
      wrongs={wrongs}
    />
  </fieldset>
);
