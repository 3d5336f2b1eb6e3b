/** Code functions beside http functions, the app's page beside a page that does nothing, and a large publication. */
import type { Counts } from "./counting.ts";
import type { Figure } from "./next.ts";
import { type Ground, median } from "./workloads.ts";

const RUNS = 60;
const VIEWS = 3_000;
const LANES = 16;
const PUBLISHED = 100;

const CODE = `import { fn, table } from "carillon";
export const fresh = fn(() => 1);
export const warm = fn({ isolate: "version" }, () => 1);
export const report = fn(() => table(Array.from({ length: 20 }, (_, row) => ({ row, orders: row * 7 }))));
`;

interface RunBody {
  readonly id: string;
  readonly status: string;
  readonly duration_ms: number | null;
}

/** From the claim to the outcome: what a run costs beside its function's own time, which here is none. */
export async function measureCode(ground: Ground): Promise<Figure[]> {
  const { server, receiver, token } = ground;
  const path = await makeProject(ground, "code", {
    modules: { "index.js": CODE },
    functions: [{ name: "called", kind: "http", url: `${receiver.url}/code` }],
  });
  const times = { fresh: [] as number[], warm: [] as number[], called: [] as number[] };
  const names = ["fresh", "warm", "called"] as const;
  for (let round = 0; round < RUNS; round += 1)
    for (const name of names) times[name].push(await timeOf(ground, path, { fn: name }));
  const called = median(times.called);
  const figure = (name: string, own: readonly number[]): Figure => ({
    name,
    value: median(own),
    unit: "ms",
    against: `an http function on this machine ${called}`,
    ratio: median(own) / Math.max(called, 1),
  });
  await server.ask("DELETE", path, undefined, token);
  return [
    figure("overhead of a run in an isolate of its own, p50", times.fresh),
    figure("overhead of a run in the version's warm isolate, p50", times.warm),
  ];
}

async function timeOf({ server, token }: Ground, path: string, run: object): Promise<number> {
  const { id } = await server.post<RunBody>(`${path}/runs`, run, token);
  for (;;) {
    const found = await server.ask<RunBody>("GET", `${path}/runs/${id}`, undefined, token);
    if (found.duration_ms !== null) return found.duration_ms;
    if (found.status === "failed") throw new Error(JSON.stringify(found));
  }
}

interface Repeated {
  readonly milliseconds: number;
  readonly p99: number;
}

/** Through the whole door, inside workerd: who asks is recognised, and what they may see is looked up, each time. */
export async function measureApp(ground: Ground): Promise<Figure[]> {
  const { server, token } = ground;
  const path = await makeProject(ground, "app", { modules: { "index.js": CODE } });
  await timeOf(ground, path, {});
  const ask = (page: string) =>
    server.post<Repeated>("/bench/repeat", { method: "GET", path: page, token, times: VIEWS, lanes: LANES });
  const rounds: { ours: Repeated; floor: Repeated }[] = [];
  for (let round = 0; round < 5; round += 1)
    rounds.push({ floor: await ask("/bench/page"), ours: await ask(`${path}/app`) });
  await server.ask("DELETE", path, undefined, token);
  const rate = (of: "ours" | "floor") =>
    Math.round(VIEWS / (median(rounds.map((one) => one[of].milliseconds)) / 1_000));
  const p99 = (of: "ours" | "floor") => Math.round(median(rounds.map((one) => one[of].p99)) * 10) / 10;
  return [
    {
      ...{ name: "cached app pages served, inside workerd", value: rate("ours"), unit: "per second" },
      ...{ against: `a plain page ${rate("floor")}`, ratio: rate("ours") / rate("floor") },
    },
    {
      ...{ name: `cached app page, ${LANES} at once, p99`, value: p99("ours"), unit: "ms" },
      ...{ against: `a plain page ${p99("floor")}`, ratio: p99("ours") / Math.max(p99("floor"), 0.1) },
    },
  ];
}

/** A hundred functions, each with a schedule of its own. */
export async function measurePublication(ground: Ground): Promise<Figure[]> {
  const { server, token } = ground;
  const functions = Array.from(
    { length: PUBLISHED },
    (_, index) =>
      `export const job${index} = fn({ schedule: "every day at 9:${String(index % 60).padStart(2, "0")}" }, () => 1);`,
  );
  const text = `import { fn } from "carillon";\n${functions.join("\n")}\n`;
  const path = await makeProject(ground, "publication", undefined);
  const { version } = await server.post<{ version: number }>(
    `${path}/versions`,
    { modules: { "index.js": text } },
    token,
  );
  await server.post("/bench/counting");
  const began = performance.now();
  await server.ask("PUT", `${path}/published`, { version, refresh: false }, token);
  const took = Math.round(performance.now() - began);
  const counts = await server.ask<Counts>("DELETE", "/bench/counting");
  await server.ask("DELETE", path, undefined, token);
  return [
    {
      ...{ name: `transactions to publish ${PUBLISHED} functions with schedules`, value: counts.transactions },
      ...{ unit: "", against: "1", ratio: counts.transactions },
    },
    {
      ...{ name: `rows written to publish ${PUBLISHED} functions with schedules`, value: counts.actorRowsWritten },
      ...{ unit: "rows" },
    },
    { name: `publishing ${PUBLISHED} functions with schedules`, value: took, unit: "ms" },
  ];
}

let projects = 0;

async function makeProject({ server, token }: Ground, name: string, version?: object): Promise<string> {
  projects += 1;
  const { id } = await server.post<{ id: string }>("/v1/projects", { name, slug: `bench-${name}-${projects}` }, token);
  const path = `/v1/projects/${id}`;
  if (version === undefined) return path;
  const made = await server.post<{ version: number }>(`${path}/versions`, version, token);
  await server.ask("PUT", `${path}/published`, { version: made.version, refresh: false }, token);
  return path;
}
