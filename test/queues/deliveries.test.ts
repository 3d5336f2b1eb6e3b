/** The consumer of deliveries: what is light is made apart from all else, so that a slow recipient holds up nobody. */
import { createExecutionContext, createMessageBatch, getQueueResult, waitOnExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { readDeliveryId, readNewsId } from "../../src/domain/ids.ts";
import type { DeliverOrder, DeliveryOrder } from "../../src/domain/news/delivery-order.ts";
import type { Env } from "../../src/env.ts";
import { consumeDeliveries } from "../../src/queues/deliveries.ts";
import { DELIVERY_LOT_SIZE, deliverSideBySide, type StartDeliveries } from "../../src/queues/delivery-lot.ts";
import { newId } from "../../src/system.ts";
import { LOCAL } from "../support/hand-queue.ts";
import { makeNewsWorld, type NewsWorld } from "../support/news-world.ts";

beforeEach(() => {
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
});

async function consume(orders: readonly DeliveryOrder[], lot: StartDeliveries, house: Env = LOCAL) {
  const messages = orders.map((body, id) => ({ id: String(id), timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch<DeliveryOrder>("carillon-deliveries", messages as never);
  const context = createExecutionContext();
  await consumeDeliveries(batch, house, context, lot);
  await waitOnExecutionContext(context);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, context);
  return { acks: explicitAcks.map(Number), again: retryMessages.map(({ msgId }) => Number(msgId)) };
}

/** Orders for deliveries that are not in the ledger. */
const ordersFor = ({ scope }: NewsWorld, weights: readonly DeliverOrder["isLight"][]): readonly DeliverOrder[] =>
  weights.map((isLight) => ({
    ...{ kind: "deliver", workspace: scope.workspaceId, project: scope.projectId },
    ...{ news: readNewsId(newId()), delivery: readDeliveryId(newId()) },
    ...(isLight === undefined ? {} : { isLight }),
  }));

const lightOnes = (world: NewsWorld, count: number) => ordersFor(world, Array(count).fill(true));

describe("light deliveries", () => {
  it("are handed out in lots that have a connection for each, all of them at once", async () => {
    const world = await makeNewsWorld();
    const lots: number[] = [];
    const everybodyIsHere = Promise.withResolvers<void>();
    const { acks } = await consume(lightOnes(world, 20), {
      deliver: async (orders) => {
        lots.push(orders.length);
        if (lots.length === 4) everybodyIsHere.resolve();
        await everybodyIsHere.promise;
        return orders.map(() => true);
      },
    });
    expect(lots).toEqual([6, 6, 6, 2]);
    expect(Math.max(...lots)).toBe(DELIVERY_LOT_SIZE);
    expect(acks).toHaveLength(20);
  });

  it("hold up nothing else, however slow they are", async () => {
    const world = await makeNewsWorld();
    await world.schedule([{ users: [world.ada.id] }]);
    const run = await world.runAtNine();
    const announce = world.queue.held.map(({ order }) => order);
    const slow = Promise.withResolvers<readonly boolean[]>();
    const consumed = consume([...lightOnes(world, 6), ...announce], { deliver: () => slow.promise });
    await vi.waitFor(async () => expect(await world.deliveries(run.id)).toHaveLength(1));
    slow.resolve(Array(6).fill(true));
    expect((await consumed).acks).toHaveLength(7);
  });

  it("come again one by one, as their lot says, and all of them when it is gone", async () => {
    const world = await makeNewsWorld();
    const told = await consume(lightOnes(world, 3), { deliver: async () => [true, false, true] });
    expect(told).toEqual({ acks: [0, 2], again: [1] });
    const gone = { deliver: () => Promise.reject(new Error("The invocation is gone")) };
    expect(await consume(lightOnes(world, 3), gone)).toEqual({ acks: [], again: [0, 1, 2] });
  });

  it("are alone in their lots: what may carry a picture is made where few are in memory", async () => {
    const world = await makeNewsWorld();
    const handed: DeliverOrder[] = [];
    const lot = { deliver: async (orders: readonly DeliverOrder[]) => orders.map((one) => handed.push(one) > 0) };
    const { acks } = await consume(ordersFor(world, [false, true, undefined]), lot);
    expect(handed.map(({ isLight }) => isLight)).toEqual([true]);
    expect(acks.toSorted()).toEqual([0, 1, 2]);
  });
});

describe("a lot", () => {
  it("makes its deliveries in an invocation of its own, and says that their messages are done", async () => {
    const world = await makeNewsWorld();
    const url = `${env.RECEIVER}/${newId()}/ok`;
    const made = await world.ada.call("POST", "/v1/webhooks", { body: { name: "Ops", url, events: [] } });
    await world.schedule([{ webhooks: [made.body.id] }]);
    const run = await world.runAtNine();
    const [announce] = world.queue.held.map(({ order }) => order);
    if (announce === undefined) throw new Error("Nothing was announced");
    await consume([announce], exports.DeliveryLot);
    const order = world.queue.sent.find((one) => one.kind === "deliver");
    expect(order).toMatchObject({ isLight: true });
    if (order === undefined) throw new Error("Nothing was ordered");
    expect(await exports.DeliveryLot.deliver([order])).toEqual([true]);
    await vi.waitFor(async () => expect(await world.deliveries(run.id)).toMatchObject([{ state: "sent" }]));
  });

  it("says of a delivery whose rooms cannot be reached that it comes again", async () => {
    const world = await makeNewsWorld();

    const RUNLOG = { prepare: () => fail("The ledger is down") } as unknown as D1Database;
    const context = createExecutionContext();
    const isDone = await deliverSideBySide({ ...LOCAL, RUNLOG } as Env, lightOnes(world, 2), context);
    expect(isDone).toEqual([false, false]);
  });
});

const fail = (message: string): never => {
  throw new Error(message);
};
