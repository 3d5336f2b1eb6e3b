/** `/v1/projects/{p}/app`: what the project shows, the same for everybody. */
import type { AppFacts, AppItem } from "../actor/rpc.ts";
import { readOutput } from "../artifacts/artifacts.ts";
import { type CachedPart, cachedView } from "../domain/app-state.ts";
import type { AppPages, AppView } from "../domain/app-view.ts";
import type { Failure } from "../domain/errors.ts";
import type { RunId } from "../domain/ids.ts";
import { ok, type Result } from "../domain/result.ts";
import { parseRunOutput } from "../domain/run-output.ts";
import { answer, reply } from "./answer.ts";
import type { ApiParts } from "./api.ts";
import { AppJson, appJsonReply, markedPageReply, tagOf, tellBrowserBy, wayTo } from "./app-answers.ts";
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
        200: { description: "The app in its cached state.", schema: AppJson, types: ["text/html"] },
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
  const parts = await Promise.all(facts.items.map((item) => partOf(ask, item)));
  const viewFor = (opensWithRun: boolean): AppView =>
    cachedView({ project: { id, name }, timezone }, facts.functions, parts, {
      rerun: `/v1/projects/${id}/app/runs`,
      opensWithRun,
    });
  const html = pages.page(viewFor(facts.opensWith === "run"));
  // A program asks for the state that is cached, however the page opens.
  const view = viewFor(false);
  return { fingerprint, view, html, tag: tagOf(html), url: facts.url, run: runOf(facts) };
}

async function partOf({ env, scope }: Asking, { fn, output, ...item }: AppItem): Promise<CachedPart> {
  const json = await readOutput(env.ARTIFACTS, scope, output);
  return { fn, stamp: item, items: json === null ? null : parseRunOutput(json).items };
}

/** The whole project's run, which comes first, or whichever there is. */
const runOf = ({ items }: AppFacts): RunId | null => items[0]?.run ?? null;
