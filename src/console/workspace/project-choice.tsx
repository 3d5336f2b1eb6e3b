/** Choosing among projects, for what may be held to some of them. */
import { pageOf } from "../answers/fields.ts";
import { ProjectAnswer } from "../answers/project.ts";
import { CheckField, Choices, Issue, NOTHING_WRONG, type Wrongs } from "../pieces/fields.tsx";
import type { SignedIn } from "../signed-in.tsx";

/** Projects to choose from at most; others are named through the API. */
const PROJECTS_MAX = 200;

export type ChosenProject = Pick<ProjectAnswer, "id" | "name">;

export const projectsFor = async ({ api }: SignedIn): Promise<readonly ChosenProject[]> =>
  (await api.get(`/v1/projects?limit=${PROJECTS_MAX}`, pageOf(ProjectAnswer))).items;

interface Props {
  readonly projects: readonly ChosenProject[];
  readonly chosen: readonly string[];
  /** What it means that none is chosen. */
  readonly none: string;
  readonly wrongs?: Wrongs;
}

export const ProjectChecks = ({ projects, chosen, none, wrongs = NOTHING_WRONG }: Props) => (
  <Choices legend="Projects" hint={none}>
    {projects.map(({ id, name }) => (
      <CheckField id={`project-${id}`} name="projects" value={id} label={name} isOn={chosen.includes(id)} />
    ))}
    {hiddenOf(projects, chosen).map((id) => (
      <CheckField id={`project-${id}`} name="projects" value={id} label={`Project ${id}`} isOn />
    ))}
    {wrongs.of("projects").map((issue) => (
      <Issue issue={issue} />
    ))}
  </Choices>
);

/** Chosen ones that the visitor has no list of: saving must not drop them. */
const hiddenOf = (projects: readonly ChosenProject[], chosen: readonly string[]): readonly string[] =>
  chosen.filter((id) => projects.every((project) => project.id !== id));
