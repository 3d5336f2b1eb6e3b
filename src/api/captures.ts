/** `/v1/projects/{p}/runs/{r}/captures`: pictures and prints of the app in the state of one run, ordered and listed. */
import { z } from "@hono/zod-openapi";
import { whyNotCaptured } from "../domain/captures/capturable.ts";
import { CAPTURE_FORMATS, type Capture, type CaptureOrder, inOrder } from "../domain/captures/capture.ts";
import { fixFor } from "../domain/captures/failure.ts";
import { conflict } from "../domain/errors.ts";
import type { RunId } from "../domain/ids.ts";
import { planRefusal } from "../domain/plan.ts";
import { fail, ok } from "../domain/result.ts";
import type { Env } from "../env.ts";
import { listCaptures, orderCaptures } from "../runlog/captures.ts";
import { type Answered, answer, onTarget, type Reply, reply } from "./answer.ts";
import { CaptureJson, captureJson } from "./capture-json.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { answerOnce } from "./making-once.ts";
import type { Api } from "./operation.ts";
import { type Problem, problemOf } from "./problem.ts";
import { isEditor, type OfRun, RunParams } from "./run.ts";
import { runOf } from "./run-view.ts";

const ALL = { tag: "Captures", path: "/v1/projects/{p}/runs/{r}/captures", params: RunParams };

const NewCaptures = z
  .strictObject({
    formats: z.array(z.enum(CAPTURE_FORMATS)).min(1).max(CAPTURE_FORMATS.length),
    again: z.boolean().optional().openapi({ description: "Also what is there already is taken anew." }),
  })
  .openapi("NewCaptures");

const CapturesJson = z
  .strictObject({ items: z.array(CaptureJson).openapi({ description: "The PNG first." }) })
  .openapi("Captures");

type Ordering = ProjectAsk<{ readonly r: RunId }, unknown, z.output<typeof NewCaptures>>;

export function mountCaptures(api: Api): void {
  inProject(
    api,
    {
      ...ALL,
      method: "post",
      id: "orderCaptures",
      needs: "can_edit",
      act: "capture.ordered",
      summary: "Take captures of a run",
      description:
        "Of any run that has ended, without running again. What is there already is kept, what failed is tried again. They are taken one after the other: ask for them until they are there.",
      body: NewCaptures,
      example: { formats: ["png", "pdf"] },
      idempotent: true,
      problems: ["conflict", "limit_reached", "captures_unavailable"],
      answers: {
        200: { description: "All of them are there already.", schema: CapturesJson },
        202: { description: "They are ordered.", schema: CapturesJson },
      },
    },
    async (ask) => toldToWait(await answerOnce(ask, () => order(ask))),
  );
  inProject(
    api,
    {
      ...ALL,
      method: "get",
      id: "listCaptures",
      needs: "can_explore",
      summary: "List the captures of a run",
      answers: { 200: { description: "Those that were ordered.", schema: CapturesJson } },
    },
    async (ask) => {
      const { env, scope, params } = ask;
      const captures = await listCaptures(env.RUNLOG, scope, params.r);
      if (captures.length > 0) return ok(reply(200, capturesJson(captures, ask)));
      return answer(await runOf(ask, params.r), () => reply(200, capturesJson([], ask)));
    },
  );
}

const capturesJson = (captures: readonly Capture[], ask: Pick<OfRun, "access">): z.output<typeof CapturesJson> => ({
  items: captures.map((capture) => captureJson(capture, isEditor(ask))),
});

async function order(ask: Ordering): Promise<Answered> {
  const { env, scope, params, body, caller, now } = ask;
  const run = await runOf(ask, params.r);
  if (!run.ok) return answer(run, () => reply(200));
  const whyNot = whyNotCaptured(run.value);
  if (whyNot !== null) return fail(problemOf(conflict(whyNot)));
  const formats = inOrder(body.formats);
  const there = (await listCaptures(env.RUNLOG, scope, params.r)).filter(({ format }) => formats.includes(format));
  const kept = there.filter(({ state }) => state === "pending" || (state === "captured" && body.again !== true));
  const wanted = formats.filter((format) => kept.every((one) => one.format !== format));
  if (wanted.length === 0) return ok(onTarget(shown(kept, ask), null));
  if (env.BROWSER === undefined) return fail(CAPTURES_UNAVAILABLE);
  const wish = { run: params.r, formats: wanted, cause: "demand", orderedAt: now, newsBy: null } as const;
  const ordered = await orderCaptures(env.RUNLOG, scope, { ...wish, plan: caller.plan, again: true });
  if (ordered.kind === "over_limit") return fail(problemOf(planRefusal(caller.plan, "capturesPerDay", ordered.used)));
  const { workspaceId: workspace, projectId: project } = scope;
  if (ordered.added.length > 0)
    await send(env, { workspace, project, ...wish, formats: ordered.added, plan: caller.plan });
  return ok(shown([...kept, ...ordered.captures], ask));
}

const CAPTURES_UNAVAILABLE: Problem = {
  code: "captures_unavailable",
  detail: `This deployment has no browser to take captures with. ${fixFor("no_browser")}`,
};

/** What the queue does not take is found by the sweep: it is in the ledger. */
async function send({ CAPTURES }: Pick<Env, "CAPTURES">, message: CaptureOrder): Promise<void> {
  try {
    await CAPTURES.send(message);
  } catch (cause) {
    console.error({ event: "captures_not_sent", project: message.project, run: message.run, cause: String(cause) });
  }
}

/** When to look again. */
export const SOON = { "retry-after": "2" } as const;

/** Also of an answer that was given before. */
const toldToWait = (answered: Answered): Answered =>
  answered.ok && answered.value.status === 202
    ? ok({ ...answered.value, headers: { ...answered.value.headers, ...SOON } })
    : answered;

function shown(captures: readonly Capture[], ask: Pick<OfRun, "access">): Reply {
  const inUsualOrder = CAPTURE_FORMATS.flatMap((format) => captures.filter((one) => one.format === format));
  const isThere = captures.every(({ state }) => state === "captured");
  return reply(isThere ? 200 : 202, capturesJson(inUsualOrder, ask));
}
