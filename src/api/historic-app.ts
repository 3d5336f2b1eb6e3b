/** `/v1/projects/{p}/runs/{r}/app`: the app as one run left it. */
import { ok } from "../domain/result.ts";
import { answer, reply } from "./answer.ts";
import type { ApiParts } from "./api.ts";
import { appJsonReply, markedPageReply, tagOf, tellBrowserBy, wayTo } from "./app-answers.ts";
import { AppJson } from "./app-json.ts";
import { inProject } from "./door.ts";
import { externalApp } from "./external-app.ts";
import { wantsJson } from "./negotiation.ts";
import type { Api } from "./operation.ts";
import { RunParams } from "./run.ts";
import { runOf, viewOf } from "./run-view.ts";

export function mountHistoricApp(api: Api, { app: pages }: ApiParts): void {
  inProject(
    api,
    {
      method: "get",
      tag: "App",
      path: "/v1/projects/{p}/runs/{r}/app",
      params: RunParams,
      id: "getRunApp",
      needs: "can_explore",
      summary: "Show the app as one run left it",
      description:
        "Of a run that goes on, what it has produced so far; of a draft's run by hand, a preview of the draft. A page for people; with `Accept: application/json` its state.",
      tellBrowser: tellBrowserBy(pages),
      answers: {
        200: { description: "The app in its historic state.", schema: AppJson, isPage: true },
        302: { description: "The project has an app of its own, at this address." },
        304: { description: "It is as you know it." },
      },
    },
    async (ask) => {
      const { actor, request, params, project } = ask;
      const [run, settings] = await Promise.all([runOf(ask, params.r), actor.repeatable((one) => one.settings())]);
      if (!run.ok) return answer(run, () => reply(200));
      if (!settings.ok) return answer(settings, () => reply(200));
      const { appUrl, timezone } = settings.value;
      const isPage = !wantsJson(request);
      if (isPage && appUrl !== null) return ok(wayTo(302, await externalApp(ask, appUrl, run.value.id)));
      const home = `/v1/projects/${project.id}/app`;
      const options = { state: "historic", rerun: null, events: null, home, showsStack: true } as const;
      const view = await viewOf(ask, run.value, timezone, options);
      if (!isPage) return ok(appJsonReply(view));
      const html = pages.page(view);
      return ok(markedPageReply(pages, request, html, tagOf(html)));
    },
  );
}
