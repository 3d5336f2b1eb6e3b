/** `/v1/projects/{p}/deliveries`, and those of one run: who was sent what, and what became of it. */
import { z } from "@hono/zod-openapi";
import { sendAgain } from "../delivery/sending-again.ts";
import { notFound } from "../domain/errors.ts";
import { type DeliveryId, newsOfRun, type RunId } from "../domain/ids.ts";
import { CHANNELS, DELIVERY_STATES } from "../domain/news/delivery.ts";
import { fail, ok } from "../domain/result.ts";
import { listDeliveries, listDeliveriesOfProject } from "../runlog/deliveries.ts";
import { type Answered, onTarget, reply } from "./answer.ts";
import { DeliveryJson, deliveryJson } from "./delivery-json.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { DeliveryIdParam, PageQuery, pageOf } from "./fields.ts";
import type { Api } from "./operation.ts";
import { listName, pageBody, readPage } from "./paging.ts";
import { type Problem, problemOf } from "./problem.ts";
import { RunParams } from "./run.ts";

const ALL = { tag: "Deliveries", path: "/v1/projects/{p}/deliveries" };
const OF_RUN = { tag: "Deliveries", path: "/v1/projects/{p}/runs/{r}/deliveries" };

/** Deliveries of one run that one answer holds: the most that a notification's groups are likely to come to. */
const SHOWN_AT_MOST = 1_000;

const DeliveryQuery = PageQuery.extend({
  state: z.enum(DELIVERY_STATES).optional(),
  channel: z.enum(CHANNELS).optional(),
});

const DeliveriesJson = z.strictObject({ items: z.array(DeliveryJson) }).openapi("Deliveries");

const NewRedelivery = z.strictObject({}).openapi("NewRedelivery");

export function mountDeliveries(api: Api): void {
  inProject(
    api,
    {
      ...ALL,
      method: "get",
      id: "listDeliveries",
      needs: "can_edit",
      summary: "List the deliveries of all news",
      query: DeliveryQuery,
      answers: { 200: { description: "Newest news first.", schema: pageOf(DeliveryJson) } },
    },
    listAll,
  );
  inProject(
    api,
    {
      ...OF_RUN,
      method: "get",
      id: "listDeliveriesOfRun",
      needs: "can_edit",
      summary: "List the deliveries of a run's news",
      params: RunParams,
      answers: { 200: { description: `At most ${SHOWN_AT_MOST}.`, schema: DeliveriesJson } },
    },
    async ({ env, scope, params }) => {
      const found = await listDeliveries(env.RUNLOG, scope, newsOfRun(params.r), SHOWN_AT_MOST);
      return ok(reply(200, { items: found.map(deliveryJson) }));
    },
  );
  mountRedelivery(api);
}

function mountRedelivery(api: Api): void {
  inProject(
    api,
    {
      ...OF_RUN,
      path: `${OF_RUN.path}/{d}/redelivery`,
      method: "post",
      id: "redeliver",
      needs: "can_edit",
      act: "delivery.repeated",
      summary: "Send a delivery again",
      description:
        "From what was kept of the run, which does not run again. Whatever became of it before, also where it arrived; a webhook keeps its webhook-id.",
      params: RunParams.extend({ d: DeliveryIdParam }),
      body: NewRedelivery,
      problems: ["conflict"],
      answers: { 202: { description: "The delivery, on its way.", schema: DeliveryJson } },
    },
    redeliver,
  );
}

async function listAll(ask: ProjectAsk<unknown, z.output<typeof DeliveryQuery>, unknown>): Promise<Answered> {
  const { env, scope, query } = ask;
  const { limit, cursor, ...filter } = query;
  const list = listName("deliveries", scope.projectId, filter);
  const page = readPage(env, list, { limit, cursor });
  if (!page.ok) return page;
  const [news, id] = page.value.after?.split("/") ?? [];
  const before = news === undefined || id === undefined ? undefined : { news, id };
  const found = await listDeliveriesOfProject(env.RUNLOG, scope, filter, { limit: limit + 1, before });
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  const next = last === undefined ? null : `${last.news}/${last.id}`;
  return ok(reply(200, pageBody(env, list, { items, next }, deliveryJson)));
}

type Redelivering = ProjectAsk<{ readonly r: RunId; readonly d: DeliveryId }, unknown, unknown>;

async function redeliver({ env, scope, params, now }: Redelivering): Promise<Answered> {
  const again = await sendAgain(env, scope, { news: newsOfRun(params.r), id: params.d }, now);
  if (!again.ok) return fail(again.error === "under_way" ? UNDER_WAY : problemOf(notFound("delivery", params.d)));
  return ok(onTarget(reply(202, deliveryJson(again.value)), { kind: "delivery", id: params.d }));
}

const UNDER_WAY: Problem = {
  code: "conflict",
  detail: "It is being sent at this moment. Look again in a minute.",
};
