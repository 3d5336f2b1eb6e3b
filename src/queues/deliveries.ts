/**
 * The consumer of `deliveries` and of its dead letters: announces news, and makes deliveries side by side, so that one slow
 * recipient holds up no other. The ledger is what counts: a message that comes twice finds its work done.
 *
 * What is light is made in lots, each in an invocation of its own, where none waits for another: an endpoint is a stranger
 * and may be slow. What carries a picture is made a few at a time, since all share one memory.
 */
import type { DeliverOrder, DeliveryOrder } from "../domain/news/delivery-order.ts";
import { unreachable } from "../domain/result.ts";
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import { type Env, readConfig } from "../env.ts";
import { announce, release } from "./announcing.ts";
import { checkRecipients } from "./checking-recipients.ts";
import { deliver } from "./delivering.ts";
import { DELIVERY_LOT_SIZE, type StartDeliveries } from "./delivery-lot.ts";
import { comeAgain, type DeliveryMessage, ordersOf } from "./delivery-messages.ts";
import { syncSlackChannels } from "./slack-channels.ts";

/** One invocation may hold six connections open (workers/platform/limits). */
const AT_ONCE = 6;

/** The wait before a message comes again whose ledger or directory could not be reached; longer each time. */
const AFTER_FAULT_MS: Milliseconds = 5 * SECOND_MS;
const WAITS_LONGER_UP_TO = 12;

/**
 * Handles a batch. Never throws: each message is done, or comes again. A delivery's message is done when it is claimed: from
 * there on the ledger looks after it, whatever becomes of this invocation.
 */
export async function consumeDeliveries(
  batch: MessageBatch<DeliveryOrder>,
  env: Env,
  context: Pick<ExecutionContext, "waitUntil">,
  lot: StartDeliveries,
): Promise<void> {
  const orders = ordersOf(batch);
  const heavy = orders.filter((one) => !isLight(one));
  const light = lotsOf(orders.filter(isLight)).map((some) => handOver(some, lot));
  await Promise.all([handleInTurn(heavy, env, context), ...light]);
}

type LightMessage = Message<DeliverOrder>;

const isLight = (message: DeliveryMessage): message is LightMessage =>
  message.body.kind === "deliver" && message.body.isLight === true;

function lotsOf(messages: readonly LightMessage[]): readonly (readonly LightMessage[])[] {
  const lots: (readonly LightMessage[])[] = [];
  for (let start = 0; start < messages.length; start += DELIVERY_LOT_SIZE)
    lots.push(messages.slice(start, start + DELIVERY_LOT_SIZE));
  return lots;
}

/** What was claimed by a lot that is gone comes again, and is found claimed. */
async function handOver(messages: readonly LightMessage[], lot: StartDeliveries): Promise<void> {
  try {
    const isDone = await lot.deliver(messages.map(({ body }) => body));
    for (const [index, message] of messages.entries()) {
      if (isDone[index]) message.ack();
      else putOff(message);
    }
  } catch (cause) {
    console.warn({ event: "lot_put_off", deliveries: messages.length, cause: String(cause) });
    for (const message of messages) putOff(message);
  }
}

const putOff = (message: DeliveryMessage): void =>
  comeAgain(message, AFTER_FAULT_MS * Math.min(message.attempts, WAITS_LONGER_UP_TO));

async function handleInTurn(
  messages: readonly DeliveryMessage[],
  env: Env,
  context: Pick<ExecutionContext, "waitUntil">,
): Promise<void> {
  const tasks = inTurn(messages).map((message) => ({ message, decided: Promise.withResolvers<void>() }));
  const waiting = [...tasks];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      await handle(env, next.message, next.decided.resolve);
  };
  const all = Promise.all(Array.from({ length: AT_ONCE }, work));
  if (readConfig(env).consumerWaits) await all;
  else {
    context.waitUntil(all);
    await Promise.all(tasks.map(({ decided }) => decided.promise));
  }
}

/** The workspaces take turns: the slow recipients of one do not take all places before another has one. */
function inTurn(messages: readonly DeliveryMessage[]): readonly DeliveryMessage[] {
  const byWorkspace = [...Map.groupBy(messages, ({ body }) => body.workspace).values()];
  const rounds = Math.max(0, ...byWorkspace.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) =>
    byWorkspace.flatMap((some) => some.slice(round, round + 1)),
  ).flat();
}

/** `onDecided` is called when the message is acknowledged, or comes again. */
async function handle(env: Env, message: DeliveryMessage, onDecided: () => void): Promise<void> {
  let isDecided = false;
  const decide = (decision: () => void): void => {
    if (!isDecided) decision();
    isDecided = true;
    onDecided();
  };
  try {
    await carryOut(env, message.body, () => decide(() => message.ack()));
    decide(() => message.ack());
  } catch (cause) {
    const { kind, workspace } = message.body;
    console.warn({ event: "delivery_put_off", kind, workspace, cause: String(cause) });
    decide(() => putOff(message));
  }
}

async function carryOut(env: Env, order: DeliveryOrder, onDone: () => void): Promise<void> {
  switch (order.kind) {
    case "announce":
      return announce(env, order);
    case "release":
      return release(env, order);
    case "deliver":
      return deliver(env, order, onDone);
    case "check_recipients":
      return checkRecipients(env, order);
    case "sync_channels":
      return syncSlackChannels(env, order);
    default:
      return unreachable(order);
  }
}

/**
 * Orders that the queue gave up. News is announced here if it can be by now; a delivery is in the ledger, where the sweep
 * finds it; and what is asked for again by itself is let go.
 */
export async function consumeDeadDeliveries(batch: MessageBatch<DeliveryOrder>, env: Env): Promise<void> {
  for (const message of ordersOf(batch)) {
    const { body: order } = message;
    console.error({ event: "deliveries_dead_lettered", kind: order.kind, workspace: order.workspace });
    try {
      if (order.kind === "announce") await announce(env, order);
      message.ack();
    } catch (cause) {
      console.warn({ event: "news_not_announced", workspace: order.workspace, cause: String(cause) });
      message.retry();
    }
  }
}
