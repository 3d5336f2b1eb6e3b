/** Entries of the audit, as the console reads them. */
import { z } from "@hono/zod-openapi";
import { DOER_KINDS } from "../../domain/audit.ts";
import { InstantAnswer } from "./fields.ts";

export const EntryAnswer = z.object({
  id: z.string(),
  at: InstantAnswer,
  doer: z.object({ kind: z.enum(DOER_KINDS), id: z.string().nullable(), name: z.string() }),
  act: z.string(),
  target: z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() }),
  project: z.string().nullable(),
  detail: z.unknown(),
  address: z.string().nullable(),
  request_id: z.string().nullable(),
});

export type EntryAnswer = z.output<typeof EntryAnswer>;
