/** The camera as the consumer holds it: a browser of the binding, with which shots of one workspace are taken. */

import { takeShot } from "../capture/camera.ts";
import { type BrowserUse, isWell, withBrowser } from "../capture/sessions.ts";
import type { Shot, ShotOutcome } from "../capture/shot.ts";
import type { CaptureFailureReason } from "../domain/captures/failure.ts";
import { type Env, readConfig } from "../env.ts";
import { now } from "../system.ts";

export type TakeShot = (shot: Shot) => Promise<ShotOutcome>;

/** Does some work with a browser: with the warm session that is named, or with one of its own. */
export type Camera = <Result>(
  session: string | null,
  work: (take: TakeShot) => Promise<Result>,
) => Promise<BrowserUse<Result>>;

/** The camera of this deployment; null when no browser is bound. */
export function cameraOf(env: Env): Camera | null {
  const { BROWSER: binding } = env;
  if (binding === undefined) return null;
  const { allowLoopback, publicUrl } = readConfig(env);
  const ownHosts = publicUrl === null ? [] : [new URL(publicUrl).hostname];
  return (session, work) =>
    withBrowser(binding, session, (browser) =>
      work(async (shot) =>
        blame(
          browser,
          await takeShot(browser, shot, {
            // A page of the project's own may ask this deployment for the run's state, as any stranger may who has a token.
            rules: { allowLoopback, ownHosts: shot.page.kind === "own" ? ownHosts : [] },
            now,
          }),
        ),
      ),
    );
}

/** What a page and a browser that hangs look the same in. */
const MAY_BE_THE_BROWSERS: ReadonlySet<CaptureFailureReason> = new Set(["too_slow", "unreachable"]);

/** The outcome, with the failure given to the browser if that does not answer any more: the next page would fail as well. */
export async function blame(browser: Parameters<typeof isWell>[0], outcome: ShotOutcome): Promise<ShotOutcome> {
  if (outcome.ok || !MAY_BE_THE_BROWSERS.has(outcome.failure.reason) || (await isWell(browser))) return outcome;
  const message = "The browser did not answer any more while the page was being captured.";
  return { ...outcome, failure: { reason: "browser_lost", message } };
}
