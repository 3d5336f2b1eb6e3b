/** The kinds of fields that several answers of the API have. */
import { z } from "@hono/zod-openapi";

/** An instant, from ISO 8601 in UTC. */
export const InstantAnswer = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** A page of a list. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() });

/** Something that was made, by what it takes to lead there. */
export const MadeAnswer = z.object({ id: z.string() });

/** An answer that nobody reads. */
export const Anything = z.unknown();
