/** What a project's app shows, as the console reads it. */
import { z } from "@hono/zod-openapi";
import { InstantAnswer } from "./fields.ts";

export const AppAnswer = z.object({
  run_id: z.string().nullable(),
  notices: z.array(z.object({ text: z.string() })),
  items: z.array(
    z.object({
      fn: z.string(),
      run_id: z.string(),
      scheduled_for: InstantAnswer,
      finished_at: InstantAnswer.nullable(),
      blocks: z.array(z.unknown()),
    }),
  ),
});

export type AppAnswer = z.output<typeof AppAnswer>;
