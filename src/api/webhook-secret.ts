/** `/v1/webhooks/{w}/secret`: what the calls of an endpoint are signed with, and what receivers check that with. */
import { z } from "@hono/zod-openapi";
import { type CallableWebhook, findCallableWebhook } from "../delivery/webhook/endpoint.ts";
import { rotateWebhookKeys } from "../directory/changing-webhooks.ts";
import type { WebhookId } from "../domain/ids.ts";
import { readDuration } from "../domain/language/duration.ts";
import { OVERLAP_DEFAULT_MS, OVERLAP_MAX_MS } from "../domain/news/webhook.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type Instant, type Milliseconds, toIso } from "../domain/time/instant.ts";
import { publicKeyOf } from "../http/ed25519.ts";
import { makeWebhookKeys, sealWebhookKeys, WEBHOOK_RANDOM_BYTES, type WebhookKeys } from "../http/webhook-keys.ts";
import { randomBytes } from "../system.ts";
import { type Answered, REPLAYED, reply } from "./answer.ts";
import { inWorkspace, type WorkspaceAsk } from "./door.ts";
import { LengthField, WebhookIdParam } from "./fields.ts";
import { makeOnce } from "./making-once.ts";
import type { Api } from "./operation.ts";
import { invalidInput, NOT_FOUND, type Problem } from "./problem.ts";
import { WebhookSecretJson } from "./webhook-json.ts";

const ONE = {
  tag: "Webhooks",
  path: "/v1/webhooks/{w}/secret",
  params: z.object({ w: WebhookIdParam }),
  needs: "manage_workspace",
} as const;

const Rotation = z
  .strictObject({
    overlap: LengthField.optional().openapi({
      description: "For how long the old secret signs beside the new one: from 0 to 7 days, a day by default.",
      example: "2 days",
    }),
  })
  .openapi("WebhookRotation");

type Asking<Body = unknown> = WorkspaceAsk<{ readonly w: WebhookId }, unknown, Body>;

export function mountWebhookSecret(api: Api): void {
  inWorkspace(
    api,
    {
      ...ONE,
      method: "get",
      id: "getWebhookSecret",
      summary: "Show what an endpoint checks signatures with",
      answers: { 200: { description: "The secret and the public key.", schema: WebhookSecretJson } },
    },
    (ask) => show(ask, 200),
  );
  inWorkspace(
    api,
    {
      ...ONE,
      method: "post",
      id: "rotateWebhookSecret",
      summary: "Replace the secret and the key pair of an endpoint",
      description:
        "Until `previous_valid_until` calls carry signatures of both, so that the receiver can be changed over in peace. What was replaced before that signs no more.",
      body: Rotation,
      example: { overlap: "2 days" },
      idempotent: true,
      answers: { 201: { description: "The new secret and public key.", schema: WebhookSecretJson } },
    },
    rotate,
  );
}

async function rotate(ask: Asking<z.output<typeof Rotation>>): Promise<Answered> {
  const { env, caller, now, scribe } = ask;
  const overlap = readOverlap(ask.body.overlap ?? OVERLAP_DEFAULT_MS, now);
  if (!overlap.ok) return overlap;
  const webhook = await find(ask);
  if (!webhook.ok) return webhook;
  const keys = await makeWebhookKeys(randomBytes(WEBHOOK_RANDOM_BYTES));
  const sealed = await sealWebhookKeys(env.CARILLON_KEY, keys);
  const until = now + overlap.value;
  return makeOnce(
    ask,
    async (wishFor) => {
      // No part of the answer that is kept: the secret would lie about unsealed.
      const writing = { wish: wishFor(null), scribe };
      const rotated = await rotateWebhookKeys(env.DIRECTORY, caller.scope, webhook.value, { sealed, until }, writing);
      return rotated.ok ? ok({ addition: rotated.value, shown: secretJson(keys, until, now) }) : rotated;
    },
    ({ status }) => show(ask, status, REPLAYED),
  );
}

/** As it is now. */
async function show(ask: Asking, status: number, headers?: Readonly<Record<string, string>>): Promise<Answered> {
  const webhook = await find(ask);
  if (!webhook.ok) return webhook;
  const { opened, previousUntil } = webhook.value;
  return ok(reply(status, secretJson(opened.current, previousUntil, ask.now), headers));
}

function readOverlap(given: number | string, now: Instant): Result<Milliseconds, Problem> {
  const path = "/overlap";
  const expected = `0 to ${OVERLAP_MAX_MS} milliseconds, or a duration such as "2 days"`;
  const reading = typeof given === "number" ? ok(now + given) : readDuration(given, { now, timezone: "UTC" });
  if (!reading.ok) {
    const { message, position } = reading.error;
    return fail(invalidInput([{ path, message, position, expected }]));
  }
  const overlap = reading.value - now;
  if (overlap >= 0 && overlap <= OVERLAP_MAX_MS) return ok(overlap);
  return fail(invalidInput([{ path, message: `An overlap of ${overlap} ms is out of range.`, expected }]));
}

async function find({ env, caller, params }: Asking): Promise<Result<CallableWebhook, Problem>> {
  const found = await findCallableWebhook(env.DIRECTORY, env.CARILLON_KEY, caller.scope, params.w);
  return found === null ? fail(NOT_FOUND) : ok(found);
}

const secretJson = (
  { secret, signingKey }: WebhookKeys,
  previousUntil: Instant | null,
  now: Instant,
): z.output<typeof WebhookSecretJson> => ({
  secret,
  public_key: publicKeyOf(signingKey),
  previous_valid_until: previousUntil !== null && previousUntil > now ? toIso(previousUntil) : null,
});
