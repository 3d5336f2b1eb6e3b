/** A version and its functions as JSON. Header values are secrets: they come in and never go out. */
import { z } from "@hono/zod-openapi";
import { FUNCTION_KINDS, type FunctionSpec, type Version } from "../domain/function.ts";
import { toIso } from "../domain/time/instant.ts";
import { FunctionName, InstantText, LengthField, TimezoneField } from "./fields.ts";
import { ExpressionField, RetryField } from "./schedule-json.ts";

const FUNCTIONS_MAX = 200;
const HEADERS_MAX = 32;
const HEADER_MAX_LENGTH = 4_096;

const Headers = z
  .record(z.string(), z.string().max(HEADER_MAX_LENGTH))
  .refine((headers) => Object.keys(headers).length <= HEADERS_MAX, {
    error: `There are more than ${HEADERS_MAX} headers.`,
  })
  .openapi({ description: "Sent with each call. Kept sealed; only the names are ever shown." });

/** What a caller sends of one function. */
export const NewFunction = z
  .strictObject({
    name: FunctionName,
    kind: z.enum(FUNCTION_KINDS),
    url: z.string().optional().openapi({ description: "Where an http function is called.", format: "uri" }),
    headers: Headers.optional(),
    export: z.string().optional().openapi({ description: "The export that a code function is." }),
    schedule: ExpressionField.optional(),
    timezone: TimezoneField.optional(),
    retry: RetryField.optional(),
    timeout: LengthField.optional(),
  })
  .openapi("NewFunction");

/** What a caller sends to upload a version. */
export const NewVersion = z
  .strictObject({
    functions: z.array(NewFunction).min(1).max(FUNCTIONS_MAX),
    modules: z.record(z.string(), z.string()).optional().openapi({ description: "The modules of code functions." }),
  })
  .openapi("NewVersion");

const FunctionJson = z
  .strictObject({
    name: z.string(),
    kind: z.enum(FUNCTION_KINDS),
    url: z.string().nullable(),
    headers: z.array(z.string()).openapi({ description: "The names of the headers." }),
    schedule: z.string().nullable(),
    timezone: z.string().nullable(),
    retry: RetryField.nullable(),
    timeout: LengthField.nullable(),
  })
  .openapi("Function");

/** What a caller gets. */
export const VersionJson = z
  .strictObject({
    version: z.int(),
    state: z.enum(["published", "draft", "retired"]),
    functions: z.array(FunctionJson),
    created_at: InstantText,
  })
  .openapi("Version");

/** The version as a caller sees it. */
export const versionJson = (version: Version): z.output<typeof VersionJson> => ({
  version: version.number,
  state: version.state,
  functions: version.functions.map(functionJson),
  created_at: toIso(version.createdAt),
});

const functionJson = (fn: FunctionSpec): z.output<typeof FunctionJson> => ({
  name: fn.name,
  kind: fn.kind,
  url: fn.url ?? null,
  headers: [...(fn.headerNames ?? [])],
  schedule: fn.schedule ?? null,
  timezone: fn.timezone ?? null,
  retry: typeof fn.retry === "object" ? { ...fn.retry } : (fn.retry ?? null),
  timeout: fn.timeout ?? null,
});
