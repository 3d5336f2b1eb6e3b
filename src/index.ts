/** Carillon, composed: what the platform calls, and which room answers. Wiring only. */

import { BrowserKeeper } from "./actor/browser-keeper.ts";
import { RunSlots } from "./actor/run-slots.ts";
import { createApi } from "./api/api.ts";
import { RunHand } from "./api/run-hand.ts";
import { appPages } from "./app/app.tsx";
import { createConsole } from "./console/console.ts";
import type { RunRef } from "./domain/claim.ts";
import type { Env } from "./env.ts";
import { Gateway } from "./queues/gateway.ts";
import { RunLot } from "./queues/run-lot.ts";
import { consumeDeadRuns, consumeRuns } from "./queues/runs.ts";
import { DAILY_CRON, sweep, sweepDaily } from "./queues/sweep.ts";

export { Project } from "./actor/project.ts";
export { BrowserKeeper, Gateway, RunHand, RunLot, RunSlots };

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: {
        BrowserKeeper: typeof BrowserKeeper;
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
app.route("/", createConsole());

/** The suffix of every dead-letter queue in wrangler.toml. */
const DEAD_SUFFIX = "-dead";

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),

  async queue(batch, env, context) {
    if (batch.queue.endsWith(DEAD_SUFFIX)) await consumeDeadRuns(batch, env);
    else await consumeRuns(batch, env, context, context.exports.RunLot);
  },

  async scheduled(controller, env) {
    await (controller.cron === DAILY_CRON ? sweepDaily(env) : sweep(env));
  },
} satisfies ExportedHandler<Env, RunRef>;
