/** Promise: news is delivered to each recipient, whatever is killed in between; and twice to nobody where that can be known. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type NewsId, readNewsId, type WebhookId } from "../../src/domain/ids.ts";
import type { AnnounceOrder } from "../../src/domain/news/delivery-order.ts";
import { type NewsEvent, newsOf } from "../../src/domain/news/news.ts";
import { readNotification } from "../../src/domain/notification.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/domain/time/instant.ts";
import type { Env } from "../../src/env.ts";
import { sweepDeliveries } from "../../src/queues/sweeping-deliveries.ts";
import { newId, now } from "../../src/system.ts";
import { handle } from "../support/hand-queue.ts";
import { mortal } from "../support/mortal.ts";
import { makeNewsWorld, type NewsWorld } from "../support/news-world.ts";
import type { ReceivedCall } from "../support/receiver-server.ts";
import { setClock } from "../support/world.ts";

beforeEach(() => {
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
});

/** Mail that the platform took, by what it is about. */
function mailbox() {
  const taken: string[] = [];
  const EMAIL = { send: async (letter: { subject: string }) => void taken.push(letter.subject) };
  const house = {
    ...env,
    EMAIL,
    MAIL_FROM: "carillon@acme.test",
    PUBLIC_URL: "https://carillon.test",
  } as unknown as Env;
  return { taken, house };
}

const orderOf = (world: NewsWorld, id: NewsId, event: NewsEvent, webhook: WebhookId): AnnounceOrder => ({
  kind: "announce",
  workspace: world.scope.workspaceId,
  project: world.scope.projectId,
  news: newsOf(event, {
    id,
    at: now(),
    notifications: [
      readNotification({ on: "both", users: [world.ada.id], webhooks: [webhook], subject: `News ${id}` }),
    ],
  }),
});

/** What an order leads to when whoever handles it is killed once: the platform brings its message again, and time goes on. */
async function throughDeath(world: NewsWorld, order: AnnounceOrder, house: Env, dies: number): Promise<boolean> {
  const { env: dying, isDead } = mortal(house, dies);
  // The queue hands out what is due, one after the other, until whoever takes it is dead.
  world.queue.held = [{ order, dueAt: 0 }];
  for (; !isDead() && world.queue.held.length > 0; ) {
    const [first, ...rest] = world.queue.held;
    if (first === undefined || first.dueAt > now()) break;
    world.queue.held = rest;
    const { again } = await handle([first.order], dying);
    if (again.length > 0) world.queue.held.push({ ...first, dueAt: now() });
  }
  const died = isDead();
  // All messages that were on their way when it died come again; then the sweep looks, and looks again.
  for (const later of [0, 10 * MINUTE_MS, 20 * MINUTE_MS, HOUR_MS]) {
    setClock(now() + later);
    await sweepDeliveries(house);
    await world.queue.pump(house);
  }
  return died;
}

const received = async (box: string): Promise<readonly ReceivedCall[]> =>
  (await fetch(`${env.RECEIVER}/${box}`)).json();

describe.each([
  // Of good news nobody hears twice: where the answer was lost, it is known that it may not have arrived.
  { event: "run.succeeded", mostMails: 1, ends: ["sent", "unknown"] },
  // Of a failure everybody hears.
  { event: "run.failed", mostMails: 2, ends: ["sent"] },
] as const)(
  "news of the event $event, whose sender is killed before any of its calls",
  ({ event, mostMails, ends }) => {
    it("is delivered or known not to be, to each recipient; no mail is sent more often than is said", async () => {
      const world = await makeNewsWorld();
      const box = newId();
      const made = await world.ada.call("POST", "/v1/webhooks", {
        body: { name: "Ops", url: `${env.RECEIVER}/${box}/ok`, events: [] },
      });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      const { taken, house } = mailbox();
      let deaths = 0;
      for (let dies = 0, died = true; died; dies += 1) {
        const id = readNewsId(newId());
        died = await throughDeath(world, orderOf(world, id, event, made.body.id), house, dies);
        const deliveries = await world.deliveries(id);
        const mail = deliveries.find(({ channel }) => channel === "email");
        const webhook = deliveries.find(({ channel }) => channel === "webhook");
        const mails = taken.filter((subject) => subject.includes(id));
        const calls = (await received(box)).filter(({ headers }) => headers["webhook-id"] === `msg_${webhook?.id}`);
        const told = `killed before call ${dies}`;
        expect(webhook?.state, told).toBe("sent");
        expect(calls.length, told).toBeGreaterThanOrEqual(1);
        expect(mails.length, told).toBeLessThanOrEqual(mostMails);
        expect(ends, told).toContain(mail?.state);
        if (mail?.state === "sent") expect(mails.length, told).toBeGreaterThanOrEqual(1);
        // Whoever died before the claim has sent nothing: it goes out all the same.
        else expect([mail?.state, mail?.attempts, died], told).toEqual(["unknown", 1, true]);
        expect(mail?.nextAt, told).toBeNull();
        if (died) deaths += 1;
        expect(dies).toBeLessThan(60);
      }
      expect(deaths).toBeGreaterThan(10);
    });
  },
);
