/** Two workspaces on one server: what a run of the quiet one waits while the other has a thousand schedules due each second. */
import type { Figure } from "./next.ts";
import { type Ground, type Lags, lags, makeProject, median, onceAt, saveBatches, settle } from "./workloads.ts";

/** The quiet workspace: twenty runs a second, one by one. */
const QUIET_RUNS = 600;
const QUIET_STEP_MS = 50;
/** The other: so many schedules, each due every second. */
const FLOOD_SCHEDULES = 1_000;
/** How long the flood's endpoint takes to answer. */
const SLOW_MS = 2_000;
const ROUNDS = 3;

interface Round {
  readonly quiet: Lags;
  readonly flooded: Lags;
}

/** Start lag of the quiet workspace, first alone and then beside the flood; the median of some rounds. */
export async function measureFlood(ground: Ground): Promise<Figure[]> {
  const { server, receiver } = ground;
  receiver.delays.set("/flood", SLOW_MS);
  const other = await server.post<{ token: string }>("/bench/workspace", { plan: "enterprise" });
  const flooding: Ground = { ...ground, token: other.token };
  const rounds: Round[] = [];
  let runs = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const quiet = await runQuietly(ground, `quiet-${round}`);
    const stop = await flood(flooding);
    const before = receiver.at("/flood").length;
    const flooded = await runQuietly(ground, `flooded-${round}`);
    runs += receiver.at("/flood").length - before;
    await stop();
    rounds.push({ quiet, flooded });
  }
  const seconds = (ROUNDS * QUIET_RUNS * QUIET_STEP_MS) / 1_000;
  return [
    ...figures(rounds),
    {
      name: "runs of the flood itself, beside the quiet workspace",
      value: Math.round(runs / seconds),
      unit: "per second",
    },
  ];
}

/** Six hundred runs over thirty seconds in a project of their own. */
async function runQuietly(ground: Ground, name: string): Promise<Lags> {
  const project = await makeProject(ground, name);
  const at = Date.now() + 2_000;
  const items = Array.from({ length: QUIET_RUNS }, (_, index) => onceAt(at + index * QUIET_STEP_MS));
  await saveBatches(ground, project, items);
  return lags(await ground.receiver.expect(`/${name}`, QUIET_RUNS, 120_000));
}

/** Starts the flood, and answers how to stop it. */
async function flood(ground: Ground): Promise<() => Promise<void>> {
  const { server, token } = ground;
  const project = await makeProject(ground, "flood");
  const items = Array.from({ length: FLOOD_SCHEDULES }, () => ({ schedule: "every second", fn: "work" }));
  await saveBatches(ground, project, items);
  await settle(2 * SLOW_MS);
  return async () => {
    await server.ask("DELETE", `${project.path}/schedules?fn=work`, undefined, token);
    await settle(3 * SLOW_MS);
  };
}

function figures(rounds: readonly Round[]): Figure[] {
  const of = (rank: keyof Lags, kind: keyof Round) => median(rounds.map((round) => round[kind][rank]));
  return (["p50", "p99", "max"] as const).flatMap((rank) => {
    const [quiet, flooded] = [of(rank, "quiet"), of(rank, "flooded")];
    const goal = rank === "p99" ? ", at most 2" : "";
    return [
      {
        name: `start lag beside a tenant with ${FLOOD_SCHEDULES} due each second, ${rank}`,
        value: flooded,
        unit: "ms",
        against: `alone ${quiet}${goal}`,
        ratio: flooded / quiet,
      },
    ];
  });
}
