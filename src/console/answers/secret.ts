/** What a project's calls are signed with, as the console reads it. */
import { z } from "@hono/zod-openapi";
import { InstantAnswer } from "./fields.ts";

export const SecretAnswer = z.object({ secret: z.string(), previous_valid_until: InstantAnswer.nullable() });

export type SecretAnswer = z.output<typeof SecretAnswer>;
