/** A page of the project's own that stands in for the app: where it is, and what it is told of the run. */
import type { RunId } from "../domain/ids.ts";
import { HOUR_MS, type Milliseconds } from "../domain/time/instant.ts";
import { publicOrigin } from "../env.ts";
import { externalPageAddress, makePageToken } from "../http/page-token.ts";
import type { ProjectAsk } from "./door.ts";

type Asking = Pick<ProjectAsk<unknown, unknown, unknown>, "env" | "config" | "request" | "scope" | "now">;

/** As long as somebody looks at one output. */
const VIEW_MS: Milliseconds = HOUR_MS;

/** The address with the run that is to be shown, and a token with which the page gets what that run has left. */
export async function externalApp(ask: Asking, address: string, run: RunId | null): Promise<string> {
  const { env, config, request, scope, now } = ask;
  if (run === null) return new URL(address).href;
  const subject = { scope, run, purpose: "view" } as const;
  const token = await makePageToken(env.CARILLON_KEY, subject, { now, lasts: VIEW_MS });
  return externalPageAddress(address, subject, { token, origin: publicOrigin(config, request.url) });
}
