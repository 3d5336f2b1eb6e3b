/** A run with all that there is to know of it, as the console reads it. */
import { z } from "@hono/zod-openapi";
import { CAPTURE_FORMATS, CAPTURE_STATES } from "../../domain/captures/capture.ts";
import { LOG_LEVELS } from "../../domain/run-output.ts";
import { DeliveryAnswer } from "./delivery.ts";
import { InstantAnswer } from "./fields.ts";
import { RunAnswer } from "./run.ts";

export const CaptureAnswer = z.object({
  format: z.enum(CAPTURE_FORMATS),
  state: z.enum(CAPTURE_STATES),
  facts: z.object({ print: z.object({ pages: z.int() }).nullable() }).nullable(),
  failure: z.object({ message: z.string(), detail: z.string().optional(), fix: z.string() }).nullable(),
});

export type CaptureAnswer = z.output<typeof CaptureAnswer>;

/** `/v1/projects/{p}/runs/{r}/captures`. */
export const CapturesAnswer = z.object({ items: z.array(CaptureAnswer) });

const LogAnswer = z.object({
  lines: z.array(z.object({ at: InstantAnswer, fn: z.string(), level: z.enum(LOG_LEVELS), text: z.string() })),
  truncated: z.boolean(),
});

export type LogAnswer = z.output<typeof LogAnswer>;

/** `/v1/projects/{p}/runs/{r}`. */
export const WholeRunAnswer = RunAnswer.extend({
  chain: z.array(RunAnswer),
  log: LogAnswer.nullable(),
  captures: z.array(CaptureAnswer),
  deliveries: z.array(DeliveryAnswer),
});

export type WholeRunAnswer = z.output<typeof WholeRunAnswer>;

/** `/v1/projects/{p}/runs/{r}/output`. */
export const OutputAnswer = z.object({
  items: z.array(z.object({ fn: z.string(), value: z.json() })),
  complete: z.boolean(),
});

export type OutputAnswer = z.output<typeof OutputAnswer>;
