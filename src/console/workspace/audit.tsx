/** `/audit`: who did what to which thing, when and from where. */
import { ACTS, DOER_KINDS } from "../../domain/audit.ts";
import { EntryAnswer } from "../answers/audit.ts";
import { pageOf } from "../answers/fields.ts";
import { address, withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import { Page } from "../page.tsx";
import {
  NOTHING_WRONG,
  type Option,
  SelectField,
  TextField,
  Troubles,
  type Wrongs,
  wrongsOf,
} from "../pieces/fields.tsx";
import { Ago } from "../pieces/moment.tsx";
import { Empty, More } from "../pieces/pieces.tsx";
import type { Refusal } from "../refusal.ts";
import { onPage, type SignedIn } from "../signed-in.tsx";
import { readLocal, zoneOf } from "../workspace-zone.ts";
import { type ChosenProject, projectsFor } from "./project-choice.tsx";

const PATH = "/audit";
const SHOWN = 50;
/** What can be asked for, as the address names it. */
const FILTERS = ["doer", "doer_kind", "act", "target", "target_kind", "project", "from", "until"] as const;
type Filter = Readonly<Record<(typeof FILTERS)[number], string>>;

export function mountAudit(pages: Pages): void {
  onPage(pages, PATH, async (visit) => {
    const filter = readFilter(visit);
    const query = { ...filter, from: instantOf(visit, filter.from), until: instantOf(visit, filter.until) };
    const path = withQuery("/v1/audit", { limit: SHOWN, ...query, cursor: visit.c.req.query("cursor") });
    const [entries, projects] = await Promise.all([visit.api.ask(path, pageOf(EntryAnswer)), projectsFor(visit)]);
    if (entries.ok)
      return visit.show(<AuditPage {...{ visit, filter, projects }} page={entries.value} wrongs={NOTHING_WRONG} />);
    if (entries.error.status !== 400 && entries.error.status !== 422)
      return visit.show(<NoAuditPage visit={visit} refusal={entries.error} />, 403);
    const wrongs = wrongsOf(entries.error, FILTERS);
    return visit.show(<AuditPage {...{ visit, filter, projects, wrongs }} page={NOTHING_FOUND} />, 422);
  });
}

const NOTHING_FOUND = { items: [], next_cursor: null };

function readFilter({ c }: SignedIn): Filter {
  const query = c.req.query();
  return Object.fromEntries(FILTERS.map((name) => [name, query[name]?.trim() ?? ""])) as Filter;
}

const instantOf = (visit: SignedIn, text: string): string => (text === "" ? "" : readLocal(text, zoneOf(visit)));

/** Where the plan has no audit, or it is not theirs to read. */
const NoAuditPage = ({ visit, refusal }: { readonly visit: SignedIn; readonly refusal: Refusal }) => (
  <Page visit={visit} title="Audit">
    <Empty title="The audit cannot be read">
      <p>{refusal.detail}</p>
      {visit.can("read_usage") ? (
        <p>
          It is written under every plan. <a href="/plan">See what each plan allows</a>
        </p>
      ) : null}
    </Empty>
  </Page>
);

interface Props {
  readonly visit: SignedIn;
  readonly filter: Filter;
  readonly projects: readonly ChosenProject[];
  readonly page: { readonly items: readonly EntryAnswer[]; readonly next_cursor: string | null };
  readonly wrongs: Wrongs;
}

const AuditPage = ({ visit, filter, projects, page: { items, next_cursor: next }, wrongs }: Props) => (
  <Page visit={visit} title="Audit">
    <Troubles wrongs={wrongs} />
    <Filters visit={visit} filter={filter} projects={projects} wrongs={wrongs} />
    {items.length === 0 ? (
      <Empty title="Nothing that was done is like that">
        <p>
          <a href={PATH}>Show everything</a>
        </p>
      </Empty>
    ) : (
      <ul class="sheet">
        {items.map((entry) => (
          <OneEntry visit={visit} entry={entry} projects={projects} filter={filter} />
        ))}
      </ul>
    )}
    <More href={next === null ? null : withQuery(PATH, { ...filter, cursor: next })} />
  </Page>
);

const any = (names: readonly string[]): readonly Option[] => [
  ["", "any"],
  ...names.map((name): Option => [name, name]),
];

const Filters = ({ visit, filter, projects, wrongs }: Omit<Props, "page">) => (
  <form class="filters" method="get" action={PATH}>
    <SelectField name="act" label="Act" value={filter.act} options={any(ACTS)} wrongs={wrongs} submits />
    <SelectField
      name="doer_kind"
      label="Done by a"
      value={filter.doer_kind}
      options={any(DOER_KINDS)}
      wrongs={wrongs}
      submits
    />
    <SelectField
      name="project"
      label="In the project"
      value={filter.project}
      options={[["", "any, or none"], ...projects.map(({ id, name }): Option => [id, name])]}
      wrongs={wrongs}
      submits
    />
    <TextField
      name="from"
      label="From"
      type="datetime-local"
      hint={`By the clock of ${zoneOf(visit)}.`}
      value={filter.from}
      wrongs={wrongs}
    />
    <TextField
      name="until"
      label="Before"
      type="datetime-local"
      hint={`By the clock of ${zoneOf(visit)}.`}
      value={filter.until}
      wrongs={wrongs}
    />
    <TextField name="doer" label="Id of who did it" value={filter.doer} autocomplete="off" wrongs={wrongs} />
    <TextField name="target" label="Id of the thing" value={filter.target} autocomplete="off" wrongs={wrongs} />
    <TextField
      name="target_kind"
      label="Kind of thing"
      value={filter.target_kind}
      placeholder="schedule"
      autocomplete="off"
      wrongs={wrongs}
    />
    <button class="second" type="submit">
      Filter
    </button>
  </form>
);

interface EntryProps extends Pick<Props, "visit" | "filter" | "projects"> {
  readonly entry: EntryAnswer;
}

const OneEntry = ({ visit, entry, projects, filter }: EntryProps) => {
  const { doer, act, target, project, detail, address: from, request_id: request } = entry;
  const hasDetail = detail !== null && detail !== undefined;
  return (
    <li data-key={entry.id}>
      <p class="line">
        {doer.id === null ? (
          <span>{doer.name}</span>
        ) : (
          <a href={withQuery(PATH, { ...filter, doer: doer.id })} title="What else they did">
            <bdi>{doer.name}</bdi>
          </a>
        )}
        <strong>{act}</strong>
        <a href={withQuery(PATH, { ...filter, target: target.id })} title="What else was done to it">
          <bdi>{target.name ?? `${target.kind} ${target.id}`}</bdi>
        </a>
        {project === null || target.id === project ? null : <InProject id={project} projects={projects} />}
        <span class="quiet end">
          <Ago at={entry.at} timezone={zoneOf(visit)} now={visit.now} />
        </span>
      </p>
      <p class="quiet">
        {doer.kind}
        {from === null ? "" : ` from ${from}`}
        {request === null ? null : (
          <>
            , request <code>{request}</code>
          </>
        )}
      </p>
      {hasDetail ? (
        <details>
          <summary>What else is known of it</summary>
          <pre dir="auto">{JSON.stringify(detail, null, 2)}</pre>
        </details>
      ) : null}
    </li>
  );
};

const InProject = ({ id, projects }: { readonly id: string; readonly projects: readonly ChosenProject[] }) => (
  <span class="quiet">
    in <a href={address`/projects/${id}`}>{projects.find((project) => project.id === id)?.name ?? "a project"}</a>
  </span>
);
