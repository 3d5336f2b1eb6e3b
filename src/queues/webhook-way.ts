/** How `webhook` sends: to the endpoint as it is now; and what its answers come to for the endpoint. */
import { deliverByWebhook } from "../delivery/webhook/deliver.ts";
import { type CallableWebhook, findCallableWebhook } from "../delivery/webhook/endpoint.ts";
import { noteWebhookOutcome } from "../directory/changing-webhooks.ts";
import type { Project } from "../directory/projects.ts";
import { workspaceOf } from "../domain/access.ts";
import { readWebhookId } from "../domain/ids.ts";
import type { SendOutcome } from "../domain/news/delivery.ts";
import type { DeliveryFailure } from "../domain/news/delivery-failure.ts";
import type { Settlement } from "../domain/news/settlement.ts";
import { healthAfter, type WebhookOutcome } from "../domain/news/webhook-health.ts";
import { type Env, readConfig } from "../env.ts";
import type { AddressRules } from "../http/address.ts";
import { now } from "../system.ts";
import type { OpenWay, Way } from "./channels.ts";
import { systemScribe } from "./system-acts.ts";
import { tellAdmins } from "./telling-keepers.ts";

const MISSING: DeliveryFailure = { reason: "endpoint_missing", message: "The endpoint was deleted." };
const DISABLED: DeliveryFailure = { reason: "endpoint_disabled", message: "The endpoint is disabled." };

const DISABLED_BECAUSE: Readonly<Record<"gone" | "failing", DeliveryFailure>> = {
  gone: { reason: "endpoint_gone", message: "The endpoint answered 410, Gone, and was disabled." },
  failing: {
    reason: "endpoint_disabled",
    message: "For five days no message arrived at the endpoint, so it was disabled.",
  },
};

export const webhookWay: OpenWay = async (env, project, given) => {
  const scope = workspaceOf(project.scope);
  const id = readWebhookId(given.target.recipient.id);
  const endpoint = await findCallableWebhook(env.DIRECTORY, env.CARILLON_KEY, scope, id);
  if (endpoint === null) return never(MISSING);
  if (endpoint.state === "disabled") return never(DISABLED);
  return {
    send: () => deliverByWebhook(endpoint, given, { now: now(), rules: rulesOf(env) }),
    follow: (outcome, settlement) => note(env, project, endpoint, endOf(outcome, settlement)),
  };
};

const never = (failure: DeliveryFailure): Way => ({ send: async () => ({ kind: "failed", failure }) });

/** Not back to this deployment; on one's own machine everything shares a host. */
function rulesOf(env: Env): AddressRules {
  const { allowLoopback, publicUrl } = readConfig(env);
  return { allowLoopback, ownHosts: publicUrl === null || allowLoopback ? [] : [new URL(publicUrl).hostname] };
}

/** What the end of a message says of its endpoint; null while it has not ended. */
function endOf(outcome: SendOutcome, { state }: Settlement): WebhookOutcome | null {
  if (outcome.kind === "sent") return "sent";
  if (outcome.kind === "failed" && outcome.failure.reason === "endpoint_gone") return "gone";
  const isRefusedAddress = outcome.kind === "failed" && outcome.failure.reason === "address_not_allowed";
  return isRefusedAddress || (state === "failed" && outcome.kind === "again") ? "exhausted" : null;
}

/**
 * The order that tells the admins goes out before the endpoint is disabled: it can be repeated, and a crash in between must
 * not leave an endpoint that nobody knows to be off.
 */
async function note(env: Env, project: Project, endpoint: CallableWebhook, end: WebhookOutcome | null): Promise<void> {
  if (end === null) return;
  const scribe = systemScribe();
  const isDisabled = healthAfter(endpoint, end, scribe.doing.at).state === "disabled";
  if (isDisabled) await tellOfDisabled(env, project, endpoint, DISABLED_BECAUSE[end === "gone" ? "gone" : "failing"]);
  await noteWebhookOutcome(env.DIRECTORY, workspaceOf(project.scope), endpoint, end, scribe);
}

async function tellOfDisabled(
  env: Env,
  { scope }: Project,
  { id, name, updatedAt }: CallableWebhook,
  failure: DeliveryFailure,
): Promise<void> {
  const recipient = { kind: "webhook", id, name } as const;
  await tellAdmins(env, scope, { channel: "webhook", recipient, failure, delivery: null }, updatedAt);
}
