/**
 * `/v1/projects/{p}/runs/{r}/page`: the app as one run left it, for whoever brings the page token of that run: the browser that
 * captures it, and a page of the project's own that people were led to. The token is all that counts here, and no cookie, so
 * scripts of other origins may read the answer too.
 */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { bearerOf } from "../directory/authenticate.ts";
import { findProject } from "../directory/projects.ts";
import { workspaceOf } from "../domain/access.ts";
import type { AppPages, CaptureCaption } from "../domain/app-view.ts";
import { whyNotCaptured } from "../domain/captures/capturable.ts";
import { conflict } from "../domain/errors.ts";
import { describe } from "../domain/language/describe.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Run } from "../domain/run.ts";
import { formatsOf, type PageTokenSubject, readPageToken } from "../http/page-token.ts";
import { now } from "../system.ts";
import { type Answered, answer, reply } from "./answer.ts";
import type { ApiParts } from "./api.ts";
import { htmlReply, tellOnPage } from "./app-answers.ts";
import { AppJson, appJson } from "./app-json.ts";
import { mount } from "./door.ts";
import { type Ask, readInput } from "./input.ts";
import { acceptsHtml, wantsJson } from "./negotiation.ts";
import type { Api, ApiEnv } from "./operation.ts";
import { NOT_FOUND, type Problem, problemOf } from "./problem.ts";
import { projectLine } from "./project-line.ts";
import { refusePageRate } from "./rate-limits.ts";
import { RunParams } from "./run.ts";
import { type RunAsk, runOf, timezoneOf, viewOf } from "./run-view.ts";

const PageQuery = z.strictObject({
  token: z
    .string()
    .optional()
    .openapi({ description: "The page token, for those who cannot send it in the Authorization header." }),
});

/** Any origin, and no cookies: browsers send none where every origin may ask. */
const FOR_ANY_ORIGIN = { "access-control-allow-origin": "*", vary: "accept" };
const PREFLIGHT_KEPT_SECONDS = 600;

interface Asking extends Ask<z.output<typeof RunParams>, z.output<typeof PageQuery>, unknown> {
  /** The project as the address has it: its id or its slug. */
  readonly named: string | undefined;
}

export function mountRunPage(api: Api, { app: pages }: ApiParts): void {
  const operation = {
    method: "get",
    tag: "App",
    path: "/v1/projects/{p}/runs/{r}/page",
    params: RunParams,
    query: PageQuery,
    id: "getRunPage",
    summary: "Show the app as one run left it, to the bearer of a page token",
    description:
      "For a page of the project's own, which is opened with `carillon_token`, and for the browser that takes captures: `Bearer cpt_...`, or the token in the query. Whoever sends the header, or asks for `application/json`, gets the app's state; scripts of any origin may.",
    problems: ["conflict"],
    tellBrowser: tellOnPage(pages),
    answers: { 200: { description: "The app in the state of this run.", schema: AppJson, isPage: true } },
  } as const;
  // Browsers ask before they send the Authorization header to another origin (WHATWG Fetch, CORS preflight).
  api.use("/v1/projects/:p/runs/:r/page", (c, next) =>
    c.req.method === "OPTIONS" ? Promise.resolve(new Response(null, { status: 204, headers: PREFLIGHT })) : next(),
  );
  mount(api, operation, "page", async (c) => {
    const subject = await recognisePage(c);
    if (!subject.ok) return forAnyOrigin(subject);
    const ask = await readInput(c, operation);
    return forAnyOrigin(ask.ok ? await show({ ...ask.value, named: c.req.param("p") }, subject.value, pages) : ask);
  });
}

const PREFLIGHT = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET",
  "access-control-allow-headers": "authorization",
  "access-control-max-age": String(PREFLIGHT_KEPT_SECONDS),
  allow: "GET, HEAD, OPTIONS",
};

const forAnyOrigin = (answered: Answered): Answered =>
  answered.ok
    ? ok({ ...answered.value, headers: { ...answered.value.headers, ...FOR_ANY_ORIGIN } })
    : fail({ ...answered.error, headers: { ...answered.error.headers, ...FOR_ANY_ORIGIN } });

/** The token names one run; at another run's address it says nothing. */
async function recognisePage(c: Context<ApiEnv>): Promise<Result<PageTokenSubject, Problem>> {
  const header = c.req.raw.headers.get("authorization");
  const token = header === null ? ok(c.req.query("token") ?? "") : bearerOf(header);
  const subject = token.ok ? await readPageToken(c.env.CARILLON_KEY, token.value, now()) : null;
  if (subject === null) return fail(NO_TOKEN);
  if (subject.run !== c.req.param("r")) return fail(NOT_FOUND);
  const tooMany = await refusePageRate(c.env, subject);
  return tooMany === null ? ok(subject) : fail(tooMany);
}

const NO_TOKEN: Problem = {
  code: "unauthorized",
  detail:
    "This page is opened with a token of its run, which works for a short time; none was sent, or it works no more.",
  headers: { "www-authenticate": 'Bearer realm="carillon"' },
};

async function show(ask: Asking, { scope, run: id, purpose }: PageTokenSubject, pages: AppPages): Promise<Answered> {
  const { env, request } = ask;
  const project = await findProject(env.DIRECTORY, workspaceOf(scope), scope.projectId, ask.now);
  if (project === null || (ask.named !== project.id && ask.named !== project.slug)) return fail(NOT_FOUND);
  const place: RunAsk = { env, scope, project, actor: projectLine(env, scope) };
  const [run, timezone] = await Promise.all([runOf(place, id), timezoneOf(place)]);
  if (!run.ok) return answer(run, () => reply(200));
  if (!timezone.ok) return answer(timezone, () => reply(200));
  const formats = formatsOf(purpose);
  const whyNot = formats.length === 0 ? null : whyNotCaptured(run.value);
  if (whyNot !== null) return fail(problemOf(conflict(whyNot)));
  const view = await viewOf(place, run.value, timezone.value, SHOWN);
  if (isProgram(request)) return ok(reply(200, appJson(view)));
  if (formats.length === 0) return ok(htmlReply(pages, pages.page(view)));
  return ok(htmlReply(pages, pages.capturePage(view, { formats, ...(await captionOf(place, run.value)) })));
}

/** A browser sends no Authorization header by itself: where one comes, it is a script that asks, whether it says for what or not. */
const isProgram = (request: Request): boolean =>
  wantsJson(request) || (request.headers.has("authorization") && !acceptsHtml(request));

/** As much as `app_only` is shown of a run: captures go to people who have no more than that. */
const SHOWN = { state: "historic", rerun: null, events: null, home: null, showsStack: false } as const;

async function captionOf(place: RunAsk, run: Run): Promise<Omit<CaptureCaption, "formats">> {
  return { schedule: await scheduleOf(place, run), scheduledFor: run.scheduledFor, ranAt: run.startedAt };
}

/** When the run's schedule runs, in words; null of a run without one, and of one whose schedule is no longer known. */
async function scheduleOf({ actor }: RunAsk, { scheduleId }: Run): Promise<string | null> {
  if (scheduleId === null) return null;
  const found = await actor.repeatable((project) => project.schedule(scheduleId));
  return found.ok ? describe(found.value.spec.recurrence, found.value.spec.timezone) : null;
}
