/** What is measured, each beside the floor on the same server, in turns. Times are taken at the called endpoint. */
import type { Counts } from "./counting.ts";
import type { Figure } from "./next.ts";
import type { Arrival, BenchReceiver } from "./receiver.ts";
import type { BenchServer } from "./server.ts";

export interface Ground {
  readonly server: BenchServer;
  readonly receiver: BenchReceiver;
  readonly token: string;
}

export interface ProjectOfBench {
  readonly id: string;
  readonly path: string;
}

let projects = 0;

/** A project whose only function is called at `/<name>`. */
export async function makeProject({ server, receiver, token }: Ground, name: string): Promise<ProjectOfBench> {
  projects += 1;
  const project = await server.post<{ id: string }>("/v1/projects", { name, slug: `bench-${projects}` }, token);
  const path = `/v1/projects/${project.id}`;
  const functions = [{ name: "work", kind: "http", url: `${receiver.url}/${name}` }];
  const version = await server.post<{ version: number }>(`${path}/versions`, { functions }, token);
  await server.ask("PUT", `${path}/published`, { version: version.version }, token);
  return { id: project.id, path };
}

type Item = Record<string, unknown>;

/** Saves schedules, a thousand a call. */
export async function saveBatches(ground: Ground, project: ProjectOfBench, items: readonly Item[]): Promise<void> {
  for (let start = 0; start < items.length; start += 1_000) {
    await ground.server.post(
      `${project.path}/schedule-batches`,
      { items: items.slice(start, start + 1_000) },
      ground.token,
    );
  }
}

export const onceAt = (at: number): Item => ({ schedule: new Date(at).toISOString(), fn: "work" });

export const settle = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Rows and queue operations of a run that is alone, with its log entry and all alarms until the project is quiet. */
export async function countRun(ground: Ground): Promise<Figure[]> {
  const { server, receiver, token } = ground;
  const project = await makeProject(ground, "count");
  const runs = 5;
  // A schedule as rare as this has its alarm moved away after every run: the dearest case.
  await server.post(`${project.path}/schedules`, { schedule: "every 20 seconds", fn: "work" }, token);
  await receiver.expect("/count", 1, 30_000);
  await settle(3_000);
  await server.post("/bench/counting");
  await receiver.expect("/count", 1 + runs, 25_000 * runs);
  await settle(3_000);
  const counts = await server.ask<Counts>("DELETE", "/bench/counting");
  await server.ask("DELETE", project.path, undefined, token);
  const each = (value: number) => Math.round((value / runs) * 100) / 100;
  return [
    {
      name: "rows written in the actor per run, its alarms included",
      value: each(counts.actorRowsWritten + counts.alarmsSet),
      unit: "rows",
      // The seven of decision 0003, and the one in which a run with an output shows it in the app (0013).
      against: "at most 8",
      ratio: each(counts.actorRowsWritten + counts.alarmsSet) / 8,
    },
    { name: "alarms set per run", value: each(counts.alarmsSet), unit: "rows" },
    { name: "alarms rung per run", value: each(counts.alarmsRung), unit: "requests" },
    { name: "rows read in the actor per run", value: each(counts.actorRowsRead), unit: "rows" },
    {
      name: "rows written in D1 per run",
      value: each(counts.logRowsWritten),
      unit: "rows",
      against: "at most 3",
      ratio: each(counts.logRowsWritten) / 3,
    },
    {
      name: "queue operations per run (write, read, delete)",
      value: each(counts.messagesSent) * 3,
      unit: "operations",
      against: "3",
      ratio: each(counts.messagesSent),
    },
  ];
}

const STORED = 100_000;
const FAR = Date.now() + 300 * 86_400_000;

/** Batches, then a wake with ten due among all that is stored, then one due beside them. */
export async function measureStored(ground: Ground): Promise<Figure[]> {
  const project = await makeProject(ground, "stored");
  const idle = Array.from({ length: STORED }, (_, index) => onceAt(FAR + index * 1_000));
  const began = performance.now();
  await saveBatches(ground, project, idle);
  const perSecond = Math.round(STORED / ((performance.now() - began) / 1_000));
  const due = Date.now() + 2_000;
  await saveBatches(
    ground,
    project,
    Array.from({ length: 10 }, () => onceAt(due)),
  );
  await ground.server.post("/bench/counting");
  await ground.receiver.expect("/stored", 10, 20_000);
  await settle(2_000);
  const counts = await ground.server.ask<Counts>("DELETE", "/bench/counting");
  const figures: Figure[] = [
    {
      name: "schedules created in batches of 1,000",
      value: perSecond,
      unit: "per second",
      against: "at least 10,000",
      ratio: perSecond / 10_000,
    },
    {
      name: `rows read by a wake with 10 due among ${STORED}, all the way to the log`,
      value: counts.actorRowsRead,
      unit: "rows",
      against: "10 due",
      ratio: counts.actorRowsRead / 10,
    },
  ];
  return [...figures, ...(await measureOneOfMany(ground, project))];
}

async function measureOneOfMany(ground: Ground, project: ProjectOfBench): Promise<Figure[]> {
  const { server, receiver, token } = ground;
  await server.post("/bench/floor/many", { at: FAR, url: `${receiver.url}/floor-many`, count: STORED, step: 1_000 });
  const times = 20;
  for (let round = 0; round < times; round += 1) {
    const at = Date.now() + 400;
    await server.post(`${project.path}/schedules`, onceAt(at), token);
    await settle(at + 200 - Date.now());
    const floorAt = Date.now() + 400;
    await server.post("/bench/floor/many", { at: floorAt, url: `${receiver.url}/floor-many`, count: 1 });
    await settle(floorAt + 200 - Date.now());
  }
  const ours = lags(receiver.at("/stored").slice(10));
  const floor = lags(receiver.at("/floor-many"));
  return [
    {
      name: `lag of one due among ${STORED} idle, p50`,
      value: ours.p50,
      unit: "ms",
      against: `floor ${floor.p50}`,
      ratio: ours.p50 / floor.p50,
    },
  ];
}

const CREATES = 2_000;
const LANES = 16;

/** One call for each schedule: inside workerd, and through the local server's proxy, as a user of `npm start` calls. */
export async function measureCreates(ground: Ground): Promise<Figure[]> {
  const { server, token, receiver } = ground;
  const project = await makeProject(ground, "creates");
  const ours = { path: `${project.path}/schedules`, body: onceAt(FAR) };
  const floor = { path: "/bench/floor/creates", body: { at: FAR, url: receiver.url, count: 1 } };
  const inside = async ({ path, body }: Create) =>
    (await server.post<{ milliseconds: number }>("/bench/repeat", { path, token, body, times: CREATES, lanes: LANES }))
      .milliseconds;
  const through = async ({ path, body }: Create) => {
    const began = performance.now();
    let left = CREATES;
    const lane = async () => {
      for (; left > 0; left -= 1) await server.post(path, body, token);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return performance.now() - began;
  };
  return [
    await compareCreates("schedules created by one call each, inside workerd", inside, ours, floor),
    await compareCreates("schedules created by one call each, through the local server", through, ours, floor),
  ];
}

interface Create {
  readonly path: string;
  readonly body: unknown;
}

async function compareCreates(
  name: string,
  time: (create: Create) => Promise<number>,
  ours: Create,
  floor: Create,
): Promise<Figure> {
  const times: { ours: number; floor: number }[] = [];
  for (let round = 0; round < 5; round += 1) times.push({ floor: await time(floor), ours: await time(ours) });
  const rate = (milliseconds: number) => Math.round(CREATES / (milliseconds / 1_000));
  const mine = rate(median(times.map((round) => round.ours)));
  const theirs = rate(median(times.map((round) => round.floor)));
  return { name, value: mine, unit: "per second", against: `floor ${theirs}, at least 0.8`, ratio: mine / theirs };
}

/** A thousand of one project due at the same instant. */
export async function measureBurst(ground: Ground): Promise<Figure[]> {
  const { server, receiver } = ground;
  const project = await makeProject(ground, "burst");
  const rounds: { ours: Lags; floor: Lags }[] = [];
  for (let round = 0; round < 5; round += 1) {
    const floorAt = Date.now() + 2_500;
    await server.post("/bench/floor/burst", { at: floorAt, url: `${receiver.url}/floor-burst-${round}`, count: 1_000 });
    const floor = lags(await receiver.expect(`/floor-burst-${round}`, 1_000, 30_000));
    await settle(1_500);
    const at = Date.now() + 2_500;
    await saveBatches(
      ground,
      project,
      Array.from({ length: 1_000 }, () => onceAt(at)),
    );
    await receiver.expect("/burst", 1_000 * (round + 1), 30_000);
    rounds.push({ ours: lags(receiver.at("/burst").slice(1_000 * round)), floor });
    await settle(1_500);
  }
  return compare("start lag of 1,000 due in the same instant", rounds);
}

/** Six hundred spread over thirty seconds, the two schedulers one after the other. */
export async function measureSteady(ground: Ground): Promise<Figure[]> {
  const { server, receiver } = ground;
  const project = await makeProject(ground, "steady");
  const floorAt = Date.now() + 2_000;
  await server.post("/bench/floor/steady", { at: floorAt, url: `${receiver.url}/floor-steady`, count: 600, step: 50 });
  const floor = lags(await receiver.expect("/floor-steady", 600, 60_000));
  const at = Date.now() + 2_000;
  await saveBatches(
    ground,
    project,
    Array.from({ length: 600 }, (_, index) => onceAt(at + index * 50)),
  );
  const ours = lags(await receiver.expect("/steady", 600, 60_000));
  const early = receiver.at("/steady").filter((arrival) => arrival.at < arrival.due).length;
  return [
    ...compare("start lag of 600 spread over 30 s", [{ ours, floor }]),
    { name: "600 spread over 30 s: called early", value: early, unit: "calls", against: "0" },
  ];
}

export interface Lags {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How late calls came, sorted out. */
export function lags(arrivals: readonly Arrival[]): Lags {
  const sorted = arrivals.map(({ at, due }) => at - due).sort((a, b) => a - b);
  const rank = (share: number) => sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
  return { p50: rank(0.5), p99: rank(0.99), max: rank(1) };
}

/** The median round of each figure, and the ratio of the medians. */
function compare(name: string, rounds: readonly { ours: Lags; floor: Lags }[]): Figure[] {
  return (["p50", "p99", "max"] as const).map((rank) => {
    const ours = median(rounds.map((round) => round.ours[rank]));
    const floor = median(rounds.map((round) => round.floor[rank]));
    const goal = rank === "p99" ? ", at most 1.5" : "";
    return { name: `${name}, ${rank}`, value: ours, unit: "ms", against: `floor ${floor}${goal}`, ratio: ours / floor };
  });
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
