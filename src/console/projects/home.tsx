/** `/`: the projects of the workspace, each at a glance. */
import { pageOf } from "../answers/fields.ts";
import { OverviewAnswer } from "../answers/overview.ts";
import { ProjectAnswer } from "../answers/project.ts";
import { address, withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import { Page } from "../page.tsx";
import { Did } from "../pieces/did.tsx";
import { TextField } from "../pieces/fields.tsx";
import { Empty, More } from "../pieces/pieces.tsx";
import { onPage, type SignedIn } from "../signed-in.tsx";
import { DemoPanel, demoAmong } from "./demo-panel.tsx";
import { ProjectCard } from "./project-card.tsx";

/** Each is asked for by itself. */
const SHOWN = 20;
/** Where a name is looked for: so many projects are looked through, page by page. */
const PAGE_MAX = 200;
const PAGES_MAX = 5;

const DID = { deleted: "The project is deleted, with everything in it." };

const ProjectPage = pageOf(ProjectAnswer);

export function mountHome(pages: Pages): void {
  onPage(pages, "/", async (visit) => {
    const { name = "", cursor } = visit.c.req.query();
    const found = name === "" ? await listed(visit, cursor) : await named(visit, name);
    const cards = await Promise.all(found.projects.map((project) => cardOf(visit, project)));
    return visit.show(
      <HomePage visit={visit} cards={cards} name={name} next={found.next} isFirst={cursor === undefined} />,
    );
  });
}

/** What is shown of the projects, and where there are more: a cursor, or null. */
interface Found {
  readonly projects: readonly ProjectAnswer[];
  readonly next: string | null;
}

async function listed({ api }: SignedIn, cursor: string | undefined): Promise<Found> {
  const page = await api.get(withQuery("/v1/projects", { limit: SHOWN, cursor }), ProjectPage);
  return { projects: page.items, next: page.next_cursor };
}

/** Those whose name holds the text, as far as one page shows them. */
async function named({ api }: SignedIn, name: string): Promise<Found> {
  const wanted = name.toLowerCase();
  const projects: ProjectAnswer[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX && projects.length < SHOWN; page += 1) {
    const { items, next_cursor }: { items: ProjectAnswer[]; next_cursor: string | null } = await api.get(
      withQuery("/v1/projects", { limit: PAGE_MAX, cursor }),
      ProjectPage,
    );
    projects.push(...items.filter((one) => one.name.toLowerCase().includes(wanted)));
    cursor = next_cursor;
    if (cursor === null) break;
  }
  return { projects: projects.slice(0, SHOWN), next: null };
}

interface Card {
  readonly project: ProjectAnswer;
  readonly overview: OverviewAnswer | null;
}

/** A project that cannot be looked into is still one that there is. */
async function cardOf({ api }: SignedIn, project: ProjectAnswer): Promise<Card> {
  const overview = await api.ask(address`/v1/projects/${project.id}/overview`, OverviewAnswer);
  return { project, overview: overview.ok ? overview.value : null };
}

interface HomeProps {
  readonly visit: SignedIn;
  readonly cards: readonly Card[];
  /** The filter. */
  readonly name: string;
  readonly next: string | null;
  readonly isFirst: boolean;
}

const HomePage = ({ visit, cards, name, next, isFirst }: HomeProps) => {
  const isEverything = name === "" && isFirst && next === null;
  const demo = isEverything ? demoAmong(cards.map(({ project }) => project)) : null;
  return (
    <Page visit={visit} title="Projects" acts={visit.can("create_projects") ? <NewOne /> : null}>
      <Did visit={visit} words={DID} />
      {demo === null ? null : (
        <DemoPanel
          visit={visit}
          demo={demo}
          hasExamples={cards.length > 1}
          last={cards.find(({ project }) => project === demo)?.overview?.last ?? null}
        />
      )}
      {isEverything && cards.length === 0 ? <NoProject visit={visit} /> : null}
      {isEverything && cards.length < 2 ? null : <Filtering name={name} />}
      {cards.length === 0 && !isEverything ? (
        <p class="quiet">
          No project of yours {name === "" ? "is left here" : "is named like that"}. <a href="/">Show all of them</a>
        </p>
      ) : null}
      <ul class="cards">
        {cards.map((card) => (
          <ProjectCard visit={visit} {...card} />
        ))}
      </ul>
      <More href={next === null ? null : withQuery("/", { cursor: next })}>More projects</More>
      {visit.can("share_any_project") ? (
        <p>
          <a href="/projects/all">Every project of the workspace</a>, also those that nobody shared with you
        </p>
      ) : null}
      {name !== "" && cards.length === SHOWN ? (
        <p class="quiet">There may be more: these are the first {SHOWN}. Type more of the name.</p>
      ) : null}
      {cards.length === 0 ? null : (
        <p class="quiet">
          Point at a time to read it exactly, in {visit.timezone === null ? "the zone of its project" : visit.timezone}.{" "}
          <a href="/preferences">Change the zone</a>
        </p>
      )}
    </Page>
  );
};

const NewOne = () => (
  <a class="button" href="/projects/new" data-new>
    New project
  </a>
);

const Filtering = ({ name }: { readonly name: string }) => (
  <form class="filters" method="get" action="/">
    <TextField name="name" label="Filter by name" type="search" value={name} isFilter />
    <button class="second" type="submit">
      Filter
    </button>
  </form>
);

const NoProject = ({ visit }: { readonly visit: SignedIn }) => (
  <Empty title="No project is shared with you yet">
    <p>
      A project holds functions, the schedules that run them, the log of its runs, and one app that shows what they
      return.
    </p>
    {visit.can("create_projects") ? (
      <>
        <p>Make one: its overview leads through the first three steps. Or ask somebody to share theirs with you.</p>
        <NewOne />
      </>
    ) : (
      <p>Ask somebody of the workspace to share theirs with you. Making one needs another role than yours.</p>
    )}
  </Empty>
);
