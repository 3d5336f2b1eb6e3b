/** `/projects/{p}/versions`: what was published, and what may be. */
import { pageOf } from "../answers/fields.ts";
import { VersionAnswer } from "../answers/version.ts";
import { withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import { type InProject, onProjectPage } from "../in-project.tsx";
import { Page } from "../page.tsx";
import { Ago } from "../pieces/moment.tsx";
import { Copyable, Empty, More } from "../pieces/pieces.tsx";

const SHOWN = 30;

export function mountVersions(pages: Pages): void {
  onProjectPage(pages, "/projects/:p/versions", "can_view", async (visit) => {
    const cursor = visit.c.req.query("cursor");
    const path = withQuery(`${visit.at}/versions`, { limit: SHOWN, cursor });
    const { items, next_cursor } = await visit.api.get(path, pageOf(VersionAnswer));
    return visit.show(<VersionsPage visit={visit} versions={items} next={next_cursor} />);
  });
}

interface Props {
  readonly visit: InProject;
  readonly versions: readonly VersionAnswer[];
  readonly next: string | null;
}

const VersionsPage = ({ visit, versions, next }: Props) => (
  <Page visit={visit} title="Versions" acts={visit.reaches("can_edit") ? <NewOne visit={visit} /> : null}>
    {versions.length === 0 ? (
      <NoVersion visit={visit} />
    ) : (
      <ul class="sheet">
        {versions.map((version) => (
          <li data-row data-key={String(version.version)}>
            <p class="line">
              <a href={`${visit.home}/versions/${version.version}`}>Version {version.version}</a>
              <VersionMark version={version} />
              <span class="quiet end">
                <Ago at={version.created_at} timezone={visit.zone} now={visit.now} />
              </span>
            </p>
            <p class="quiet">{version.functions.map(({ name }) => name).join(", ")}</p>
          </li>
        ))}
      </ul>
    )}
    <More href={next === null ? null : withQuery(`${visit.home}/versions`, { cursor: next })} />
  </Page>
);

export const VersionMark = ({ version: { state } }: { readonly version: VersionAnswer }) => (
  <span class={state === "published" ? "mark good" : "mark"}>{state}</span>
);

const NewOne = ({ visit }: { readonly visit: InProject }) => (
  <a class="button" href={`${visit.home}/versions/new`} data-new>
    New version
  </a>
);

const NoVersion = ({ visit }: { readonly visit: InProject }) => (
  <Empty title="Nothing is published yet">
    <p>
      A version names the project's functions: addresses of yours that are called, or code that runs here. Make one on
      this page, or from a program:
    </p>
    <Copyable id="first-version" text={firstVersion(visit)} />
    {visit.reaches("can_edit") ? <NewOne visit={visit} /> : <p class="quiet">Making one needs can_edit.</p>}
  </Empty>
);

const firstVersion = ({ c, at }: InProject): string => `curl ${new URL(c.req.url).origin}${at}/versions \\
  -H "Authorization: Bearer $CARILLON_TOKEN" -H "Content-Type: application/json" \\
  -d '{"functions": [{"name": "daily-report", "kind": "http", "url": "https://example.com/report"}]}'`;
