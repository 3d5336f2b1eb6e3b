/** `/v1/projects/{p}/schedules/{s}/test-delivery`: how a notification looks, sent now, marked as a test. */
import { z } from "@hono/zod-openapi";
import { NEWS_BUDGET_MS } from "../domain/captures/capture.ts";
import { conflict } from "../domain/errors.ts";
import type { MemberId, NewsId, ScheduleId } from "../domain/ids.ts";
import type { AnnounceOrder } from "../domain/news/delivery-order.ts";
import { deriveNewsId, type News, type NewsEvent, newsOf, newsRunOf, newsScheduleOf } from "../domain/news/news.ts";
import { countRecipients, formatsOf, type Notification } from "../domain/notification.ts";
import { fail, ok } from "../domain/result.ts";
import type { Run } from "../domain/run.ts";
import type { Schedule } from "../domain/schedule.ts";
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import { orderCaptures } from "../runlog/captures.ts";
import { D1RunLog } from "../runlog/d1-runlog.ts";
import { type Answered, answer, reply } from "./answer.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { Id } from "./fields.ts";
import { answerOnce } from "./making-once.ts";
import type { Api } from "./operation.ts";
import { invalidInput, problemOf } from "./problem.ts";
import { ScheduleParams } from "./schedule.ts";

const NewTestDelivery = z
  .strictObject({
    notification: z.int().min(0).optional().openapi({
      description: "The place of the notification in the schedule's list; the first one by default.",
    }),
    to: z.enum(["me", "recipients"]).optional().openapi({
      description:
        "Whom: yourself alone, by the channels of your preferences, which is the default; or all whom it names.",
    }),
  })
  .openapi("NewTestDelivery");

const TestDeliveryJson = z
  .strictObject({
    news_id: Id.openapi({ description: "Its deliveries are at /v1/projects/{p}/runs/{news_id}/deliveries." }),
    run_id: Id.nullable().openapi({ description: "The run that it tells of; null: the schedule has had none." }),
  })
  .openapi("TestDelivery");

type Asking = ProjectAsk<{ readonly s: ScheduleId }, unknown, z.output<typeof NewTestDelivery>>;

export function mountTestDelivery(api: Api): void {
  inProject(
    api,
    {
      tag: "Deliveries",
      path: "/v1/projects/{p}/schedules/{s}/test-delivery",
      method: "post",
      id: "testDelivery",
      needs: "can_edit",
      act: "delivery.tested",
      summary: "Send a notification now, as a test",
      description:
        "It tells of the schedule's latest run of its kind, and is marked as a test. Nothing runs for it. The same again within seconds is the same test.",
      params: ScheduleParams,
      body: NewTestDelivery,
      example: { to: "me" },
      idempotent: true,
      problems: ["conflict"],
      answers: { 202: { description: "On its way.", schema: TestDeliveryJson } },
    },
    (ask) => answerOnce(ask, () => test(ask)),
  );
}

async function test(ask: Asking): Promise<Answered> {
  const { env, scope, actor, params, body, caller } = ask;
  const found = await actor.repeatable((project) => project.schedule(params.s));
  if (!found.ok) return answer(found, () => reply(200));
  const { notifications = [] } = found.value.spec;
  const place = body.notification ?? 0;
  const notification = notifications[place];
  if (notification === undefined) return fail(noSuch(place, notifications.length));
  const me = caller.memberId;
  if (body.to !== "recipients" && me === null)
    return fail(
      problemOf(conflict("A token of the workspace is nobody's: say to: recipients, or use a personal token.")),
    );
  const told = body.to === "recipients" || me === null ? notification : toOne(notification, me);
  if (countRecipients(told) === 0)
    return fail(problemOf(conflict("The notification has no recipients: it takes a capture and keeps it.")));
  const news = await newsOfTest(ask, found.value, place, told);
  const { workspaceId: workspace, projectId: project } = scope;
  const order: AnnounceOrder = { kind: "announce", workspace, project, news };
  await env.DELIVERIES.send(order);
  return ok(reply(202, { news_id: news.id, run_id: news.run?.id ?? null }));
}

const noSuch = (place: number, count: number) =>
  invalidInput([
    {
      path: "/notification",
      message: `The schedule has no notification at place ${place}.`,
      expected: count === 0 ? "a schedule that has notifications" : `0 to ${count - 1}`,
    },
  ]);

const toOne = (notification: Notification, member: MemberId): Notification => ({
  ...notification,
  users: [member],
  groups: [],
  slackChannels: [],
  webhooks: [],
});

async function newsOfTest(ask: Asking, schedule: Schedule, place: number, told: Notification): Promise<News> {
  const { now } = ask;
  const event = told.on === "failure" ? "run.failed" : "run.succeeded";
  const run = await latestRun(ask, schedule.id, event === "run.failed" ? "failed" : "succeeded");
  const isPictured = event === "run.succeeded" && run !== null && formatsOf(told).length > 0;
  if (isPictured) await takeCaptures(ask, run, told);
  return newsOf(event, {
    id: idOfTest(ask, event, [schedule.id, place, run?.id ?? "", JSON.stringify(told)]),
    at: now,
    isTest: true,
    run: run && newsRunOf(run),
    schedule: newsScheduleOf(schedule),
    notifications: [...Array.from({ length: place }, () => null), told],
    waitsUntil: isPictured ? now + NEWS_BUDGET_MS : null,
  });
}

/** A button that is pressed twice sends once. */
const SAME_TEST_MS: Milliseconds = 10 * SECOND_MS;

/** The same for the same test by the same caller, in a period. */
function idOfTest({ caller, now }: Asking, event: NewsEvent, parts: readonly (string | number)[]): NewsId {
  const period = Math.floor(now / SAME_TEST_MS) * SAME_TEST_MS;
  return deriveNewsId(event, period, "test", caller.memberId ?? caller.credential.id, ...parts);
}

async function latestRun({ env, scope }: Asking, schedule: ScheduleId, status: Run["status"]): Promise<Run | null> {
  const [run = null] = await new D1RunLog(env.RUNLOG).list(scope, { schedule, status }, { limit: 1 });
  return run;
}

/** As the notification would have them taken; those that are there already are used. A test goes out without them too. */
async function takeCaptures({ env, scope, caller, now }: Asking, { id: run }: Run, told: Notification): Promise<void> {
  const { workspaceId: workspace, projectId: project } = scope;
  const wish = {
    run,
    formats: formatsOf(told),
    cause: "demand",
    orderedAt: now,
    newsBy: null,
    plan: caller.plan,
  } as const;
  try {
    const ordered = await orderCaptures(env.RUNLOG, scope, wish);
    if (ordered.kind === "ordered" && ordered.added.length > 0)
      await env.CAPTURES.send({ workspace, project, ...wish, formats: ordered.added });
  } catch (cause) {
    console.error({ event: "captures_of_test_not_ordered", project, run, cause: String(cause) });
  }
}
