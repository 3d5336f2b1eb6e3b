/** The doors of pages and forms for whoever is signed in: they find out who that is, and show what the API refuses. */
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isAble } from "../directory/callers.ts";
import { findPreferences } from "../directory/preferences.ts";
import type { Ability } from "../domain/access.ts";
import type { Instant } from "../domain/time/instant.ts";
import { now } from "../system.ts";
import { ApiClient } from "./client.ts";
import { type Drawn, onFilled, type Pages, showInside, type Visit } from "./door.tsx";
import type { Filled } from "./filled.ts";
import { showSignedOut } from "./signed-out.tsx";
import { type Visitor, visitorOf } from "./visitor.ts";
import { keepWayBack } from "./way-back.ts";

/** Somebody who is signed in, at a page. */
export interface SignedIn {
  readonly c: Visit;
  readonly visitor: Visitor;
  readonly api: ApiClient;
  /** The zone that they want times to be said in; null: they did not say. */
  readonly timezone: string | null;
  /** The one instant of the page. */
  readonly now: Instant;
  /** Whether the script looks once more at a page that is open: only its live parts are shown. */
  readonly looksAgain: boolean;
  /** The path that they are at. */
  readonly path: string;
  /** Whether their role lets them do it in the workspace. */
  can(ability: Ability): boolean;
  show(page: Drawn, status?: ContentfulStatusCode): Promise<Response>;
  /** On to a page, by reading it: after a form, so that loading it again repeats nothing. */
  goTo(path: string): Response;
}

type Handle = (visit: SignedIn) => Response | Promise<Response>;
type HandleForm = (visit: SignedIn, filled: Filled) => Response | Promise<Response>;

/** The script says so with each look: src/console/browser/looking.ts. */
const LOOKS_AGAIN = "x-looks-again";

/** The most that a form may be, of those that take no code. */
export const FORM_MAX_BYTES = 256 * 1024;

/** Routes a page. Whoever is not signed in is led back to it once they are. */
export function onPage(pages: Pages, path: string, handle: Handle): void {
  pages.get(path, async (c) => {
    const visitor = await visitorOf(c);
    if (visitor !== null) return handle(await signedIn(c, visitor));
    keepWayBack(c);
    return c.redirect("/sign-in", 303);
  });
}

/** Routes a form. Whoever is no longer signed in keeps what they typed. */
export function onForm(pages: Pages, path: string, handle: HandleForm, maxBytes: number = FORM_MAX_BYTES): void {
  onFilled(pages, path, maxBytes, async (c, filled) => {
    const visitor = await visitorOf(c);
    return visitor === null ? showSignedOut(c, filled) : handle(await signedIn(c, visitor), filled);
  });
}

/** The visit of somebody who is known. */
export async function signedIn(c: Visit, visitor: Visitor): Promise<SignedIn> {
  const { scope, memberId } = visitor.membership;
  const preferences = await findPreferences(c.env.DIRECTORY, scope, memberId);
  return {
    c,
    visitor,
    api: new ApiClient(c),
    timezone: preferences?.timezone ?? null,
    now: now(),
    looksAgain: c.req.header(LOOKS_AGAIN) !== undefined,
    path: c.req.path,
    can: (ability) => isAble(visitor.caller, ability),
    show: (page, status) => showInside(c, page, status),
    goTo: (path) => c.redirect(path, 303),
  };
}
