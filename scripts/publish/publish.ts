/** Uploads a folder's modules as the next version of a project, and publishes it. */
import { type ApiClient, apiClient } from "../start/api-client.ts";
import { Trouble } from "../start/trouble.ts";
import type { Wanted } from "./arguments.ts";
import { readFolder } from "./folder.ts";
import { type Refused, refusedLines } from "./refused-lines.ts";

/** What publishing did, or in a dry run would do. */
export interface Published {
  readonly version: number;
  readonly functions: readonly string[];
  readonly schedules: Readonly<Record<"created" | "changed" | "removed" | "unchanged", readonly string[]>>;
  /** The run that brings the app up to date. */
  readonly run: string | null;
}

/** Throws a `Trouble` with every refusal, each with its place. */
export async function publishFolder(wanted: Wanted): Promise<Published> {
  const { folder, main, dryRun, refresh } = wanted;
  const modules = readFolder(folder);
  const project = `/v1/projects/${encodeURIComponent(wanted.project)}`;
  const api = apiClient(wanted.url, wanted.token);
  const upload = { modules, ...(main === undefined ? {} : { main }) };
  const { version, functions } = await expect(api, wanted, "POST", `${project}/versions`, upload);
  const publication = { version, ...(refresh ? {} : { refresh }) };
  const query = dryRun ? "?dry_run=true" : "";
  const { schedules, run_id } = await expect(api, wanted, "PUT", `${project}/published${query}`, publication);
  return { version, functions: functions.map(({ name }: { name: string }) => name), schedules, run: run_id };
}

async function expect(api: ApiClient, { url, project }: Wanted, method: string, path: string, body: unknown) {
  const { status, body: answer } = await api.ask(method, path, body).catch((cause: unknown) => {
    if (cause instanceof Trouble) throw cause;
    throw new Trouble(`${url} does not answer as Carillon does.`, String(cause));
  });
  if (status < 300) return answer;
  const { detail = `It answered ${status}.`, errors = [] }: { detail?: string; errors?: readonly Refused[] } = answer;
  if (errors.length === 0) throw new Trouble(`${project} at ${url}: ${detail}`, "");
  throw new Trouble(`${project} refused it.`, `\n${errors.flatMap(refusedLines).join("\n")}`);
}
