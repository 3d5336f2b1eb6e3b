/** `/v1/projects/{p}/app`: what the project shows, the same for everybody. */
import type { AppFacts, AppItem } from "../actor/rpc.ts";
import { readOutput } from "../artifacts/artifacts.ts";
import { type CachedPart, cachedView } from "../domain/app-state.ts";
import type { AppPages, AppView } from "../domain/app-view.ts";
import type { Failure } from "../domain/errors.ts";
import type { RunId } from "../domain/ids.ts";
import { ok, type Result } from "../domain/result.ts";
import { parseRunOutput } from "../domain/run-output.ts";
import { isFromElsewhere } from "../http/same-origin.ts";
import { answer, reply } from "./answer.ts";
import type { ApiParts } from "./api.ts";
import { appJsonReply, htmlReply, markedPageReply, tagOf, tellBrowserBy, wayTo } from "./app-answers.ts";
import { AppJson } from "./app-json.ts";
import { forgetApp, type RememberedApp, recallApp, rememberApp } from "./app-memory.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { externalApp } from "./external-app.ts";
import { wantsJson } from "./negotiation.ts";
import type { Api } from "./operation.ts";

type Asking = ProjectAsk<unknown, unknown, unknown>;

export function mountApp(api: Api, { app: pages }: ApiParts): void {
  inProject(
    api,
    {
      method: "get",
      tag: "App",
      path: "/v1/projects/{p}/app",
      id: "getApp",
      needs: "app_only",
      summary: "Show the app",
      description:
        "What the latest good run of the whole project left, and over it what functions left that ran by themselves since. A page for people; with `Accept: application/json` its state.",
      tellBrowser: tellBrowserBy(pages),
      answers: {
        200: { description: "The app in its cached state.", schema: AppJson, isPage: true },
        302: { description: "The project has an app of its own, at this address." },
        304: { description: "It is as you know it." },
      },
    },
    async (ask) => {
      const { request } = ask;
      const found = await appOf(ask, pages);
      if (!found.ok) return answer(found, () => reply(200));
      const app = found.value;
      if (wantsJson(request)) return ok(appJsonReply(app.view));
      if (app.url !== null) return ok(wayTo(302, await externalApp(ask, app.url, app.run)));
      // Who is led here from another site has not asked for a run, and their name must not be spent on one.
      if (app.opensWithRun && isFromElsewhere(request)) return ok(htmlReply(pages, pages.page(app.view)));
      return ok(markedPageReply(pages, request, app.html, app.tag));
    },
  );
}

/** The page as it is kept, or made anew where something of it has changed. */
async function appOf(ask: Asking, pages: AppPages): Promise<Result<RememberedApp, Failure>> {
  const { scope, actor, now } = ask;
  const known = recallApp(scope, now);
  if (known?.isFresh) return ok(known.app);
  const [facts, settings] = await Promise.all([
    actor.repeatable((project) => project.app()),
    actor.repeatable((project) => project.settings()),
  ]);
  if (!facts.ok || !settings.ok) forgetApp(scope);
  if (!facts.ok) return facts;
  if (!settings.ok) return settings;
  const { timezone } = settings.value;
  const fingerprint = JSON.stringify([facts.value, timezone, ask.project.name]);
  if (known?.app.fingerprint === fingerprint) return ok(known.app);
  const made = await make(ask, facts.value, { timezone, fingerprint, pages });
  rememberApp(scope, made, now);
  return ok(made);
}

interface Making {
  readonly timezone: string;
  readonly fingerprint: string;
  readonly pages: AppPages;
}

async function make(ask: Asking, facts: AppFacts, { timezone, fingerprint, pages }: Making): Promise<RememberedApp> {
  const { id, name } = ask.project;
  const parts = await Promise.all(withinRoom(facts.items).map(({ item, fits }) => partOf(ask, item, fits)));
  const viewFor = (opensWithRun: boolean): AppView =>
    cachedView({ project: { id, name }, timezone }, facts.functions, parts, {
      rerun: `/v1/projects/${id}/app/runs`,
      opensWithRun,
    });
  const opensWithRun = facts.opensWith === "run";
  const html = pages.page(viewFor(opensWithRun));
  // A program asks for the state that is cached, however the page opens.
  const view = viewFor(false);
  const length = html.length + JSON.stringify(view).length;
  return { fingerprint, view, html, opensWithRun, length, tag: tagOf(html), url: facts.url, run: runOf(facts) };
}

/** All outputs that one page shows, in bytes: an isolate has 128 MB for everybody. */
const SHOWN_MAX_BYTES = 8_388_608;
const TOO_MUCH = "Not shown: the outputs of this project are too large for one page. Open the run to see it.";

/** Which outputs fit, the first ones first. */
function withinRoom(items: readonly AppItem[]): readonly { readonly item: AppItem; readonly fits: boolean }[] {
  let left = SHOWN_MAX_BYTES;
  return items.map((item) => {
    left -= item.output.stored === "inline" ? item.output.json.length : item.output.bytes;
    return { item, fits: left >= 0 };
  });
}

async function partOf({ env, scope }: Asking, { fn, output, ...item }: AppItem, fits: boolean): Promise<CachedPart> {
  if (!fits) return { fn, stamp: item, items: fn === null ? [] : [{ fn, value: TOO_MUCH }] };
  const json = await readOutput(env.ARTIFACTS, scope, output);
  return { fn, stamp: item, items: json === null ? null : parseRunOutput(json).items };
}

/** The whole project's run, which comes first, or whichever there is. */
const runOf = ({ items }: AppFacts): RunId | null => items[0]?.run ?? null;
