/** Delivers news to a webhook endpoint. */
import type { SendOutcome } from "../../domain/news/delivery.ts";
import type { NewsForRecipient } from "../channel.ts";
import { type CallingAt, callWebhook } from "./call.ts";
import type { CallableWebhook } from "./endpoint.ts";
import { messageId, writeMessage } from "./message.ts";

/** One attempt. Whether the endpoint is enabled is for the caller to know; the same delivery has the same `webhook-id`. */
export async function deliverByWebhook(
  endpoint: CallableWebhook,
  given: NewsForRecipient,
  at: CallingAt,
): Promise<SendOutcome> {
  const { body } = writeMessage(given);
  const { outcome } = await callWebhook(endpoint, { id: messageId(given.delivery), body }, at);
  return outcome;
}
