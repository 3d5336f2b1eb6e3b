/** News delivered to an endpoint for real: read back, and the same message however often it is sent. */
import { env } from "cloudflare:workers";
import { Webhook as Verifier } from "standardwebhooks";
import { expect, it } from "vitest";
import { WebhookMessageJson } from "../../../src/api/webhook-message-json.ts";
import { deliverByWebhook } from "../../../src/delivery/webhook/deliver.ts";
import { exampleOf } from "../../../src/delivery/webhook/example.ts";
import { readDeliveryId } from "../../../src/domain/ids.ts";
import { newId, now } from "../../../src/system.ts";
import { makeCallable } from "../../support/make-webhook.ts";
import type { ReceivedCall } from "../../support/receiver-server.ts";

const RULES = { allowLoopback: true, ownHosts: [] };

it("keeps its id and its body over attempts, and has the time of each attempt", async () => {
  const delivery = readDeliveryId(newId());
  const endpoint = await makeCallable({ url: `${env.RECEIVER}/${delivery}/retry-after-7` });
  const given = exampleOf("run.failed", endpoint, { delivery, now: now() });
  const attempts = [now() - 60_000, now()];
  for (const at of attempts)
    expect(await deliverByWebhook(endpoint, given, { now: at, rules: RULES })).toMatchObject({
      kind: "again",
      after: 7_000,
    });
  const calls: readonly ReceivedCall[] = await (await fetch(`${env.RECEIVER}/${delivery}`)).json();
  expect(calls.map(({ headers }) => headers["webhook-id"])).toEqual([`msg_${delivery}`, `msg_${delivery}`]);
  expect(calls[0]?.body).toBe(calls[1]?.body);
  expect(calls.map(({ headers }) => Number(headers["webhook-timestamp"]))).toEqual(
    attempts.map((at) => Math.floor(at / 1_000)),
  );
  for (const { body, headers } of calls) {
    const read = new Verifier(endpoint.opened.current.secret).verify(body, headers);
    expect(WebhookMessageJson.parse(read)).toMatchObject({ type: "run.failed", data: { delivery_id: delivery } });
  }
});
