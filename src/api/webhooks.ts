/** `/v1/webhooks`: endpoints that are called when something happens. */
import { z } from "@hono/zod-openapi";
import { deleteWebhook, findWebhook, listWebhooks } from "../directory/webhooks.ts";
import type { WebhookId } from "../domain/ids.ts";
import type { Webhook } from "../domain/news/webhook.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { reply } from "./answer.ts";
import { inWorkspace, type WorkspaceAsk } from "./door.ts";
import { PageQuery, pageOf, WebhookIdParam } from "./fields.ts";
import type { Api } from "./operation.ts";
import { findPage, listName, pageReply } from "./paging.ts";
import { NOT_FOUND, type Problem } from "./problem.ts";
import { makeWebhook, patchWebhook } from "./saving-webhooks.ts";
import { tellingOfEndpoints } from "./telling-projects.ts";
import { MadeWebhookJson, NewWebhook, WebhookChangeBody, WebhookJson, webhookJson } from "./webhook-json.ts";

const ALL = { tag: "Webhooks", path: "/v1/webhooks" };
const ONE = { tag: "Webhooks", path: "/v1/webhooks/{w}", params: z.object({ w: WebhookIdParam }) };
/** Who may make projects may name endpoints in the notifications of their schedules. */
const READ = { needs: "create_projects" } as const;
const MANAGE = { needs: "manage_workspace" } as const;

export function mountWebhooks(api: Api): void {
  mountCollection(api);
  mountOne(api);
}

function mountCollection(api: Api): void {
  inWorkspace(
    api,
    {
      ...ALL,
      ...READ,
      method: "get",
      id: "listWebhooks",
      summary: "List the webhook endpoints",
      query: PageQuery,
      answers: { 200: { description: "Oldest first.", schema: pageOf(WebhookJson) } },
    },
    async ({ env, caller, query }) => {
      const list = listName("webhooks", caller.scope.workspaceId);
      const page = await findPage(env, list, query, (slice) => listWebhooks(env.DIRECTORY, caller.scope, slice));
      return page.ok ? ok(pageReply(env, list, page.value, (webhook) => webhookJson(webhook, caller))) : page;
    },
  );
  inWorkspace(
    api,
    {
      ...ALL,
      ...MANAGE,
      method: "post",
      id: "createWebhook",
      summary: "Make a webhook endpoint",
      description:
        "Its calls are signed after Standard Webhooks, with the secret that the answer shows; `/secret` shows it again.",
      body: NewWebhook,
      example: {
        name: "Data platform",
        url: "https://example.com/hooks/carillon",
        events: ["run.failed", "schedule.paused"],
      },
      idempotent: true,
      problems: ["conflict", "limit_reached"],
      answers: { 201: { description: "The new endpoint.", schema: MadeWebhookJson } },
    },
    makeWebhook,
  );
}

function mountOne(api: Api): void {
  inWorkspace(
    api,
    {
      ...ONE,
      ...READ,
      method: "get",
      id: "getWebhook",
      summary: "Show a webhook endpoint",
      answers: { 200: { description: "The endpoint.", schema: WebhookJson } },
    },
    async (ask) => {
      const webhook = await seenWebhook(ask);
      return webhook.ok ? ok(reply(200, webhookJson(webhook.value, ask.caller))) : webhook;
    },
  );
  inWorkspace(
    api,
    {
      ...ONE,
      ...MANAGE,
      method: "patch",
      id: "changeWebhook",
      summary: "Change a webhook endpoint, disable it, or enable it again",
      body: WebhookChangeBody,
      example: { enabled: true },
      problems: ["conflict"],
      answers: { 200: { description: "The endpoint.", schema: WebhookJson } },
    },
    async (ask) => {
      const webhook = await seenWebhook(ask);
      return webhook.ok ? patchWebhook(ask, webhook.value) : webhook;
    },
  );
  inWorkspace(
    api,
    {
      ...ONE,
      ...MANAGE,
      method: "delete",
      id: "deleteWebhook",
      summary: "Delete a webhook endpoint",
      description:
        "What is still to be sent to it is not sent any more. Notifications that name it say so in their runs.",
      answers: { 204: { description: "It is deleted." } },
    },
    async (ask) => {
      const { env, caller, scribe } = ask;
      const webhook = await seenWebhook(ask);
      if (!webhook.ok) return webhook;
      const isDeleted = await tellingOfEndpoints(ask, () =>
        deleteWebhook(env.DIRECTORY, caller.scope, webhook.value, scribe),
      );
      return isDeleted ? ok(reply(204)) : fail(NOT_FOUND);
    },
  );
}

/** The endpoint that the address names, if it is one of the caller's workspace. */
export async function seenWebhook({
  env,
  caller,
  params,
}: WorkspaceAsk<{ readonly w: WebhookId }, unknown, unknown>): Promise<Result<Webhook, Problem>> {
  const webhook = await findWebhook(env.DIRECTORY, caller.scope, params.w);
  return webhook === null ? fail(NOT_FOUND) : ok(webhook);
}
