/** A page for whoever is signed in: the ways to the other pages beside what it shows. */
import type { Child, PropsWithChildren } from "hono/jsx";
import type { Ability } from "../domain/access.ts";
import { address } from "./client.ts";
import { Frame } from "./frame.tsx";
import type { InProject } from "./in-project.tsx";
import type { SignedIn } from "./signed-in.tsx";

/** A way to a page: the letter goes there after `g`. */
interface Way {
  readonly name: string;
  readonly path: string;
  readonly letter?: string;
  /** Shown to whoever may; absent: to everybody. */
  readonly needs?: Ability;
}

const WORKSPACE: readonly Way[] = [
  { name: "Projects", path: "/", letter: "h" },
  { name: "Members", path: "/members", letter: "m", needs: "see_people" },
  { name: "Groups", path: "/groups", needs: "see_people" },
  { name: "Tokens", path: "/tokens", needs: "create_tokens" },
  { name: "Slack", path: "/slack", needs: "see_people" },
  { name: "Webhooks", path: "/webhooks", needs: "manage_workspace" },
  { name: "Plan and usage", path: "/plan", needs: "read_usage" },
  { name: "Audit", path: "/audit", needs: "read_audit" },
  { name: "Workspace", path: "/workspace", needs: "manage_workspace" },
  { name: "Preferences", path: "/preferences", letter: "p" },
];

/** Within a project. */
const PROJECT: readonly Way[] = [
  { name: "Overview", path: "", letter: "o" },
  { name: "Schedules", path: "/schedules", letter: "s" },
  { name: "Run log", path: "/runs", letter: "r" },
  { name: "App", path: "/app", letter: "a" },
  { name: "Versions", path: "/versions", letter: "v" },
  { name: "Notifications", path: "/notifications", letter: "n" },
  { name: "Access", path: "/access" },
  { name: "Settings", path: "/settings" },
];

interface PageProps {
  readonly visit: SignedIn | InProject;
  readonly title: string;
  /** What stands on the right of the title: the page's main acts. */
  readonly acts?: Child;
  /** The way up, where the page is below another one. */
  readonly up?: { readonly name: string; readonly path: string };
  /** Follows the project's runs while it is looked at. */
  readonly isLive?: boolean;
}

export const Page = ({ visit, title, acts, up, isLive = false, children }: PropsWithChildren<PageProps>) => {
  const { workspace, email } = visit.visitor.membership;
  const project = "project" in visit ? visit : null;
  return (
    <Frame
      title={title}
      who={{ workspace, email }}
      aside={<Ways visit={visit} />}
      {...(isLive && project !== null && isRead(visit) ? { live: project.project.id } : {})}
      above={isTop(visit, up) ? null : <Crumbs project={project} up={up} />}
      acts={acts ?? null}
    >
      {children}
    </Frame>
  );
};

/** There is nothing above it. */
const isTop = (visit: SignedIn | InProject, up: PageProps["up"]): boolean =>
  up === undefined && (!("project" in visit) || visit.home === visit.path);

/** What answers a form stands at an address that cannot be looked at again. */
const isRead = ({ c }: SignedIn): boolean => c.req.method === "GET";

const Crumbs = ({ project, up }: { readonly project: InProject | null; readonly up: PageProps["up"] }) => (
  <p class="crumbs">
    {project === null ? null : <a href={project.home}>{project.project.name}</a>}
    {project !== null && up !== undefined ? " / " : null}
    {up === undefined ? null : <a href={up.path}>{up.name}</a>}
  </p>
);

const Ways = ({ visit }: { readonly visit: SignedIn | InProject }) => (
  <>
    {"project" in visit ? (
      <List
        title={visit.project.name}
        ways={waysIn(visit).map((way) => ({ ...way, path: visit.home + way.path }))}
        path={visit.path}
        root={visit.home}
      />
    ) : null}
    <List
      title={visit.visitor.membership.workspace}
      ways={WORKSPACE.filter(({ needs }) => needs === undefined || visit.can(needs))}
      path={visit.path}
      root="/"
    />
  </>
);

/** Whoever is shown the app alone has two ways; who came only to share it, one. */
function waysIn(visit: InProject): readonly Way[] {
  if (visit.reaches("can_view")) return PROJECT;
  const open = visit.reaches("app_only") ? ["", "/app"] : ["/access"];
  return PROJECT.filter(({ path }) => open.includes(path));
}

interface ListProps {
  readonly title: string;
  readonly ways: readonly Way[];
  readonly path: string;
  readonly root: string;
}

const List = ({ title, ways, path, root }: ListProps) => (
  <nav aria-label={title}>
    <p class="quiet">{title}</p>
    <ul>
      {ways.map((way) => (
        <li>
          <a
            href={way.path}
            {...(isHere(way.path, path, root) ? { "aria-current": "page" as const } : {})}
            {...(way.letter === undefined ? {} : { "data-go": way.letter })}
          >
            {way.name}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

/** At the page itself, or at one below it; everything is below the root. */
const isHere = (way: string, path: string, root: string): boolean =>
  way === path || (way !== root && path.startsWith(`${way}/`));

/** The address of a run of the project. */
export const runPath = ({ home }: Pick<InProject, "home">, run: string): string => home + address`/runs/${run}`;

/** The address of a schedule of the project. */
export const schedulePath = ({ home }: Pick<InProject, "home">, schedule: string): string =>
  home + address`/schedules/${schedule}`;
