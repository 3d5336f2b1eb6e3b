/** Carillon, composed: what the platform calls, and which room answers. Wiring only. */

import { BrowserKeeper } from "./actor/browser-keeper.ts";
import { reachBrowsers } from "./actor/reach.ts";
import { RunSlots } from "./actor/run-slots.ts";
import { createApi } from "./api/api.ts";
import { RunHand } from "./api/run-hand.ts";
import { appPages } from "./app/app.tsx";
import { createConsole } from "./console/console.ts";
import type { Env } from "./env.ts";
import { cameraOf } from "./queues/camera.ts";
import { consumeCaptures, consumeDeadCaptures } from "./queues/captures.ts";
import { consumeDeadDeliveries, consumeDeliveries } from "./queues/deliveries.ts";
import { DeliveryLot } from "./queues/delivery-lot.ts";
import { Gateway } from "./queues/gateway.ts";
import { RunLot } from "./queues/run-lot.ts";
import { consumeDeadRuns, consumeRuns } from "./queues/runs.ts";
import { DAILY_CRON, sweep, sweepDaily } from "./queues/sweep.ts";

export { Project } from "./actor/project.ts";
export { BrowserKeeper, DeliveryLot, Gateway, RunHand, RunLot, RunSlots };

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: {
        BrowserKeeper: typeof BrowserKeeper;
        DeliveryLot: typeof DeliveryLot;
        Gateway: typeof Gateway;
        RunHand: typeof RunHand;
        RunLot: typeof RunLot;
        RunSlots: typeof RunSlots;
      };
      durableNamespaces: "BrowserKeeper" | "RunSlots";
    }
  }
}

/** The console lives in the API's envelope: its pages carry the same headers, and unknown addresses get the API's answer. */
const app = createApi({ app: appPages });
app.route("/", createConsole({ answerRequest: (request, c) => app.fetch(request, c.env, c.executionCtx) }));

const QUEUE_NAME_END = /[a-z]+(?:-dead)?$/;

/** Who consumes each queue of wrangler.toml, by how its name ends. A message may be anything: each consumer looks at its own. */
const CONSUMERS: Readonly<
  Record<string, (batch: MessageBatch<never>, env: Env, context: ExecutionContext) => Promise<void>>
> = {
  runs: (batch, env, context) => consumeRuns(batch, env, context, context.exports.RunLot),
  "runs-dead": (batch, env) => consumeDeadRuns(batch, env),
  captures: (batch, env, context) =>
    consumeCaptures(batch, env, {
      browsers: reachBrowsers(context.exports),
      camera: cameraOf(env),
      openApp: async (request) => app.fetch(request, env, context),
    }),
  "captures-dead": (batch, env) => consumeDeadCaptures(batch, env),
  deliveries: (batch, env, context) => consumeDeliveries(batch, env, context, context.exports.DeliveryLot),
  "deliveries-dead": (batch, env) => consumeDeadDeliveries(batch, env),
};

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),

  async queue(batch, env, context) {
    const consume = CONSUMERS[QUEUE_NAME_END.exec(batch.queue)?.[0] ?? ""];
    if (consume === undefined) throw new Error(`Nobody consumes the queue ${batch.queue}`);
    await consume(batch, env, context);
  },

  async scheduled(controller, env) {
    await (controller.cron === DAILY_CRON ? sweepDaily(env) : sweep(env));
  },
} satisfies ExportedHandler<Env, never>;
