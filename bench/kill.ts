/** SIGKILL with 400 due in mid-flight, and a start on what is left: what was lost, what ran twice, how soon it goes on. */
import type { Figure } from "./next.ts";
import { type Ground, makeProject, onceAt, saveBatches } from "./workloads.ts";

const DUE = 400;
const SETTLED_WITHIN_MS = 90_000;

interface RunJson {
  readonly id: string;
  readonly schedule_id: string;
  readonly status: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

export async function measureKill(ground: Ground): Promise<Figure[]> {
  const { server, receiver } = ground;
  const project = await makeProject(ground, "kill");
  // Slow enough that the kill meets runs in every state: not sent, sent, begun, ended.
  receiver.delays.set("/kill", 1_500);
  const at = Date.now() + 3_000;
  const items = [...Array(DUE / 2).fill(at), ...Array.from({ length: DUE / 2 }, (_, index) => at + index * 10)];
  await saveBatches(ground, project, items.map(onceAt));
  await new Promise((resolve) => setTimeout(resolve, at + 800 - Date.now()));
  server.kill();
  const before = new Set(receiver.at("/kill").map((arrival) => arrival.id));
  const restarted = Date.now();
  receiver.delays.clear();
  await server.run();
  const up = Date.now();
  const runs = await allEnded(ground, project.path);
  const after = receiver.at("/kill").filter((arrival) => arrival.at >= up - 1_000);
  const called = receiver.at("/kill").map((arrival) => arrival.id);
  const lastBegun =
    Math.max(...after.filter((arrival) => !before.has(arrival.id)).map((arrival) => arrival.at), up) - up;
  const lastEnded = Math.max(...runs.map((run) => Date.parse(run.finished_at ?? ""))) - up;
  return [
    {
      name: `killed with ${DUE} due: occurrences without a decision`,
      value: DUE - new Set(runs.map((run) => run.schedule_id)).size,
      unit: "occurrences",
      against: "0",
    },
    {
      name: "occurrences decided twice",
      value: runs.length - new Set(runs.map((run) => run.schedule_id)).size,
      unit: "occurrences",
      against: "0",
    },
    {
      name: "functions called twice for one run",
      value: called.length - new Set(called).size,
      unit: "calls",
      against: "0",
    },
    { name: "called before the kill", value: before.size, unit: "calls" },
    {
      name: "restart until the last not yet begun run is begun",
      value: lastBegun,
      unit: "ms",
      against: "at most 20000",
      ratio: lastBegun / 20_000,
    },
    {
      name: "restart until all in flight are settled",
      value: lastEnded,
      unit: "ms",
      against: "at most 45000",
      ratio: lastEnded / 45_000,
    },
    { name: "starting the server again", value: up - restarted, unit: "ms" },
  ];
}

async function allEnded({ server, token }: Ground, path: string): Promise<readonly RunJson[]> {
  const deadline = Date.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const runs = await allRuns(server, token, path);
    if (runs.length >= DUE && runs.every((run) => run.finished_at !== null)) return runs;
    if (Date.now() > deadline) return runs.filter((run) => run.finished_at !== null);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function allRuns(server: Ground["server"], token: string, path: string): Promise<readonly RunJson[]> {
  const runs: RunJson[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page: { items: RunJson[]; next_cursor: string | null } = await server.ask(
      "GET",
      `${path}/runs?limit=100${more}`,
      undefined,
      token,
    );
    runs.push(...page.items);
    cursor = page.next_cursor;
  }
  return runs;
}
