/** Whom notifications may name beside people, and what naming them would come to, as the console reads it. */
import { z } from "@hono/zod-openapi";

export const NamedWebhook = z.object({ id: z.string(), name: z.string(), host: z.string(), enabled: z.boolean() });

export type NamedWebhook = z.output<typeof NamedWebhook>;

export const NamedSlackChannel = z.object({
  id: z.string(),
  name: z.string().nullable(),
  private: z.boolean().nullable(),
  usable: z.boolean(),
  fix: z.string().nullable(),
});

export type NamedSlackChannel = z.output<typeof NamedSlackChannel>;

export const SlackStateAnswer = z.object({ state: z.enum(["not_connected", "connected", "broken"]) });
export const SlackLinkedAnswer = z.object({ linked: z.boolean() });

const RecipientAnswer = z.object({ kind: z.string(), id: z.string(), name: z.string() });

/** `POST .../notification-previews` */
export const ForesightAnswer = z.object({
  errors: z.array(z.object({ path: z.string(), message: z.string(), expected: z.string().optional() })),
  grants: z.array(RecipientAnswer),
  unreachable: z.array(
    z.object({ recipient: RecipientAnswer, failure: z.object({ message: z.string(), fix: z.string() }) }),
  ),
});

export type ForesightAnswer = z.output<typeof ForesightAnswer>;
