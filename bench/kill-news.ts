/**
 * SIGKILL in the middle of deliveries, and a start on what is left: what was never made, what was made twice. The messages
 * that the local queue held are gone with it, as they are not on Cloudflare; so the sweep has to find all of them.
 */
import { type DeliveryGround, makeDeliveryGround, makeEndpoints, makeGroup, tellDeliveries } from "./deliveries.ts";
import type { Figure } from "./next.ts";
import { MAIL_PATH } from "./post.ts";
import type { Told } from "./readers.ts";
import { type Ground, onceAt, saveBatches, settle } from "./workloads.ts";

const RUNS = 20;
const PEOPLE = 40;
const ENDPOINTS = 10;
const PLANNED = RUNS * (PEOPLE + ENDPOINTS);

/** Slow enough that the kill meets deliveries in every state. */
const ANSWER_MS = 400;
/** How many arrive before the kill. */
const BEFORE = 250;
/** Longer than a claim lasts. */
const CLAIMS_END_MS = 95_000;
const SETTLED_WITHIN_MS = 60_000;
const CALLED = "/kill-news-told";

export async function measureKillNews(ground: Ground): Promise<Figure[]> {
  const { server, receiver } = ground;
  const own = await makeDeliveryGround(ground, "kill-news");
  receiver.delays.set(MAIL_PATH, ANSWER_MS).set(CALLED, ANSWER_MS);
  await tellRuns(own);
  const arrived = () => [...receiver.at(MAIL_PATH), ...receiver.at(CALLED)].filter(({ at }) => at >= began).length;
  const began = Date.now();
  while (arrived() < BEFORE) await settle(10);
  server.kill();
  const before = arrived();
  receiver.delays.clear();
  await server.run();
  // Claims run out, and then the sweep is made to look at once for what it would have looked at minutes later.
  await settle(CLAIMS_END_MS);
  const told = await sweepUntilSettled(own);
  const count = (state: string) => told.filter((one) => one.state === state).reduce((sum, one) => sum + one.count, 0);
  return [
    {
      name: `killed with ${PLANNED} deliveries under way: neither sent nor known to be unknown`,
      ...{ value: PLANNED - count("sent") - count("unknown"), unit: "deliveries", against: "0" },
    },
    { name: "mails sent twice", value: twice(own, MAIL_PATH, began), unit: "mails", against: "0" },
    { name: "mails of which nobody knows, and which the log tells so", value: count("unknown"), unit: "mails" },
    {
      name: "calls of endpoints made twice, under the same webhook-id",
      value: twice(own, CALLED, began),
      unit: "calls",
    },
    { name: "arrived before the kill", value: before, unit: "deliveries" },
  ];
}

async function tellRuns(own: DeliveryGround): Promise<void> {
  const groups = [await makeGroup(own, PEOPLE)];
  const webhooks = await makeEndpoints(own, ENDPOINTS, own.receiver.url + CALLED);
  const at = Date.now() + 2_000;
  const items = Array.from({ length: RUNS }, () => ({
    ...onceAt(at),
    notifications: [{ on: "both", groups, webhooks }],
  }));
  await saveBatches(own, own.project, items);
}

async function sweepUntilSettled(own: DeliveryGround): Promise<readonly Told[]> {
  for (const began = Date.now(); ; await settle(3_000)) {
    await own.server.post("/bench/sweep");
    await settle(3_000);
    const told = await tellDeliveries(own, null);
    const left = told.filter(({ state }) => state === "pending" || state === "retrying");
    if (left.length === 0 || Date.now() - began > SETTLED_WITHIN_MS) return told;
  }
}

function twice({ receiver }: DeliveryGround, path: string, since: number): number {
  const ids = receiver.at(path).flatMap(({ at, id }) => (at >= since ? [id] : []));
  return ids.length - new Set(ids).size;
}
