/** `/projects/{p}/versions/{v}`: a version, what is different from what is published, and what publishing it would do. */
import { isUuid } from "../../domain/ids.ts";
import { ComparisonAnswer, ModulesAnswer, PublicationAnswer, VersionAnswer } from "../answers/version.ts";
import { address } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { type InProject, onProjectForm, onProjectPage } from "../in-project.tsx";
import { Page, runPath } from "../page.tsx";
import { CheckField } from "../pieces/fields.tsx";
import { Moment } from "../pieces/moment.tsx";
import { Done, Wide } from "../pieces/pieces.tsx";
import { showRefusal } from "../showing-refusals.tsx";
import { Comparison, Plan } from "./version-plan.tsx";
import { VersionMark } from "./versions.tsx";

const PATH = "/projects/:p/versions/:v";

export function mountVersion(pages: Pages): void {
  onProjectPage(pages, PATH, "can_view", showVersion);
  onProjectForm(pages, `${PATH}/publication`, "can_edit", publish);
}

const numberOf = ({ c }: InProject): string => c.req.param("v") ?? "";

/** What the page shows beside the version itself. */
interface Around {
  readonly modules: Readonly<Record<string, string>>;
  readonly comparison: ComparisonAnswer;
  /** What publishing it would do; null for whoever may not, and of the one that is published. */
  readonly plan: PublicationAnswer | null;
  /** The number of the one that is published; null when none is. */
  readonly published: number | null;
}

async function showVersion(visit: InProject): Promise<Response> {
  const { api, at } = visit;
  const path = `${at}${address`/versions/${numberOf(visit)}`}`;
  const version = await api.get(path, VersionAnswer);
  const [comparison, modules, plan] = await Promise.all([
    api.get(`${path}/comparison`, ComparisonAnswer),
    version.code === null ? null : api.get(`${path}/modules`, ModulesAnswer),
    visit.reaches("can_edit") && version.state !== "published" ? planOf(visit, version) : null,
  ]);
  const around = { modules: modules?.modules ?? {}, comparison, plan, published: comparison.with };
  return visit.show(<VersionPage visit={visit} version={version} {...around} />);
}

async function planOf({ api, at }: InProject, { version }: VersionAnswer): Promise<PublicationAnswer | null> {
  const planned = await api.send("PUT", `${at}/published?dry_run=true`, PublicationAnswer, { body: { version } });
  return planned.ok ? planned.value : null;
}

async function publish(visit: InProject, filled: Filled): Promise<Response> {
  const version = Number(numberOf(visit));
  const body = { version, refresh: filled.has("refresh") };
  const published = await visit.api.send("PUT", `${visit.at}/published`, PublicationAnswer, { body });
  if (!published.ok) return showRefusal(visit, published.error);
  const run = published.value.run_id;
  return visit.goTo(`${visit.home}/versions/${version}?did=published${run === null ? "" : `&run=${run}`}`);
}

interface Props extends Around {
  readonly visit: InProject;
  readonly version: VersionAnswer;
}

const VersionPage = ({ visit, version, modules, comparison, plan, published }: Props) => (
  <Page
    visit={visit}
    title={`Version ${version.version}`}
    up={{ name: "Versions", path: `${visit.home}/versions` }}
    acts={<VersionMark version={version} />}
  >
    <Said visit={visit} />
    <p class="quiet">
      Made <Moment at={version.created_at} timezone={visit.zone} />.
    </p>
    {version.state === "published" ? null : (
      <Publishing visit={visit} version={version} plan={plan} published={published} />
    )}
    <h2>Functions</h2>
    <Functions version={version} />
    {version.state === "published" ? null : (
      <>
        <h2>{published === null ? "Beside nothing" : `Beside version ${published}, which is published`}</h2>
        <Comparison comparison={comparison} />
      </>
    )}
    {Object.keys(modules).length === 0 ? null : <h2>Modules</h2>}
    {Object.entries(modules).map(([name, text]) => (
      <Module visit={visit} version={version} name={name} text={text} />
    ))}
  </Page>
);

/** The most that the page shows of one module. */
const MODULE_SHOWN = 20_000;

interface ModuleProps extends Pick<Props, "visit" | "version"> {
  readonly name: string;
  readonly text: string;
}

const Module = ({ visit, version, name, text }: ModuleProps) => {
  const left = text.length - MODULE_SHOWN;
  return (
    <details>
      <summary>
        <code>{name}</code>
        {name === version.code?.main ? " (the main one)" : ""}
      </summary>
      <pre class="sheet">{text.slice(0, MODULE_SHOWN).toWellFormed()}</pre>
      {left <= 0 ? null : (
        <p class="quiet">
          {left.toLocaleString("en")} more characters are not shown here.{" "}
          <a href={`${visit.at}/versions/${version.version}/modules`}>All modules whole, as the API has them</a>
        </p>
      )}
    </details>
  );
};

const Said = ({ visit }: { readonly visit: InProject }) => {
  const { did, run } = visit.c.req.query();
  if (did === "made") return <Done>The draft is there. Nothing runs it until it is published.</Done>;
  if (did !== "published") return null;
  return (
    <Done>
      It is published.{" "}
      {run === undefined || !isUuid(run) ? null : (
        <a href={runPath(visit, run)}>The run that brings the app up to date</a>
      )}
    </Done>
  );
};

const Publishing = ({ visit, version, plan, published }: Pick<Props, "visit" | "version" | "plan" | "published">) => {
  if (plan === null) return <p class="quiet">Publishing it needs can_edit.</p>;
  const isBack = published !== null && version.version < published;
  return (
    <form class="sheet" method="post" action={`${visit.home}/versions/${version.version}/publication`}>
      <h2>{isBack ? "Roll back to it" : "Publish it"}</h2>
      <Plan plan={plan} />
      <CheckField
        name="refresh"
        label="Run the whole project at once, for its app"
        hint="Calls every function once, in the context app."
        isOn={version.code !== null}
      />
      <button type="submit">
        {isBack ? `Roll back to version ${version.version}` : `Publish version ${version.version}`}
      </button>
    </form>
  );
};

const Functions = ({ version }: { readonly version: VersionAnswer }) => (
  <Wide label="Functions">
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">What it is</th>
          <th scope="col">Schedule of its own</th>
          <th scope="col">Retries</th>
        </tr>
      </thead>
      <tbody>
        {version.functions.map((fn) => (
          <tr>
            <td>
              <code>{fn.name}</code>
            </td>
            <td>
              {fn.kind === "code" ? `export ${fn.export ?? fn.name}` : <bdi>{fn.url}</bdi>}
              {fn.headers.length === 0 ? null : <small class="quiet"> with {fn.headers.join(", ")}</small>}
            </td>
            <td>
              {fn.schedule === null ? <span class="quiet">none</span> : <code>{fn.schedule}</code>}
              {fn.timezone === null ? null : ` ${fn.timezone}`}
            </td>
            <td class="number">{typeof fn.retry === "object" ? (fn.retry?.attempts ?? 0) : fn.retry}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </Wide>
);
