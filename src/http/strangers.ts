/**
 * Clients that come with tokens, links or sessions that nobody knows. Each of these costs a read of the directory, and no
 * limit of a workspace's callers is theirs, so they are counted by where they come from, and a client that has brought too
 * many is answered without a read for a while.
 *
 * Counted after the look-up, so that whoever is known pays nothing. What is made up is counted by the platform, for a data
 * centre; that a client brought too many is remembered by each isolate that was told so.
 */
import { fail, type Result } from "../domain/result.ts";
import { type Instant, MINUTE_MS, type Milliseconds } from "../domain/time/instant.ts";

/** What is looked up. They are counted apart: a script's wrong token must not end the sessions of the same office. */
export type LookedUp = "token" | "session" | "link";

/** Somebody who has to be looked up. */
export interface Stranger {
  readonly what: LookedUp;
  /** What they are counted by; empty when nobody said, and then they are not counted. */
  readonly client: string;
  /** What they brought. */
  readonly secret: string;
  readonly now: Instant;
}

/** The platform's counter; a deployment that binds none has no limit. */
type Counter = { readonly limit: (by: { readonly key: string }) => Promise<{ readonly success: boolean }> } | undefined;

/** The period of the counter in wrangler.toml. */
export const KEPT_OUT_MS: Milliseconds = MINUTE_MS;
const REMEMBERED_MAX = 1_000;

const keptOut = new Map<string, Instant>();
/** Those who were recognised are looked up all the same: behind one address there may be many, as in an office. */
const recognised = new Set<string>();

/** Looks somebody up, unless their client has lately brought too much that nobody knows: then `kept_out`. */
export async function lookUp<Found, Why extends string>(
  stranger: Stranger,
  counter: Counter,
  find: () => Promise<Result<Found, Why>>,
): Promise<Result<Found, Why | "kept_out">> {
  if (isKeptOut(stranger)) return fail("kept_out");
  const found = await find();
  if (found.ok) remember(stranger);
  else if (found.error === "unknown") await count(stranger, counter);
  return found;
}

function isKeptOut(stranger: Stranger): boolean {
  const { secret, now } = stranger;
  const key = keyOf(stranger);
  const until = keptOut.get(key);
  if (until === undefined || recognised.has(secret)) return false;
  // A clock that was set back would keep them out too long, so an end that is too far away does not count.
  if (now < until && now >= until - KEPT_OUT_MS) return true;
  keptOut.delete(key);
  return false;
}

/** A link is used once, so that there is nothing to remember of it. */
function remember({ what, secret }: Stranger): void {
  if (what === "link" || recognised.has(secret)) return;
  makeRoomIn(recognised);
  recognised.add(secret);
}

async function count(stranger: Stranger, counter: Counter): Promise<void> {
  recognised.delete(stranger.secret);
  if (stranger.client === "" || counter === undefined) return;
  const key = keyOf(stranger);
  const { success } = await counter.limit({ key });
  if (success) return;
  makeRoomIn(keptOut);
  keptOut.set(key, stranger.now + KEPT_OUT_MS);
}

const keyOf = ({ what, client }: Stranger): string => `unknown:${what}:${client}`;

/** The oldest goes. */
function makeRoomIn(memory: Map<string, unknown> | Set<string>): void {
  if (memory.size < REMEMBERED_MAX) return;
  const [oldest] = memory.keys();
  if (oldest !== undefined) memory.delete(oldest);
}
