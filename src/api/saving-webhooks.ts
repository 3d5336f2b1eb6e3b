/** Makes and changes webhook endpoints: what the address and the projects in a request come to. */
import type { z } from "@hono/zod-openapi";
import { findCallableWebhook } from "../delivery/webhook/endpoint.ts";
import { changeWebhook, type WebhookChange } from "../directory/changing-webhooks.ts";
import { listProjects } from "../directory/projects.ts";
import { addWebhook } from "../directory/webhooks.ts";
import type { InputIssue } from "../domain/errors.ts";
import { type ProjectId, readWebhookId } from "../domain/ids.ts";
import { inOrderOfEvents, type Webhook } from "../domain/news/webhook.ts";
import { ENABLED } from "../domain/news/webhook-health.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Instant } from "../domain/time/instant.ts";
import { readTarget } from "../http/address.ts";
import { publicKeyOf } from "../http/ed25519.ts";
import { makeWebhookKeys, sealWebhookKeys, WEBHOOK_RANDOM_BYTES } from "../http/webhook-keys.ts";
import { newId, randomBytes } from "../system.ts";
import { addressRules } from "./address-rules.ts";
import { type Answered, REPLAYED, reply } from "./answer.ts";
import type { WorkspaceAsk } from "./door.ts";
import { makeOnce } from "./making-once.ts";
import { invalidInput, type Problem, problemOf } from "./problem.ts";
import { tellingOfEndpoints } from "./telling-projects.ts";
import { type NewWebhook, type WebhookChangeBody, webhookJson } from "./webhook-json.ts";

/** As the directory keeps it. */
const URL_MAX_LENGTH = 2_048;

type Making = WorkspaceAsk<unknown, unknown, z.output<typeof NewWebhook>>;
/** What both have in common. */
type Asking = WorkspaceAsk<unknown, unknown, Pick<z.output<typeof WebhookChangeBody>, "url" | "projects">>;
type Changing = WorkspaceAsk<unknown, unknown, z.output<typeof WebhookChangeBody>>;

/** Makes the endpoint, or finds that it was made before under the same idempotency key; with its secret, both times. */
export async function makeWebhook(ask: Making): Promise<Answered> {
  const { env, caller, body, now, scribe } = ask;
  const facts = await readFacts(ask);
  if (!facts.ok) return facts;
  const webhook = draft(body, facts.value, now);
  const keys = await makeWebhookKeys(randomBytes(WEBHOOK_RANDOM_BYTES));
  const sealed = await sealWebhookKeys(env.CARILLON_KEY, keys);
  // The secret must not lie about in the directory unsealed, so it is no part of the answer that is kept.
  const kept = webhookJson(webhook, caller);
  return makeOnce(
    ask,
    async (wishFor) => {
      const added = await tellingOfEndpoints(ask, () =>
        addWebhook(env.DIRECTORY, caller.scope, webhook, sealed, { wish: wishFor(kept), scribe }),
      );
      const shown = { ...kept, secret: keys.secret, public_key: publicKeyOf(keys.signingKey) };
      return added.ok ? ok({ addition: added.value, shown }) : added;
    },
    ({ status, body: before }) => showAgain(ask, status, parseKept(before)),
  );
}

/** What `webhookJson` wrote. */
const parseKept = (json: string) => JSON.parse(json) as { readonly id: string };

async function showAgain(ask: Making, status: number, kept: { readonly id: string }): Promise<Answered> {
  const { env, caller } = ask;
  const found = await findCallableWebhook(env.DIRECTORY, env.CARILLON_KEY, caller.scope, readWebhookId(kept.id));
  if (found === null) return fail(GONE_SINCE);
  const { secret, signingKey } = found.opened.current;
  return ok(reply(status, { ...kept, secret, public_key: publicKeyOf(signingKey) }, REPLAYED));
}

const GONE_SINCE: Problem = {
  code: "conflict",
  detail: "The endpoint that was made under this Idempotency-Key has been deleted since. Take another key.",
};

function draft(
  { name, url, events, signatures, enabled }: z.output<typeof NewWebhook>,
  facts: Facts,
  now: Instant,
): Webhook {
  return {
    id: readWebhookId(newId()),
    name,
    url: facts.url ?? url,
    events: inOrderOfEvents(events),
    projects: facts.projects ?? null,
    signatures,
    ...ENABLED,
    ...(enabled ? {} : { state: "disabled", disabledReason: "by_hand", disabledAt: now }),
    previousUntil: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** Changes the endpoint as it was found. */
export async function patchWebhook(ask: Changing, seen: Webhook): Promise<Answered> {
  const { env, caller, scribe, body } = ask;
  const facts = await readFacts(ask);
  if (!facts.ok) return facts;
  const { name, events, signatures, enabled } = body;
  const change: WebhookChange = {
    ...(name === undefined ? {} : { name }),
    ...(events === undefined ? {} : { events: inOrderOfEvents(events) }),
    ...(signatures === undefined ? {} : { signatures }),
    ...(enabled === undefined ? {} : { enabled }),
    ...facts.value,
  };
  const changed = await tellingOfEndpoints(ask, () => changeWebhook(env.DIRECTORY, caller.scope, seen, change, scribe));
  if (!changed.ok) return fail(problemOf(changed.error));
  return ok(reply(200, webhookJson(changed.value, caller)));
}

interface Facts {
  readonly url?: string;
  readonly projects?: readonly ProjectId[] | null;
}

/** The address as it will be called, and the projects by their ids, as far as they are given; or what is wrong with them. */
async function readFacts(ask: Asking): Promise<Result<Facts, Problem>> {
  const { url, projects } = ask.body;
  const target = url === undefined ? ok(undefined) : readAddress(ask, url);
  const found = projects === undefined ? ok(undefined) : await findProjects(ask, projects);
  const issues = [...(target.ok ? [] : [target.error]), ...(found.ok ? [] : found.error)];
  if (issues.length > 0 || !target.ok || !found.ok) return fail(invalidInput(issues));
  return ok({
    ...(target.value === undefined ? {} : { url: target.value }),
    ...(found.value === undefined ? {} : { projects: found.value }),
  });
}

function readAddress(ask: Asking, url: string): Result<string, InputIssue> {
  const target = readTarget(url, addressRules(ask));
  if (!target.ok) return fail(addressIssue(target.error));
  const { href } = target.value;
  // Characters beyond ASCII grow when they are encoded.
  return href.length > URL_MAX_LENGTH ? fail(addressIssue("Encoded, the URL is too long.")) : ok(href);
}

const addressIssue = (message: string): InputIssue => ({
  path: "/url",
  message,
  expected: `an https URL on the public Internet, of at most ${URL_MAX_LENGTH} characters`,
  suggestion: "https://example.com/hooks/carillon",
});

async function findProjects(
  { env, caller }: Asking,
  named: readonly string[] | null,
): Promise<Result<readonly ProjectId[] | null, readonly InputIssue[]>> {
  if (named === null) return ok(null);
  const found = await listProjects(env.DIRECTORY, caller, { named, isAll: true }, { limit: named.length });
  const known = new Set<string>(found.flatMap(({ id, slug }) => [id, slug]));
  const issues = named.flatMap((name, index): InputIssue[] =>
    known.has(name) ? [] : [{ path: `/projects/${index}`, message: "There is no such project." }],
  );
  return issues.length > 0 ? fail(issues) : ok(found.map(({ id }) => id));
}
