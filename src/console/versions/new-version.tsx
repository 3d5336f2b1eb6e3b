/** `/projects/{p}/versions/new`: functions that are called, code that runs here, or both. It begins with what is published. */
import { ModulesAnswer, VersionAnswer } from "../answers/version.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { type InProject, onProjectForm, onProjectPage } from "../in-project.tsx";
import { Page } from "../page.tsx";
import { AreaField, NOTHING_WRONG, TextField, Troubles, type Wrongs, wrongsOf, ZoneList } from "../pieces/fields.tsx";

const PATH = "/projects/:p/versions/new";
/** Modules as a form writes them: an API call takes more. */
const FORM_MAX_BYTES = 2 * 1024 * 1024;
/** Rows for functions beside those that are there. */
const SPARE_ROWS = 2;

/** One http function as it is typed. */
interface Row {
  readonly name: string;
  readonly url: string;
  readonly schedule: string;
  readonly timezone: string;
  readonly retry: string;
}

const COLUMNS = ["name", "url", "schedule", "timezone", "retry"] as const satisfies readonly (keyof Row)[];
const NO_ROW: Row = { name: "", url: "", schedule: "", timezone: "", retry: "" };

/** A module as it is typed. */
interface Module {
  readonly name: string;
  readonly text: string;
}

interface Typed {
  readonly rows: readonly Row[];
  readonly modules: readonly Module[];
}

export function mountNewVersion(pages: Pages): void {
  onProjectPage(pages, PATH, "can_edit", async (visit) => {
    const published = await visit.api.ask(`${visit.at}/published`, VersionAnswer);
    const typed = published.ok ? await asTyped(visit, published.value) : { rows: [], modules: [] };
    const sealed = published.ok ? withHeaders(published.value) : [];
    return visit.show(<NewVersionPage visit={visit} typed={typed} sealed={sealed} />);
  });
  onProjectForm(pages, PATH, "can_edit", make, FORM_MAX_BYTES);
}

/** Functions whose headers are sealed: their values never come out again. */
const withHeaders = ({ functions }: VersionAnswer): readonly string[] =>
  functions.filter(({ headers }) => headers.length > 0).map(({ name }) => name);

async function asTyped({ api, at }: InProject, version: VersionAnswer): Promise<Typed> {
  const modules =
    version.code === null ? null : await api.ask(`${at}/versions/${version.version}/modules`, ModulesAnswer);
  return {
    rows: version.functions.filter(({ kind }) => kind === "http").map(rowOf),
    modules: modules?.ok ? Object.entries(modules.value.modules).map(([name, text]) => ({ name, text })) : [],
  };
}

const rowOf = ({ name, url, schedule, timezone, retry }: VersionAnswer["functions"][number]): Row => ({
  name,
  url: url ?? "",
  schedule: schedule ?? "",
  timezone: timezone ?? "",
  retry: retry === null ? "" : String(typeof retry === "number" ? retry : retry.attempts),
});

async function make(visit: InProject, filled: Filled): Promise<Response> {
  const typed = typedIn(filled);
  if (filled.has("more")) return visit.show(<NewVersionPage visit={visit} typed={typed} more />);
  const { rows, modules } = { rows: typed.rows.filter(isFilled), modules: typed.modules.filter(isNamed) };
  const body = {
    ...(rows.length === 0 ? {} : { functions: rows.map(functionOf) }),
    ...(modules.length === 0 ? {} : { modules: Object.fromEntries(modules.map(({ name, text }) => [name, text])) }),
  };
  const made = await visit.api.send("POST", `${visit.at}/versions`, VersionAnswer, { body });
  if (made.ok) return visit.goTo(`${visit.home}/versions/${made.value.version}?did=made`);
  const fields = [
    ...rows.flatMap((_, row) => COLUMNS.map((column) => `${column}.${row}`)),
    ...modules.map(fieldOfModule),
  ];
  const wrongs = wrongsOf(made.error, fields, (path) => fieldOf(path, modules));
  return visit.show(<NewVersionPage visit={visit} typed={{ rows, modules }} wrongs={wrongs} />, 422);
}

function typedIn(filled: Filled): Typed {
  const columns = COLUMNS.map((column) => filled.all(column));
  const rows = (columns[0] ?? []).map((_, row) =>
    Object.fromEntries(COLUMNS.map((column, index) => [column, columns[index]?.[row]?.trim() ?? ""])),
  );
  const texts = filled.all("module_text");
  return {
    rows: rows.map((row) => ({ ...NO_ROW, ...row })),
    modules: filled.all("module_name").map((name, index) => ({ name: name.trim(), text: texts[index] ?? "" })),
  };
}

const isFilled = (row: Row): boolean => COLUMNS.some((column) => row[column] !== "");
const isNamed = ({ name, text }: Module): boolean => name !== "" && text.trim() !== "";

const functionOf = ({ name, url, schedule, timezone, retry }: Row) => ({
  name,
  kind: "http",
  url,
  ...(schedule === "" ? {} : { schedule }),
  ...(timezone === "" ? {} : { timezone }),
  ...(retry === "" ? {} : { retry: Number(retry) }),
});

const fieldOfModule = (_: Module, index: number): string => `module_text.${index}`;

/** `/functions/2/url` is the third row's; `/modules/a~1b.js` is the module `a/b.js` (RFC 6901). */
function fieldOf(path: string, modules: readonly Module[]): string | null {
  const [, kind, place = "", column = "name"] = path.split("/");
  if (kind === "functions") return `${column}.${place}`;
  const name = place.replaceAll("~1", "/").replaceAll("~0", "~");
  const index = modules.findIndex((module) => module.name === name);
  return kind === "modules" && index >= 0 ? `module_text.${index}` : null;
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
      <form method="post" action={`${visit.home}/versions/new`} data-guard>
        <h2>Functions that are called</h2>
        {[...typed.rows.filter(isFilled), ...spare].map((row, index) => (
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
    <TextField name="module_name" id={`module_name.${index}`} label="Path" value={module.name} />
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
