/** A workspace with people, a project that runs, and a queue of deliveries that the test drives by hand. */
import { env } from "cloudflare:workers";
import { mintProjectScope, type ProjectScope, projectObjectName } from "../../src/domain/access.ts";
import { type NewsId, type RunId, readProjectId } from "../../src/domain/ids.ts";
import type { Json } from "../../src/domain/json.ts";
import type { Delivery } from "../../src/domain/news/delivery.ts";
import type { Run } from "../../src/domain/run.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { listDeliveries } from "../../src/runlog/deliveries.ts";
import { type FoundInOutbox, findInOutbox, listOutbox } from "../../src/runlog/outbox.ts";
import { functionAt, makeAdmin, makeMember, type Person } from "../api/caller.ts";
import { type HandQueue, takeQueue } from "./hand-queue.ts";
import { eventually, ringAt, setClock } from "./world.ts";

export const EIGHT = "2027-01-15T08:00:00.000Z";
export const NINE = "2027-01-15T09:00:00.000Z";

export interface NewsWorld {
  readonly ada: Person;
  readonly scope: ProjectScope;
  readonly stub: DurableObjectStub;
  /** The project's address in the API. */
  readonly at: string;
  readonly queue: HandQueue;
  /** A member of the workspace, whom nothing is shared with. */
  member(name: string): Promise<Person>;
  /** Saves a schedule that is due at nine every day. */
  schedule(notifications: readonly object[], more?: object): Promise<{ readonly id: string }>;
  /** Rings at nine, and answers the run that ended by it, in the log. */
  runAtNine(): Promise<Run>;
  deliveries(of: RunId | NewsId): Promise<readonly Delivery[]>;
  /** Mail and Slack messages that stayed in the outbox, newest first. */
  outbox(): Promise<readonly FoundInOutbox[]>;
}

interface NewsWorldOptions {
  readonly holdsCaptures?: boolean;
  /** Whose workspace it is; by default that of somebody new. */
  readonly admin?: Person;
}

/** `behaviour` is that of the function `work`, which the schedules run; with `holdsCaptures` no capture is taken. */
export async function makeNewsWorld(
  behaviour = "ok",
  { holdsCaptures = false, admin }: NewsWorldOptions = {},
): Promise<NewsWorld> {
  setClock(EIGHT);
  const queue = takeQueue({ holdsCaptures });
  const ada = admin ?? (await makeAdmin());
  const made = await ada.call("POST", "/v1/projects", { body: { name: "Reports" } });
  const at = `/v1/projects/${made.body.id}`;
  await ada.call("POST", `${at}/versions`, { body: { functions: [functionAt("work", behaviour)] } });
  await ada.call("PUT", `${at}/published`, { body: { version: 1 } });
  const scope = mintProjectScope(ada.scope.workspaceId, readProjectId(made.body.id));
  const stub = env.PROJECT.getByName(projectObjectName(scope));
  const log = new D1RunLog(env.RUNLOG);
  return {
    ...{ ada, scope, stub, at, queue },
    member: (name) => makeMember(ada.scope, "editor", { name }),
    async schedule(notifications, more = {}) {
      const saved = await ada.call("POST", `${at}/schedules`, {
        body: { schedule: "every day at 9am", fn: "work", notifications, ...more },
      });
      if (saved.status !== 201) throw new Error(`Not saved: ${JSON.stringify(saved.body)}`);
      return saved.body;
    },
    async runAtNine() {
      await ringAt({ stub }, NINE);
      const ended = await eventually(
        () => log.list(scope, {}, { limit: 10 }),
        (runs) => runs.length > 0,
      );
      const run = ended[0];
      if (run === undefined) throw new Error("No run");
      return run;
    },
    deliveries: (of) => listDeliveries(env.RUNLOG, scope, of as NewsId, 10_000),
    outbox: async () => {
      const kept = await listOutbox(env.RUNLOG);
      const found = await Promise.all(kept.map(({ id }) => findInOutbox(env.RUNLOG, id)));
      // Other tests of the file have left theirs, and a sweep sends for all of them.
      const isOurs = (body: Json) => JSON.stringify(body).includes(scope.projectId);
      return found
        .filter((one) => one !== null)
        .filter(({ body, workspace }) => workspace === scope.workspaceId || isOurs(body));
    },
  };
}
