/**
 * One run that a thousand recipients hear of, some of whom never answer: how long the good ones wait for theirs. And what one
 * delivery costs, counted.
 */
import type { Counts } from "./counting.ts";
import type { Figure } from "./next.ts";
import { MAIL_PATH } from "./post.ts";
import type { Told } from "./readers.ts";
import { freePort } from "./server.ts";
import { type Ground, makeProject, median, onceAt, type ProjectOfBench, settle } from "./workloads.ts";

/** Who hears of a run: people in a group, and endpoints that answer, that never do, and at whose address nobody is. */
interface Audience {
  readonly people: number;
  readonly good: number;
  readonly slow: number;
  readonly dead: number;
}

/** A thousand. A workspace has room for fifty endpoints. */
const MANY: Audience = { people: 950, good: 40, slow: 5, dead: 5 };
/** As many slow ones as good ones, and far more than one invocation has connections. */
const ENDPOINTS: Audience = { people: 0, good: 25, slow: 25, dead: 0 };
const ROUNDS = 3;

/** How long the mail service takes for one mail. */
const MAIL_MS = 100;
/** Longer than a call to an endpoint that does not answer. */
const CALLS_END_MS = 16_000;
const DELIVERED_WITHIN_MS = 120_000;

/** A workspace of its own, with a project. */
export interface DeliveryGround extends Ground {
  readonly workspace: string;
  readonly project: ProjectOfBench;
}

export async function makeDeliveryGround(ground: Ground, name: string): Promise<DeliveryGround> {
  const made = await ground.server.post<{ token: string; workspace: string }>("/bench/workspace", {});
  const inside = { ...ground, ...made };
  return { ...inside, project: await makeProject(inside, name) };
}

/** What one delivery costs; and how long deliveries of one run take, with bad endpoints among them and without. */
export const measureDeliveries = async (ground: Ground): Promise<Figure[]> => [
  ...(await countDeliveries(ground)),
  ...(await timeDeliveries(ground)),
];

async function timeDeliveries(ground: Ground): Promise<Figure[]> {
  const own = await makeDeliveryGround(ground, "told");
  ground.receiver.delays.set(MAIL_PATH, MAIL_MS);
  ground.receiver.delays.set("/never", Number.POSITIVE_INFINITY);
  const many = await compare(own, MANY);
  const endpoints = await compare(own, ENDPOINTS);
  ground.receiver.delays.clear();
  await ground.server.ask("DELETE", own.project.path, undefined, own.token);
  const told = MANY.people + MANY.good;
  return [
    figure(`until the last of ${told} is told, ${MANY.slow} endpoints never answer, ${MANY.dead} refuse`, many),
    {
      name: `deliveries of one run, a mail takes ${MAIL_MS} ms`,
      ...{ value: Math.round((told / many.beside) * 1_000), unit: "per second" },
    },
    figure(`until the last of ${ENDPOINTS.good} endpoints is told, ${ENDPOINTS.slow} more never answer`, endpoints),
  ];
}

/** From the run's end until the last delivery that can be made, in milliseconds: with the bad endpoints, and without them. */
interface Compared {
  readonly beside: number;
  readonly alone: number;
}

const figure = (name: string, { beside, alone }: Compared): Figure => ({
  ...{ name, value: beside, unit: "ms" },
  ...{ against: `without those ${alone}, near 1`, ratio: beside / alone },
});

/** In turns; the median of some rounds. */
async function compare(own: DeliveryGround, { people, good, slow, dead }: Audience): Promise<Compared> {
  const { server, receiver, token } = own;
  const groups = people === 0 ? [] : [await makeGroup(own, people)];
  const answering = await makeEndpoints(own, good, `${receiver.url}/told`);
  const nobody = `http://127.0.0.1:${await freePort()}/`;
  const remove = async (ids: readonly string[]) => {
    for (const id of ids) await server.ask("DELETE", `/v1/webhooks/${id}`, undefined, token);
  };
  const rounds: Compared[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const alone = await timeOf(own, { groups, webhooks: answering }, people + good);
    const bad = [
      ...(await makeEndpoints(own, slow, `${receiver.url}/never`)),
      ...(await makeEndpoints(own, dead, nobody)),
    ];
    const beside = await timeOf(own, { groups, webhooks: [...bad, ...answering] }, people + good);
    rounds.push({ alone, beside });
    await settle(CALLS_END_MS);
    await remove(bad);
  }
  await remove(answering);
  return {
    beside: median(rounds.map((one) => one.beside)),
    alone: median(rounds.map((one) => one.alone)),
  };
}

interface Recipients {
  readonly groups?: readonly string[];
  readonly webhooks?: readonly string[];
}

async function timeOf(own: DeliveryGround, recipients: Recipients, expected: number): Promise<number> {
  const run = await endOf(own, await tellSoon(own, recipients));
  return (await allTold(own, run.id, expected)) - Date.parse(run.finished_at);
}

interface RunBody {
  readonly id: string;
  readonly finished_at: string;
}

/** A schedule whose run ends in a moment, and of which these hear. Answers its id. */
async function tellSoon({ server, token, project }: DeliveryGround, recipients: Recipients): Promise<string> {
  const notifications = Object.keys(recipients).length === 0 ? [] : [{ on: "both", ...recipients }];
  const item = { ...onceAt(Date.now() + 1_000), notifications };
  return (await server.post<{ id: string }>(`${project.path}/schedules`, item, token)).id;
}

async function endOf({ server, token, project }: DeliveryGround, schedule: string): Promise<RunBody> {
  const path = `${project.path}/runs?schedule=${schedule}`;
  for (;;) {
    const { items } = await server.ask<{ items: RunBody[] }>("GET", path, undefined, token);
    const [run] = items;
    if (run?.finished_at) return run;
    await settle(100);
  }
}

/** When the last of so many deliveries was made. */
async function allTold(own: DeliveryGround, run: string, expected: number): Promise<number> {
  for (const began = Date.now(); Date.now() - began < DELIVERED_WITHIN_MS; await settle(500)) {
    const told = await tellDeliveries(own, run);
    const sent = told.filter(({ state }) => state === "sent");
    if (sent.reduce((sum, { count }) => sum + count, 0) >= expected)
      return Math.max(...sent.map(({ last }) => last ?? 0));
  }
  throw new Error(`Not ${expected} deliveries within ${DELIVERED_WITHIN_MS} ms`);
}

/** How far the deliveries of a run have come; of all runs without one. */
export const tellDeliveries = ({ server, workspace, project }: DeliveryGround, run: string | null): Promise<Told[]> =>
  server.post<Told[]>("/bench/deliveries", { workspace, project: project.id, run });

export const makeGroup = async ({ server, workspace, project }: DeliveryGround, count: number): Promise<string> =>
  (await server.post<{ group: string }>("/bench/readers", { workspace, project: project.id, count })).group;

export async function makeEndpoints({ server, token }: DeliveryGround, count: number, url: string): Promise<string[]> {
  const ids: string[] = [];
  for (let one = 0; one < count; one += 1)
    ids.push((await server.post<{ id: string }>("/v1/webhooks", { name: "Bench", url, events: [] }, token)).id);
  return ids;
}

/** Deliveries of the runs that are counted: what all share is spread over so many. */
const COUNTED = 50;

/** What deliveries cost beyond their run, for each of fifty. */
async function countDeliveries(ground: Ground): Promise<Figure[]> {
  const own = await makeDeliveryGround(ground, "counted");
  const group = await makeGroup(own, COUNTED);
  const webhooks = await makeEndpoints(own, COUNTED, `${ground.receiver.url}/counted`);
  await countTelling(own, {}, 0);
  const quiet = await countTelling(own, {}, 0);
  const mails = await countTelling(own, { groups: [group] }, COUNTED);
  const calls = await countTelling(own, { webhooks }, COUNTED);
  await ground.server.ask("DELETE", own.project.path, undefined, own.token);
  return [...costs("mail", mails, quiet), ...costs("webhook call", calls, quiet)];
}

async function countTelling(own: DeliveryGround, recipients: Recipients, expected: number): Promise<Counts> {
  const { server } = own;
  await server.post("/bench/counting");
  const schedule = await tellSoon(own, recipients);
  // Nobody asks in between: that would be counted as well.
  await settle(6_000);
  const counts = await server.ask<Counts>("DELETE", "/bench/counting");
  const run = await endOf(own, schedule);
  await allTold(own, run.id, expected);
  return counts;
}

function costs(what: string, counts: Counts, quiet: Counts): Figure[] {
  const each = (field: keyof Counts, times = 1): number =>
    Math.round(((counts[field] - quiet[field]) * times * 100) / COUNTED) / 100;
  const costOf = (name: string, value: number, unit: string): Figure => ({ name: `${name} per ${what}`, value, unit });
  return [
    costOf("rows written in D1", each("logRowsWritten"), "rows"),
    costOf("rows read in D1's log", each("logRowsRead"), "rows"),
    costOf("rows read in D1's directory", each("directoryRowsRead"), "rows"),
    costOf("statements on D1's log", each("logStatements"), "statements"),
    costOf("rows written in the actor", each("actorRowsWritten"), "rows"),
    costOf("queue operations", each("messagesSent", 3), "operations"),
  ];
}
