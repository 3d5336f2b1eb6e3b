/** `/projects/{p}/app`: where the app is, and which runs what it shows comes from. */
import { AppAnswer } from "../answers/app.ts";
import { SettingsAnswer } from "../answers/project.ts";
import type { Pages } from "../door.tsx";
import { type InProject, onProjectPage } from "../in-project.tsx";
import { Page, runPath } from "../page.tsx";
import { Ago } from "../pieces/moment.tsx";
import { Empty, Wide } from "../pieces/pieces.tsx";

export function mountProjectApp(pages: Pages): void {
  onProjectPage(pages, "/projects/:p/app", "app_only", async (visit) => {
    const [app, settings] = await Promise.all([
      visit.api.get(`${visit.at}/app`, AppAnswer),
      visit.reaches("can_view") ? visit.api.get(`${visit.at}/settings`, SettingsAnswer) : null,
    ]);
    return visit.show(<AppPage visit={visit} app={app} settings={settings} />);
  });
}

interface Props {
  readonly visit: InProject;
  readonly app: AppAnswer;
  /** Null to those whom the app alone is shown. */
  readonly settings: SettingsAnswer | null;
}

const AppPage = ({ visit, app, settings }: Props) => (
  <Page visit={visit} title="App" isLive={visit.reaches("can_view")} acts={<Doors visit={visit} />}>
    {settings === null ? null : <Opening visit={visit} settings={settings} />}
    <div id="app-parts" data-live>
      {app.notices.map(({ text }) => (
        <p class="news">{text}</p>
      ))}
      {app.items.length === 0 ? (
        <Empty title="It has nothing to show yet">
          <p>It shows what functions return. Publish a version, and let it run once.</p>
        </Empty>
      ) : (
        <Parts visit={visit} items={app.items} />
      )}
    </div>
  </Page>
);

const Doors = ({ visit }: { readonly visit: InProject }) => (
  <>
    <a class="button" href={`${visit.at}/app`}>
      Open the app
    </a>
    <form class="act" method="post" action={`${visit.at}/app/runs`}>
      <button class="second" type="submit">
        Run it for yourself
      </button>
    </form>
  </>
);

const Opening = ({ visit, settings }: { readonly visit: InProject; readonly settings: SettingsAnswer }) => (
  <p class="quiet">
    {settings.app_opens_with === "previous"
      ? "It opens with what the latest scheduled run or publication left: the same for everybody, at once."
      : "It opens with a run of the visitor's own."}{" "}
    What somebody runs for themselves is theirs alone, and gone when they load the page again.
    {settings.app_url === null ? null : (
      <>
        {" "}
        A page of your own stands in for it: <bdi>{settings.app_url}</bdi>.
      </>
    )}{" "}
    <a href={`${visit.home}/settings`}>Settings of the app</a>
  </p>
);

const Parts = ({ visit, items }: { readonly visit: InProject; readonly items: AppAnswer["items"] }) => (
  <Wide label="What the app shows">
    <table>
      <caption>What it shows, and where that comes from</caption>
      <thead>
        <tr>
          <th scope="col">Function</th>
          <th scope="col">Blocks</th>
          <th scope="col">Run</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ fn, blocks, run_id, scheduled_for }) => (
          <tr>
            <td>
              <code>{fn}</code>
            </td>
            <td class="number">{blocks.length}</td>
            <td>
              <a href={runPath(visit, run_id)}>
                <Ago at={scheduled_for} timezone={visit.zone} now={visit.now} />
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </Wide>
);
