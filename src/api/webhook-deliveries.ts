/** `/v1/webhooks/{w}/deliveries` and `/replays`: what an endpoint was sent, and sending it again. */
import { z } from "@hono/zod-openapi";
import { messageId } from "../delivery/webhook/message.ts";
import { recordEntries } from "../directory/audit.ts";
import type { WebhookId } from "../domain/ids.ts";
import { DELIVERY_STATES, type DeliveryState } from "../domain/news/delivery.ts";
import { fail, ok } from "../domain/result.ts";
import { DAY_MS, type Milliseconds } from "../domain/time/instant.ts";
import { type EndpointDelivery, listDeliveriesOfEndpoint, replayDeliveries } from "../runlog/endpoint-deliveries.ts";
import { type Answered, reply } from "./answer.ts";
import { DeliveryJson, deliveryJson } from "./delivery-json.ts";
import { inWorkspace, type WorkspaceAsk } from "./door.ts";
import { Id, InstantField, PageQuery, pageOf, WebhookIdParam } from "./fields.ts";
import { answerOnce } from "./making-once.ts";
import type { Api } from "./operation.ts";
import { listName, pageReply, readPage } from "./paging.ts";
import { invalidInput, type Problem } from "./problem.ts";
import { seenWebhook } from "./webhooks.ts";

const RANGE_MAX_MS: Milliseconds = 31 * DAY_MS;
const RANGE_MAX_DAYS = RANGE_MAX_MS / DAY_MS;
/** Deliveries of one replay. */
const REPLAYED_AT_MOST = 10_000;

/** What a replay takes: whatever did not arrive, or all of it. What waits for its turn has it before it. */
const REPLAYED_STATES = {
  failed: ["failed", "unknown", "suppressed", "retrying"],
  all: ["failed", "unknown", "suppressed", "retrying", "sent"],
} as const satisfies Readonly<Record<string, readonly DeliveryState[]>>;

const PARAMS = z.object({ w: WebhookIdParam });
const NEEDS = { tag: "Webhooks", params: PARAMS, needs: "manage_workspace" } as const;

const EndpointDeliveryJson = DeliveryJson.extend({
  project_id: Id,
  webhook_id: z.string().openapi({ description: "The webhook-id of its calls.", example: "msg_..." }),
}).openapi("EndpointDelivery");

const Replay = z
  .strictObject({
    from: InstantField,
    to: InstantField.openapi({ description: "Deliveries before this instant." }),
    only: z.enum(["failed", "all"]).default("failed").openapi({
      description: "`failed`: what did not arrive, whatever the reason; `all`: also what did.",
    }),
  })
  .openapi("WebhookReplay");

const ReplayedJson = z
  .strictObject({
    deliveries: z.int(),
    complete: z.boolean().openapi({ description: "False: the range holds more; ask again for the rest." }),
  })
  .openapi("WebhookReplayed");

type Asking = WorkspaceAsk<{ readonly w: WebhookId }, unknown, z.output<typeof Replay>>;

export function mountWebhookDeliveries(api: Api): void {
  inWorkspace(
    api,
    {
      ...NEEDS,
      path: "/v1/webhooks/{w}/deliveries",
      method: "get",
      id: "listWebhookDeliveries",
      summary: "List what an endpoint was sent",
      description: "`?state=failed` is the list of what did not arrive.",
      query: PageQuery.extend({ state: z.enum(DELIVERY_STATES).optional() }),
      answers: { 200: { description: "Newest first.", schema: pageOf(EndpointDeliveryJson) } },
    },
    async (ask) => {
      const webhook = await seenWebhook(ask);
      return webhook.ok ? listPage(ask, ask.query) : webhook;
    },
  );
  inWorkspace(
    api,
    {
      ...NEEDS,
      path: "/v1/webhooks/{w}/replays",
      method: "post",
      id: "replayWebhook",
      summary: "Send a range of deliveries again",
      description: `At most ${REPLAYED_AT_MOST.toLocaleString("en")} of at most ${RANGE_MAX_DAYS} days, the oldest first, a thousand of a workspace every five minutes: so many take up to an hour. Each keeps its webhook-id, by which a receiver knows what it has seen.`,
      body: Replay,
      example: { from: "2027-01-15T08:00:00Z", to: "2027-01-15T12:00:00Z" },
      idempotent: true,
      problems: ["conflict"],
      answers: { 200: { description: "How many are sent again.", schema: ReplayedJson } },
    },
    (ask) => answerOnce(ask, () => replay(ask)),
  );
}

/** Deliveries are listed by when they were made; the place of one is its time and its id. */
async function listPage(
  { env, caller, params }: Pick<Asking, "env" | "caller" | "params">,
  { state, ...query }: z.output<typeof PageQuery> & { readonly state?: DeliveryState | undefined },
): Promise<Answered> {
  const list = listName("webhook deliveries", `${caller.scope.workspaceId}/${params.w}`, { state });
  const page = readPage(env, list, query);
  if (!page.ok) return page;
  const { limit, after } = page.value;
  const before = after === undefined ? undefined : readPlace(after);
  const slice = { limit: limit + 1, ...(before === undefined ? {} : { before }) };
  const found = await listDeliveriesOfEndpoint(env.RUNLOG, caller.scope, params.w, { state }, slice);
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  const next = last === undefined ? null : `${last.createdAt} ${last.id}`;
  return ok(pageReply(env, list, { items, next }, endpointDeliveryJson));
}

/** What a cursor holds is what `listPage` wrote. */
function readPlace(place: string): { readonly at: number; readonly id: string } {
  const [at = "", id = ""] = place.split(" ");
  return { at: Number(at), id };
}

const endpointDeliveryJson = (delivery: EndpointDelivery): z.output<typeof EndpointDeliveryJson> => ({
  ...deliveryJson(delivery),
  project_id: delivery.project,
  webhook_id: messageId(delivery.id),
});

async function replay(ask: Asking): Promise<Answered> {
  const { env, caller, body, now, scribe } = ask;
  const webhook = await seenWebhook(ask);
  if (!webhook.ok) return webhook;
  const { from, to, only } = body;
  const trouble = troubleWith(from, to);
  if (trouble !== null) return fail(trouble);
  if (webhook.value.state === "disabled") return fail(DISABLED);
  const range = { from, to, states: REPLAYED_STATES[only], limit: REPLAYED_AT_MOST };
  const deliveries = await replayDeliveries(env.RUNLOG, caller.scope, webhook.value.id, range, now);
  const target = { kind: "webhook", id: webhook.value.id, name: webhook.value.name };
  const entry = { act: "webhook.replayed", target, detail: { from, to, only, deliveries } } as const;
  await recordEntries(env.DIRECTORY, caller.scope, [{ scribe, entry }]);
  return ok(reply(200, { deliveries, complete: deliveries < REPLAYED_AT_MOST }));
}

function troubleWith(from: number, to: number): Problem | null {
  if (to <= from) return invalidInput([{ path: "/to", message: "It is not after `from`." }]);
  if (to - from <= RANGE_MAX_MS) return null;
  return invalidInput([{ path: "/to", message: `The range is longer than ${RANGE_MAX_DAYS} days.` }]);
}

const DISABLED: Problem = {
  code: "conflict",
  detail: "The endpoint is disabled. Enable it first; then replay what it missed.",
};
