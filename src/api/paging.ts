/** Pages of a list: from a cursor to a place, and from the last item to the next cursor. */
import type { Page, PageRequest } from "../actor/rpc.ts";
import { ok, type Result } from "../domain/result.ts";
import type { Env } from "../env.ts";
import { type Reply, reply } from "./answer.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import type { Problem } from "./problem.ts";

/** The name of a list: whose it is, of what, and by which filter. A cursor is good for one list. */
export const listName = (kind: string, owner: string, filter: object = {}): string =>
  JSON.stringify([kind, owner, ...Object.entries(filter)]);

/** The page that a query asks for. */
export function readPage(
  env: Env,
  list: string,
  query: { readonly limit: number; readonly cursor?: string | undefined },
): Result<PageRequest, Problem> {
  if (query.cursor === undefined) return ok({ limit: query.limit });
  const after = readCursor(env.CARILLON_KEY, list, query.cursor);
  return after.ok ? ok({ limit: query.limit, after: after.value }) : after;
}

/**
 * The page that a query asks for, from a store that gives up to so many items behind a place. It is asked for one more than
 * the page holds: that one tells whether there is another page.
 */
export async function findPage<Item extends { readonly id: string }>(
  env: Env,
  list: string,
  query: { readonly limit: number; readonly cursor?: string | undefined },
  find: (slice: PageRequest) => Promise<readonly Item[]>,
): Promise<Result<Page<Item>, Problem>> {
  const page = readPage(env, list, query);
  if (!page.ok) return page;
  const { limit, after } = page.value;
  const found = await find({ limit: limit + 1, after });
  const items = found.slice(0, limit);
  return ok({ items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null });
}

/** The page as the body of an answer, or a part of one. */
export const pageBody = <Item, Shown>(env: Env, list: string, page: Page<Item>, render: (item: Item) => Shown) => ({
  items: page.items.map(render),
  next_cursor: page.next === null ? null : writeCursor(env.CARILLON_KEY, list, page.next),
});

/** The page as an answer. */
export function pageReply<Item>(env: Env, list: string, page: Page<Item>, render: (item: Item) => unknown): Reply {
  return reply(200, pageBody(env, list, page, render));
}
