/** Webhook endpoints for tests: one that is well, with the fields that a test is about. */
import type { CallableWebhook } from "../../src/delivery/webhook/endpoint.ts";
import { readWebhookId } from "../../src/domain/ids.ts";
import type { Webhook } from "../../src/domain/news/webhook.ts";
import { ENABLED } from "../../src/domain/news/webhook-health.ts";
import { makeWebhookKeys, WEBHOOK_RANDOM_BYTES } from "../../src/http/webhook-keys.ts";
import { newId, now, randomBytes } from "../../src/system.ts";

export const draftWebhook = (facts: Partial<Webhook> = {}): Webhook => ({
  id: readWebhookId(newId()),
  name: "Data platform",
  url: "https://example.com/hooks/carillon",
  events: ["run.failed"],
  projects: null,
  signatures: "v1",
  ...ENABLED,
  previousUntil: null,
  createdAt: now(),
  updatedAt: now(),
  ...facts,
});

/** With keys of its own. */
export const makeCallable = async (facts: Partial<CallableWebhook> = {}): Promise<CallableWebhook> => ({
  ...draftWebhook(),
  opened: { current: await makeWebhookKeys(randomBytes(WEBHOOK_RANDOM_BYTES)), previous: null },
  ...facts,
});
