/** The projects below `examples/`, published and alive. One that somebody has published something else in is left alone. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ApiClient } from "./api-client.ts";
import { ADMIN_EMAIL } from "./ways-in.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");

interface Example {
  readonly slug: string;
  readonly name: string;
  /** Schedules beside those that the functions bring. */
  readonly schedules: readonly ExampleSchedule[];
}

interface ExampleSchedule {
  readonly key: string;
  readonly schedule: string;
  /** Of which runs the admin hears. */
  readonly notifications: readonly { readonly on: "success" | "failure"; readonly capture?: "png" | "pdf" }[];
}

/** A mail with a picture of the app for each good run, and one without for each that fails. */
const NEWS = [{ on: "success", capture: "png" }, { on: "failure" }] as const;

const PROJECTS: readonly Example[] = [
  {
    slug: "report",
    name: "Report",
    schedules: [{ key: "report", schedule: "every 10 minutes", notifications: NEWS }],
  },
  { slug: "clean-up", name: "Clean-up", schedules: [] },
  { slug: "reminder", name: "Reminder", schedules: [] },
];

/** The module that says where the sessions of the clean-up are, and nothing else. */
const STORE = "store.js";
const ADDRESS = /"https?:.*"/;

type Modules = Readonly<Record<string, string>>;

export async function makeExamples(api: ApiClient, receiverUrl: string): Promise<void> {
  const users = await admins(api);
  for (const example of PROJECTS) await makeExample(api, example, modulesOf(example.slug, receiverUrl), users);
}

/** Whoever sits at this machine; nobody, where they have left the workspace. */
async function admins(api: ApiClient): Promise<readonly string[]> {
  const { items } = await api.expect("GET", "/v1/members?limit=200");
  return items
    .filter(({ email, state }: Member) => email === ADMIN_EMAIL && state === "active")
    .map(({ id }: Member) => id);
}

interface Member {
  readonly id: string;
  readonly email: string;
  readonly state: string;
}

/** What `examples/` holds; the store of the clean-up is played by the receiver. */
function modulesOf(slug: string, receiverUrl: string): Modules {
  const names = readdirSync(join(EXAMPLES, slug)).filter((name) => name.endsWith(".js"));
  const texts = names.map((name) => [name, readFileSync(join(EXAMPLES, slug, name), "utf8")] as const);
  return Object.fromEntries(
    texts.map(([name, text]) => [name, name === STORE ? text.replace(ADDRESS, `"${receiverUrl}/sessions"`) : text]),
  );
}

async function makeExample(
  api: ApiClient,
  { slug, name, schedules }: Example,
  modules: Modules,
  users: readonly string[],
): Promise<void> {
  const project = `/v1/projects/${slug}`;
  const { status } = await api.ask("GET", project);
  if (status === 404) await api.expect("POST", "/v1/projects", { name, slug, workspace_access: "full_access" });
  if (await isToPublish(api, project, modules)) {
    const { version } = await api.expect("POST", `${project}/versions`, { modules });
    await api.expect("PUT", `${project}/published`, { version });
  }
  for (const schedule of schedules) await seeToSchedule(api, project, schedule, users);
}

/** Runs at once when it is made: whoever starts for the first time finds its mail in the outbox, and need not wait for it. */
async function seeToSchedule(
  api: ApiClient,
  project: string,
  { notifications, ...schedule }: ExampleSchedule,
  users: readonly string[],
): Promise<void> {
  const told = notifications.filter(({ capture }) => users.length > 0 || capture !== undefined);
  const wish = { ...schedule, notifications: told.map((one) => ({ ...one, users })) };
  const { id, change } = await api.expect("POST", `${project}/schedules`, wish);
  if (change === "created") await api.expect("POST", `${project}/schedules/${id}/runs`, {});
}

/** True where nothing is published, and where only the receiver has another address than at the last start. */
async function isToPublish(api: ApiClient, project: string, modules: Modules): Promise<boolean> {
  const published = await api.ask("GET", `${project}/published`);
  if (published.status === 404) return true;
  if (published.body.code === null) return false;
  const { body } = await api.ask("GET", `${project}/versions/${published.body.version}/modules`);
  const isSame = (one: Modules, other: Modules) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
  return !isSame(body.modules, modules) && isSame(withoutAddress(body.modules), withoutAddress(modules));
}

const sorted = (modules: Modules) => Object.entries(modules).sort();

const withoutAddress = (modules: Modules): Modules => ({
  ...modules,
  [STORE]: modules[STORE]?.replace(ADDRESS, "") ?? "",
});
