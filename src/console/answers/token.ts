/** API tokens, as the console reads them. */
import { z } from "@hono/zod-openapi";
import { InstantAnswer } from "./fields.ts";

export const TokenAnswer = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(["personal", "workspace"]),
  member: z.object({ id: z.string(), email: z.string() }).nullable(),
  mode: z.enum(["read", "write"]),
  projects: z.array(z.string()).nullable(),
  created_at: InstantAnswer,
  expires_at: InstantAnswer.nullable(),
  last_used_at: InstantAnswer.nullable(),
  revoked_at: InstantAnswer.nullable(),
});

export type TokenAnswer = z.output<typeof TokenAnswer>;

/** With its text, which no other answer has. */
export const MadeTokenAnswer = TokenAnswer.extend({ token: z.string() });

export type MadeTokenAnswer = z.output<typeof MadeTokenAnswer>;
