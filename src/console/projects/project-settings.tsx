/** `/projects/{p}/settings`: the project's name, its zone, its app and its captures; and its end. */
import { LAYOUT_WIDTH_MAX, LAYOUT_WIDTH_MIN, ORIENTATIONS, PAPERS } from "../../domain/captures/capture.ts";
import { Anything } from "../answers/fields.ts";
import { ProjectAnswer, SettingsAnswer } from "../answers/project.ts";
import type { Pages } from "../door.tsx";
import { type Filled, numberOr } from "../filled.ts";
import { type InProject, onProjectForm, onProjectPage } from "../in-project.tsx";
import { Page } from "../page.tsx";
import { Before, type BeforeOf, beforeIn, changedFields, onlyOf } from "../pieces/before.tsx";
import {
  NOTHING_WRONG,
  SelectField,
  TextField,
  Troubles,
  type Wrongs,
  wrongAt,
  wrongsOf,
  ZoneList,
} from "../pieces/fields.tsx";
import { Done, Sure } from "../pieces/pieces.tsx";

const PATH = "/projects/:p/settings";

const FIELDS = [
  "timezone",
  "app_opens_with",
  "app_url",
  "capture_width",
  "capture_paper",
  "capture_orientation",
  "capture_ready_selector",
] as const satisfies readonly (keyof SettingsAnswer)[];

export function mountProjectSettings(pages: Pages): void {
  onProjectPage(pages, PATH, "can_view", async (visit) => {
    const settings = await visit.api.get(`${visit.at}/settings`, SettingsAnswer);
    const typed = asTyped(settings);
    return visit.show(<SettingsPage visit={visit} typed={typed} before={typed} did={visit.c.req.query("did")} />);
  });
  onProjectForm(pages, PATH, "can_edit", change);
  onProjectForm(pages, `${PATH}/name`, "full_access", rename);
  onProjectPage(pages, `${PATH}/deletion`, "full_access", (visit) => visit.show(<DeletionPage visit={visit} />));
  onProjectForm(pages, `${PATH}/deletion`, "full_access", remove);
}

/** The settings as the form holds them. */
type Typed = Readonly<Record<(typeof FIELDS)[number], string>>;

const asTyped = (settings: SettingsAnswer): Typed => ({
  timezone: settings.timezone,
  app_opens_with: settings.app_opens_with,
  app_url: settings.app_url ?? "",
  capture_width: String(settings.capture_width),
  capture_paper: settings.capture_paper,
  capture_orientation: settings.capture_orientation,
  capture_ready_selector: settings.capture_ready_selector ?? "",
});

const readTyped = (filled: Filled): Typed =>
  Object.fromEntries(FIELDS.map((field) => [field, filled.text(field)])) as Typed;

async function change(visit: InProject, filled: Filled): Promise<Response> {
  const typed = readTyped(filled);
  const before = beforeIn(filled, FIELDS);
  const whole = {
    ...typed,
    app_url: typed.app_url || null,
    capture_width: numberOr(typed.capture_width),
    capture_ready_selector: typed.capture_ready_selector || null,
  };
  const body = onlyOf(changedFields(FIELDS, before, typed), whole);
  const saved = await visit.api.send("PATCH", `${visit.at}/settings`, Anything, { body });
  if (saved.ok) return visit.goTo(`${visit.home}/settings?did=saved`);
  const wrongs = wrongsOf(saved.error, FIELDS);
  return visit.show(<SettingsPage visit={visit} typed={typed} before={before} wrongs={wrongs} />, 422);
}

async function rename(visit: InProject, filled: Filled): Promise<Response> {
  const name = filled.text("name");
  const renamed = await visit.api.send("PATCH", visit.at, ProjectAnswer, { body: { name } });
  if (renamed.ok) return visit.goTo(`${visit.home}/settings?did=renamed`);
  const typed = asTyped(await visit.api.get(`${visit.at}/settings`, SettingsAnswer));
  const wrongs = wrongsOf(renamed.error, ["name"]);
  return visit.show(<SettingsPage visit={visit} typed={typed} before={typed} wrongs={wrongs} name={name} />, 422);
}

/** Deleted by whoever types its name: the last moment to see which one it is. */
async function remove(visit: InProject, filled: Filled): Promise<Response> {
  if (filled.text("name") !== visit.project.name) {
    const wrongs = wrongAt("name", `Type ${visit.project.name}, exactly as it is written here.`);
    return visit.show(<DeletionPage visit={visit} wrongs={wrongs} />, 422);
  }
  const removed = await visit.api.send("DELETE", visit.at, Anything);
  if (removed.ok) return visit.goTo("/?did=deleted");
  return visit.show(<DeletionPage visit={visit} wrongs={wrongsOf(removed.error, [])} />, 422);
}

interface PageProps {
  readonly visit: InProject;
  readonly typed: Typed;
  /** What the form held when it was drawn first. */
  readonly before: BeforeOf<keyof Typed>;
  readonly wrongs?: Wrongs;
  /** A new name that was refused. */
  readonly name?: ProjectAnswer["name"];
  readonly did?: string | undefined;
}

const SettingsPage = ({ visit, typed, before, wrongs = NOTHING_WRONG, name, did }: PageProps) => (
  <Page visit={visit} title="Settings">
    {did === "saved" ? (
      <Done>The settings are saved. Schedules that exist keep the zone they were saved with.</Done>
    ) : null}
    {did === "renamed" ? <Done>The project has its new name. Its addresses stay as they are.</Done> : null}
    <Troubles wrongs={wrongs} />
    <form class="sheet" method="post" action={`${visit.home}/settings`} data-guard>
      <Before fields={before} />
      <TextField
        name="timezone"
        label="Time zone"
        hint="Of schedules that name none."
        value={typed.timezone}
        list="zones"
        wrongs={wrongs}
      />
      <ZoneList />
      <AppFields typed={typed} wrongs={wrongs} />
      <CaptureFields typed={typed} wrongs={wrongs} />
      {visit.reaches("can_edit") ? (
        <button type="submit">Save</button>
      ) : (
        <p class="quiet">Changing them needs can_edit.</p>
      )}
    </form>
    {visit.reaches("full_access") ? <Ends visit={visit} name={name ?? visit.project.name} wrongs={wrongs} /> : null}
  </Page>
);

interface FieldsProps {
  readonly typed: Typed;
  readonly wrongs: Wrongs;
}

const AppFields = ({ typed, wrongs }: FieldsProps) => (
  <>
    <SelectField
      name="app_opens_with"
      label="The app opens with"
      value={typed.app_opens_with}
      options={[
        ["previous", "What the latest runs left"],
        ["run", "A run of the visitor's own"],
      ]}
      wrongs={wrongs}
    />
    <TextField
      name="app_url"
      label="Page that stands in for the app"
      hint="An https address of your own; empty: Carillon shows the app."
      value={typed.app_url}
      wrongs={wrongs}
    />
    <TextField
      name="capture_ready_selector"
      label="What is visible once that page is ready"
      hint="A CSS selector; empty: none is named."
      value={typed.capture_ready_selector}
      wrongs={wrongs}
    />
  </>
);

const CaptureFields = ({ typed, wrongs }: FieldsProps) => (
  <div class="columns">
    <TextField
      name="capture_width"
      label="Width of captures"
      type="number"
      min={LAYOUT_WIDTH_MIN}
      max={LAYOUT_WIDTH_MAX}
      hint="How wide the page is laid out, in its own pixels."
      value={typed.capture_width}
      wrongs={wrongs}
    />
    <SelectField
      name="capture_paper"
      label="Paper of PDFs"
      value={typed.capture_paper}
      options={PAPERS.map((paper) => [paper, paper === "a4" ? "A4" : "Letter"])}
    />
    <SelectField
      name="capture_orientation"
      label="Orientation"
      value={typed.capture_orientation}
      options={ORIENTATIONS.map((orientation) => [orientation, orientation])}
    />
  </div>
);

const Ends = ({
  visit,
  name,
  wrongs,
}: {
  readonly visit: InProject;
  readonly name: string;
  readonly wrongs: Wrongs;
}) => (
  <>
    <h2>Name</h2>
    <form class="sheet" method="post" action={`${visit.home}/settings/name`}>
      <TextField
        name="name"
        label="Name"
        hint="Addresses that people keep go on working."
        value={name}
        wrongs={wrongs}
      />
      <button type="submit">Rename</button>
    </form>
    <h2>Signing secret</h2>
    <p>
      <a href={`${visit.home}/settings/secret`}>What calls are signed with</a>
    </p>
    <h2>End</h2>
    <p>
      <a class="button danger" href={`${visit.home}/settings/deletion`}>
        Delete the project…
      </a>
    </p>
  </>
);

const DeletionPage = ({ visit, wrongs = NOTHING_WRONG }: { readonly visit: InProject; readonly wrongs?: Wrongs }) => (
  <Page visit={visit} title={`Delete ${visit.project.name}?`} up={{ name: "Settings", path: `${visit.home}/settings` }}>
    <Troubles wrongs={wrongs} />
    <Sure
      action={`${visit.home}/settings/deletion`}
      label={`Delete ${visit.project.name} for good`}
      back={`${visit.home}/settings`}
      lines={[
        "Its schedules, its versions, its run log, its app with all outputs and captures, and every share of it will be gone.",
        "Nothing of it can be brought back. To only stop it, pause its schedules.",
        <TextField
          name="name"
          label={`Type ${visit.project.name} to go on`}
          value=""
          wrongs={wrongs}
          autocomplete="off"
        />,
      ]}
    />
  </Page>
);
