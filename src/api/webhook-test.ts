/** `/v1/webhooks/{w}/test`: calls an endpoint at once with an event that never happened, and tells what it answered. */
import { z } from "@hono/zod-openapi";
import { callWebhook } from "../delivery/webhook/call.ts";
import { findCallableWebhook } from "../delivery/webhook/endpoint.ts";
import { exampleOf } from "../delivery/webhook/example.ts";
import { messageId, writeMessage } from "../delivery/webhook/message.ts";
import { recordEntries } from "../directory/audit.ts";
import type { WebhookId } from "../domain/ids.ts";
import { readDeliveryId } from "../domain/ids.ts";
import type { SendOutcome } from "../domain/news/delivery.ts";
import { WEBHOOK_EVENTS, type WebhookEvent } from "../domain/news/news.ts";
import { fail, ok } from "../domain/result.ts";
import { newId, now } from "../system.ts";
import { addressRules } from "./address-rules.ts";
import { type Answered, reply } from "./answer.ts";
import { DeliveryFailureJson, deliveryFailureJson } from "./delivery-json.ts";
import { inWorkspace, type WorkspaceAsk } from "./door.ts";
import { WebhookIdParam } from "./fields.ts";
import type { Api } from "./operation.ts";
import { NOT_FOUND } from "./problem.ts";
import { WebhookMessageJson } from "./webhook-message-json.ts";

const ONE = { tag: "Webhooks", path: "/v1/webhooks/{w}/test", params: z.object({ w: WebhookIdParam }) };

const Trial = z
  .strictObject({
    event: z.enum(WEBHOOK_EVENTS).optional().openapi({
      description: "By default the first one that the endpoint asks for.",
    }),
  })
  .openapi("WebhookTest");

const TriedJson = z
  .strictObject({
    delivered: z.boolean().openapi({ description: "Whether the endpoint took it: it answered 2xx." }),
    status: z.int().nullable().openapi({ description: "What it answered; null when there was no answer." }),
    took_ms: z.int(),
    excerpt: z.string().nullable().openapi({ description: "The beginning of its answer." }),
    failure: DeliveryFailureJson.nullable(),
    webhook_id: z.string().openapi({ description: "The webhook-id of the call, to be looked for in its log." }),
    message: WebhookMessageJson,
  })
  .openapi("WebhookTried");

type Asking = WorkspaceAsk<{ readonly w: WebhookId }, unknown, z.output<typeof Trial>>;

export function mountWebhookTest(api: Api): void {
  inWorkspace(
    api,
    {
      ...ONE,
      method: "post",
      id: "testWebhook",
      needs: "manage_workspace",
      summary: "Call an endpoint with an example",
      description:
        "Signed as every call is, marked as a test, and tried once. It counts for nothing: neither in the endpoint's health nor among its deliveries. A disabled endpoint is called too.",
      body: Trial,
      example: { event: "run.failed" },
      answers: { 200: { description: "What came of it.", schema: TriedJson } },
    },
    tryOut,
  );
}

async function tryOut(ask: Asking): Promise<Answered> {
  const { env, caller, params, body, scribe } = ask;
  const webhook = await findCallableWebhook(env.DIRECTORY, env.CARILLON_KEY, caller.scope, params.w);
  if (webhook === null) return fail(NOT_FOUND);
  const event: WebhookEvent = body.event ?? webhook.events[0] ?? "run.succeeded";
  const delivery = readDeliveryId(newId());
  const written = writeMessage(exampleOf(event, webhook, { delivery, now: ask.now }));
  const id = messageId(delivery);
  const startedAt = now();
  const called = await callWebhook(webhook, { id, body: written.body }, { now: startedAt, rules: addressRules(ask) });
  const { outcome, status, excerpt } = called;
  const target = { kind: "webhook", id: webhook.id, name: webhook.name };
  const entry = { act: "delivery.tested", target, detail: { event, status } } as const;
  await recordEntries(env.DIRECTORY, caller.scope, [{ scribe, entry }]);
  const shown: z.input<typeof TriedJson> = {
    delivered: outcome.kind === "sent",
    status,
    took_ms: now() - startedAt,
    excerpt,
    failure: failureOf(outcome),
    webhook_id: id,
    message: parseMessage(written.body),
  };
  return ok(reply(200, shown));
}

const failureOf = (outcome: SendOutcome): z.output<typeof DeliveryFailureJson> | null =>
  outcome.kind === "sent" ? null : deliveryFailureJson(outcome.failure);

/** The very text that was sent. Tests hold its form and the schema together. */
const parseMessage = (body: string) => JSON.parse(body) as z.output<typeof WebhookMessageJson>;
