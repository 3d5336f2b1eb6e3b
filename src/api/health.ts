/** `/v1/health`: whether this deployment answers and is set up as it should be. */
import { z } from "@hono/zod-openapi";
import { ok } from "../domain/result.ts";
import { toIso } from "../domain/time/instant.ts";
import { reply } from "./answer.ts";
import { publicly } from "./door.ts";
import { InstantText } from "./fields.ts";
import type { Api } from "./operation.ts";

const HealthJson = z.strictObject({ status: z.literal("ok"), time: InstantText }).openapi("Health");

export function mountHealth(api: Api): void {
  publicly(
    api,
    {
      method: "get",
      path: "/v1/health",
      id: "getHealth",
      tag: "Health",
      summary: "Ask whether the service answers",
      answers: { 200: { description: "It does, and its settings are complete.", schema: HealthJson } },
    },
    (ask) => ok(reply(200, { status: "ok", time: toIso(ask.now) })),
  );
}
