/** `/v1/projects/{p}/deliveries`, and those of one run: who was sent what, and what became of it. */
import { z } from "@hono/zod-openapi";
import { JUST_TRIED_MS, sendAgain } from "../delivery/sending-again.ts";
import { notFound } from "../domain/errors.ts";
import { type DeliveryId, newsOfRun, type RunId } from "../domain/ids.ts";
import { CHANNELS, DELIVERY_STATES } from "../domain/news/delivery.ts";
import { fail, ok } from "../domain/result.ts";
import { SECOND_MS } from "../domain/time/instant.ts";
import { D1RunLog } from "../runlog/d1-runlog.ts";
import { listDeliveries, listDeliveriesOfProject } from "../runlog/deliveries.ts";
import { findNews } from "../runlog/news.ts";
import { type Answered, onTarget, reply } from "./answer.ts";
import { DeliveryJson, deliveryJson } from "./delivery-json.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { DeliveryIdParam, PageQuery, pageOf } from "./fields.ts";
import { answerOnce } from "./making-once.ts";
import type { Api } from "./operation.ts";
import { findPage, listName, pageBody, pageReply, readPage } from "./paging.ts";
import { type Problem, problemOf } from "./problem.ts";
import { RunParams } from "./run.ts";
import { findRun } from "./run-list.ts";

const ALL = { tag: "Deliveries", path: "/v1/projects/{p}/deliveries" };
const OF_RUN = { tag: "Deliveries", path: "/v1/projects/{p}/runs/{r}/deliveries" };

const DeliveryQuery = PageQuery.extend({
  state: z.enum(DELIVERY_STATES).optional(),
  channel: z.enum(CHANNELS).optional(),
});

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
      description: "Of a test: under the id of its news.",
      params: RunParams,
      query: PageQuery,
      answers: { 200: { description: "In the order of the notifications.", schema: pageOf(DeliveryJson) } },
    },
    listOfRun,
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
      idempotent: true,
      problems: ["conflict"],
      answers: { 202: { description: "The delivery, on its way.", schema: DeliveryJson } },
    },
    (ask) => answerOnce(ask, () => redeliver(ask)),
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

async function listOfRun(ask: ProjectAsk<Params, z.output<typeof PageQuery>, unknown>): Promise<Answered> {
  const { env, scope, query, params } = ask;
  const news = newsOfRun(params.r);
  const list = listName("deliveries of a run", `${scope.projectId}/${news}`);
  const page = await findPage(env, list, query, ({ limit, after }) =>
    listDeliveries(env.RUNLOG, scope, news, limit, after),
  );
  if (!page.ok) return page;
  const isThere = page.value.items.length > 0 || query.cursor !== undefined || (await isKnown(ask));
  return isThere ? ok(pageReply(env, list, page.value, deliveryJson)) : fail(problemOf(notFound("run", params.r)));
}

type Params = z.output<typeof RunParams>;

/** Whether there is such a run, or such news, of which nobody had to be told. */
async function isKnown({ env, scope, actor, params }: ProjectAsk<Params, unknown, unknown>): Promise<boolean> {
  const run = await findRun({ scope, actor, log: new D1RunLog(env.RUNLOG) }, params.r);
  return run.ok || (await findNews(env.RUNLOG, scope, newsOfRun(params.r))) !== null;
}

type Redelivering = ProjectAsk<{ readonly r: RunId; readonly d: DeliveryId }, unknown, unknown>;

async function redeliver({ env, scope, params, now }: Redelivering): Promise<Answered> {
  const again = await sendAgain(env, scope, { news: newsOfRun(params.r), id: params.d }, now);
  if (!again.ok) return fail(again.error === "under_way" ? UNDER_WAY : problemOf(notFound("delivery", params.d)));
  return ok(onTarget(reply(202, deliveryJson(again.value)), { kind: "delivery", id: params.d }));
}

const UNDER_WAY: Problem = {
  code: "conflict",
  detail: `It is being sent at this moment, or was in the last ${JUST_TRIED_MS / SECOND_MS} seconds. Look at what came of it.`,
};
