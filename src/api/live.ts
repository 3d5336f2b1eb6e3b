/** `/v1/projects/{p}/live`: a WebSocket on which the project says which of its runs have changed. */
import { fail, ok } from "../domain/result.ts";
import { isSameOrigin } from "../http/same-origin.ts";
import type { Answered } from "./answer.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import type { Api } from "./operation.ts";
import { NOT_FOUND, type Problem, problemOf, unavailable } from "./problem.ts";
import { CROSS_SITE } from "./recognise.ts";

export function mountLive(api: Api): void {
  inProject(
    api,
    {
      method: "get",
      path: "/v1/projects/{p}/live",
      id: "listenToProject",
      tag: "Runs",
      needs: "can_view",
      summary: "Listen to a project",
      description:
        'A WebSocket. Whenever runs or schedules have changed it brings a message such as `{"runs": ["…"], "more": true, "schedules": true}`: the ids of up to 50 runs, `more` when there are others, `schedules` when a schedule was changed; ask for what you show of them. What changes within a quarter of a second is one message. At most 200 listen to a project at once, 20 by one token or session. After five minutes the next message is a close with the code 4001: ask again. A project that was deleted closes with 4004. To keep the connection, send the text `ping`; whatever else is sent closes it with 1003. A browser that is signed in may open it only from a page of this deployment.',
      problems: ["upgrade_required", "cross_site"],
      answers: { 101: { description: "The connection is a WebSocket from here on." } },
    },
    listen,
  );
}

/** A browser sends its cookies along wherever the page is from that opens a socket, and lets that page read what comes. */
async function listen({ request, caller, actor }: ProjectAsk<unknown, unknown, unknown>): Promise<Answered> {
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") return fail(UPGRADE_REQUIRED);
  if (caller.credential.kind === "session" && !isSameOrigin(request)) return fail(CROSS_SITE);
  const opened = await actor.listen(caller.credential.id);
  return opened.ok ? handOver(opened.value) : fail(problemOf(opened.error));
}

function handOver({ status, webSocket }: Response): Answered {
  if (webSocket !== null) return ok({ status, webSocket });
  return fail(status === 404 ? NOT_FOUND : FULL);
}

const UPGRADE_REQUIRED: Problem = {
  code: "upgrade_required",
  detail: "Ask for it as a WebSocket: with the headers upgrade: websocket and connection: upgrade.",
  headers: { upgrade: "websocket" },
};

const FULL: Problem = unavailable(
  "As many listen to the project as can, in all or by this one token or session. Ask for what you need every few seconds instead.",
);
