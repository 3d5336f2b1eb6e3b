/** How actors are reached: by their names, which only a scope can make, and seen as their verbs. */
import { type ProjectScope, projectObjectName } from "../domain/access.ts";
import type { Credential } from "../domain/audit.ts";
import type { Env } from "../env.ts";
import type { BrowserKeeping } from "./browser-loans.ts";
import type { ProjectVerbs } from "./rpc.ts";
import type { Slots } from "./run-slots.ts";

export const reachProject = (env: Pick<Env, "PROJECT">, scope: ProjectScope): ProjectVerbs =>
  asVerbs(env.PROJECT.getByName(projectObjectName(scope)));

/** Says by which credential it is asked for. */
const LISTENER = "x-listener";

/** A WebSocket on which a project says that something has changed. Of the request that asked for it nothing else goes along. */
export const openSocket = (
  env: Pick<Env, "PROJECT">,
  scope: ProjectScope,
  credential: Credential["id"],
): Promise<Response> =>
  env.PROJECT.getByName(projectObjectName(scope)).fetch("https://project/live", {
    headers: { upgrade: "websocket", [LISTENER]: credential },
  });

/** The credential that a request of `openSocket` names. */
export const listenerOf = (request: Request): string => request.headers.get(LISTENER) ?? "";

/** The slots of a project's workspace. Bound by no name: the Worker's own exports lead to them. */
export const reachSlots = (exports: Cloudflare.Exports, { workspaceId }: ProjectScope): Slots => ({
  hold: (wish) => exports.RunSlots.getByName(workspaceId).hold(wish),
});

/** The one keeper of browsers. */
export const reachBrowsers = (exports: Cloudflare.Exports): BrowserKeeping => {
  const keeper = exports.BrowserKeeper.getByName("captures");
  return {
    borrow: (workspace) => keeper.borrow(workspace),
    giveBack: (loan, session) => keeper.giveBack(loan, session),
    turnedAway: (loan, retryAfter) => keeper.turnedAway(loan, retryAfter),
  };
};

/** The class behind the binding implements them; the platform's own stub type unrolls our JSON type without end. */
const asVerbs = (stub: DurableObjectStub): ProjectVerbs => stub as unknown as ProjectVerbs;
