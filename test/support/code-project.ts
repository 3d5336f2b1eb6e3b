/** A project whose published version is code, driven over the API and by the clock. */
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { mintProjectScope, projectObjectName } from "../../src/domain/access.ts";
import { readProjectId } from "../../src/domain/ids.ts";
import { type Answered, makeAdmin, type Person } from "../api/caller.ts";
import { eventually, ringAt } from "./world.ts";

type Body = Answered["body"];

export type Modules = Readonly<Record<string, string>>;

export interface CodeProject {
  readonly owner: Person;
  /** The project's address. */
  readonly at: string;
  readonly stub: DurableObjectStub;
  /** Calls under the project's address, and expects that it goes well. */
  ask(method: string, path: string, body?: unknown): Promise<Body>;
  /** Uploads a version and publishes it; with `refresh` it runs for the app. */
  publish(modules: Modules, refresh?: boolean): Promise<Body>;
  /** Runs one function, or all, and answers the run when it has ended, with its outputs by function. */
  run(wish?: object): Promise<Ended>;
  /** Sets the clock and rings; answers the runs of the function that have ended by then, oldest first. */
  ringAt(time: string, fn: string | null, runs: number): Promise<readonly Ended[]>;
}

/** A run in its last state. */
export interface Ended {
  readonly run: Body;
  readonly outputs: Readonly<Record<string, Body>>;
}

const LIVING = ["queued", "running", "pending_retry"];

export async function makeCodeProject(modules?: Modules, refresh = false): Promise<CodeProject> {
  const owner = await makeAdmin();
  const made = await owner.call("POST", "/v1/projects", { body: { name: "Reports" } });
  const at = `/v1/projects/${made.body.id}`;
  const scope = mintProjectScope(owner.scope.workspaceId, readProjectId(made.body.id));
  const stub = env.PROJECT.getByName(projectObjectName(scope));
  const ask: CodeProject["ask"] = async (method, path, body) => {
    const answer = await owner.call(method, at + path, { body });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body;
  };
  const ended = async (id: string): Promise<Ended> => {
    const run = await eventually(
      () => ask("GET", `/runs/${id}`),
      ({ status }) => !LIVING.includes(status),
    );
    const { body } = await owner.call("GET", `${at}/runs/${id}/output`);
    const items: readonly { fn: string; value: Body }[] = body.items ?? [];
    return { run, outputs: Object.fromEntries(items.map(({ fn, value }) => [fn, value])) };
  };
  const project: CodeProject = {
    ...{ owner, at, stub, ask },
    publish: async (texts, isRefreshed = false) => {
      const { version } = await ask("POST", "/versions", { modules: texts });
      return ask("PUT", "/published", { version, refresh: isRefreshed });
    },
    run: async (wish = {}) => ended((await ask("POST", "/runs", wish)).id),
    ringAt: async (time, fn, runs) => {
      await ringAt({ stub }, time);
      const page = await eventually(
        () => ask("GET", "/runs?limit=200"),
        ({ items }) => endedOf(items, fn).length >= runs,
      );
      return Promise.all(endedOf(page.items, fn).map(({ id }) => ended(id)));
    },
  };
  if (modules !== undefined) await project.publish(modules, refresh);
  return project;
}

/** Oldest first, as lists are not; of one occurrence, by attempt: its runs' ids are in no order. */
const endedOf = (items: readonly Body[], fn: string | null): readonly { readonly id: string }[] =>
  items
    .filter((run) => run.fn === fn && !LIVING.includes(run.status))
    .sort((one, other) => one.scheduled_for.localeCompare(other.scheduled_for) || one.attempt - other.attempt);
