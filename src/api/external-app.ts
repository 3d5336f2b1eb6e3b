/** A page of the project's own that stands in for the app: where it is, and what it is told of the run and of who looks. */
import type { RunId } from "../domain/ids.ts";
import { makeViewToken } from "../http/view-token.ts";
import type { ProjectAsk } from "./door.ts";

type Asking = Pick<ProjectAsk<unknown, unknown, unknown>, "env" | "scope" | "caller" | "now">;

/** Whose run it is to look at: a member, or a workspace's own token. */
export const viewerOf = ({ caller }: Pick<Asking, "caller">): string => caller.memberId ?? caller.credential.id;

/** The address with the run that is to be shown and a short-lived proof that this caller may see it. */
export async function externalApp(ask: Asking, address: string, run: RunId | null): Promise<string> {
  const url = new URL(address);
  if (run === null) return url.href;
  const subject = { scope: ask.scope, run, viewer: viewerOf(ask) };
  url.searchParams.set("carillon_run", run);
  url.searchParams.set("carillon_view", await makeViewToken(ask.env.CARILLON_KEY, subject, ask.now));
  return url.href;
}
