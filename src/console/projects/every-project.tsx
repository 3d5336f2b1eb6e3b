/** `/projects/all`: also the projects that nobody shared with the visitor, for who may share any project. */
import { pageOf } from "../answers/fields.ts";
import { ProjectAnswer } from "../answers/project.ts";
import { withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import { Page } from "../page.tsx";
import { LEVEL_NAMES } from "../pieces/level-names.ts";
import { Empty, More } from "../pieces/pieces.tsx";
import { onPage, type SignedIn } from "../signed-in.tsx";
import { projectPath } from "./project-path.ts";

const PATH = "/projects/all";
const SHOWN = 50;

export function mountEveryProject(pages: Pages): void {
  onPage(pages, PATH, async (visit) => {
    const { cursor } = visit.c.req.query();
    const page = await visit.api.get(
      withQuery("/v1/projects", { all: "true", limit: SHOWN, cursor }),
      pageOf(ProjectAnswer),
    );
    return visit.show(<EveryProjectPage visit={visit} projects={page.items} next={page.next_cursor} />);
  });
}

interface Props {
  readonly visit: SignedIn;
  readonly projects: readonly ProjectAnswer[];
  readonly next: string | null;
}

const EveryProjectPage = ({ visit, projects, next }: Props) => (
  <Page visit={visit} title="Every project" up={{ name: "Projects", path: "/" }}>
    <p class="quiet">Your role lets you share any of them, also those that are not shared with you.</p>
    {projects.length === 0 ? (
      <Empty title="The workspace has no project">
        <p>Whoever makes the first one has full access to it.</p>
      </Empty>
    ) : (
      <ul class="sheet">
        {projects.map((project) => (
          <li data-row>
            <p class="line">
              <a href={`${projectPath(project)}/access`}>{project.name}</a>
              <span class="quiet">{project.slug}</span>
              <span class="mark end">yours: {LEVEL_NAMES[project.access]}</span>
            </p>
          </li>
        ))}
      </ul>
    )}
    <More href={next === null ? null : withQuery(PATH, { cursor: next })}>More projects</More>
  </Page>
);
