/**
 * `/v1/projects/{p}/app/runs`: a visitor runs the whole project for themselves. What comes of it is theirs alone: it is
 * found by a token that was made for them, and what everybody sees stays as it is.
 */
import { z } from "@hono/zod-openapi";
import type { AppPages, AppView } from "../domain/app-view.ts";
import type { Failure } from "../domain/errors.ts";
import type { RunId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { isViewToken, makeViewToken } from "../http/view-token.ts";
import { type Answered, answer, reply } from "./answer.ts";
import type { ApiParts } from "./api.ts";
import { htmlReply, tellBrowserBy, wayTo } from "./app-answers.ts";
import { eventStream } from "./app-events.ts";
import { AppJson, AppRunEventJson, appJson } from "./app-json.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { Id } from "./fields.ts";
import { acceptsHtml, wantsJson } from "./negotiation.ts";
import type { Api } from "./operation.ts";
import { NOT_FOUND } from "./problem.ts";
import { RunParams } from "./run.ts";
import { runOf, timezoneOf, viewOf } from "./run-view.ts";

const ALL = { tag: "App", path: "/v1/projects/{p}/app/runs", needs: "app_only" as const };
const ONE = {
  ...ALL,
  path: `${ALL.path}/{r}`,
  params: RunParams,
  query: z.strictObject({ view: z.string().openapi({ description: "The token that came with the run." }) }),
};

const NewAppRun = z.strictObject({}).openapi("NewAppRun");

const AppRunJson = z
  .strictObject({
    run_id: Id,
    view_token: z.string().openapi({ description: "Lets you, and nobody else, look at this run for an hour." }),
    page: z.string().openapi({ description: "Where the run is shown." }),
    events: z.string().openapi({ description: "Where the run is told of while it goes on." }),
  })
  .openapi("AppRun");

type Asking = ProjectAsk<unknown, unknown, unknown>;
type Looking = ProjectAsk<{ readonly r: RunId }, { readonly view: string }, unknown>;

/** Whose run it is to look at: a member, or a workspace's own token. */
const viewerOf = ({ caller }: Asking | Looking): string => caller.memberId ?? caller.credential.id;

export function mountAppRuns(api: Api, { app: pages }: ApiParts): void {
  const tellBrowser = tellBrowserBy(pages);
  inProject(
    api,
    {
      ...ALL,
      method: "post",
      id: "startAppRun",
      summary: "Run the app for yourself",
      description:
        "Runs the whole project in the context `app`. A program gets where to look; a form of a page is led there. Nobody else sees it, and the app stays as it is.",
      body: NewAppRun,
      idempotent: true,
      problems: ["conflict", "limit_reached"],
      tellBrowser,
      answers: {
        201: { description: "The run, on its way.", schema: AppRunJson },
        303: { description: "To a form: the page of the run." },
      },
    },
    start,
  );
  inProject(
    api,
    {
      ...ONE,
      method: "get",
      id: "getAppRun",
      summary: "Show a run of your own",
      description:
        "For whoever started it: to everybody else there is nothing here. A page for people; with `Accept: application/json` its state.",
      tellBrowser,
      answers: { 200: { description: "The app as this run brings it.", schema: AppJson, isPage: true } },
    },
    (ask) => showOwn(ask, pages),
  );
  inProject(
    api,
    {
      ...ONE,
      path: `${ONE.path}/events`,
      method: "get",
      id: "followAppRun",
      summary: "Follow a run of your own",
      description:
        "Server-sent events: `state` whenever there is something new, its `html` null while it is as before; then `end`.",
      answers: { 200: { description: "The events, until the run is over.", events: AppRunEventJson } },
    },
    (ask) => follow(ask, pages),
  );
}

async function start(ask: Asking): Promise<Answered> {
  const { actor, idempotency, env, scope, now, request } = ask;
  const viewer = viewerOf(ask);
  // A key that two visitors happen to choose must not lead the one to the other's run.
  const own = idempotency && { ...idempotency, key: `${viewer}:${idempotency.key}` };
  const run = await actor.keyed(own, (project, key) => project.startRun({ context: "app" }, key));
  if (!run.ok) return answer(run, () => reply(201));
  const token = await makeViewToken(env.CARILLON_KEY, { scope, run: run.value.id, viewer }, now);
  const at = addressesOf(ask, run.value.id, token);
  return answer(run, ({ id }) =>
    acceptsHtml(request) ? wayTo(303, at.page) : reply(201, { run_id: id, view_token: token, ...at }),
  );
}

/** Where one's own run is to be seen. */
function addressesOf({ project }: Asking, run: RunId, token: string) {
  const page = `/v1/projects/${project.id}/app/runs/${run}`;
  return { page: `${page}?view=${token}`, events: `${page}/events?view=${token}` };
}

async function showOwn(ask: Looking, pages: AppPages): Promise<Answered> {
  const look = await lookAt(ask);
  if (look === null) return fail(NOT_FOUND);
  const view = await look();
  return answer(view, (found) =>
    wantsJson(ask.request) ? reply(200, appJson(found)) : htmlReply(pages, pages.page(found)),
  );
}

async function follow(ask: Looking, pages: AppPages): Promise<Answered> {
  const look = await lookAt(ask);
  if (look === null) return fail(NOT_FOUND);
  const first = await look();
  if (!first.ok) return answer(first, () => reply(200));
  const body = eventStream({ first: first.value, look, pages });
  return ok({ status: 200, content: { type: "text/event-stream", body } });
}

/** How to look at the run, for whoever may. The token is one of this caller for this run, or there is nothing here. */
async function lookAt(ask: Looking): Promise<(() => Promise<Result<AppView, Failure>>) | null> {
  const { env, scope, params, query, now, project } = ask;
  const subject = { scope, run: params.r, viewer: viewerOf(ask) };
  if (!(await isViewToken(env.CARILLON_KEY, query.view, subject, now))) return null;
  const at = addressesOf(ask, params.r, query.view);
  const home = `/v1/projects/${project.id}/app`;
  const timezone = await timezoneOf(ask);
  return async () => {
    if (!timezone.ok) return timezone;
    const run = await runOf(ask, params.r);
    if (!run.ok) return run;
    const options = { state: "own" as const, rerun: `${home}/runs`, events: at.events, home, showsStack: false };
    return ok(await viewOf(ask, run.value, timezone.value, options));
  };
}
