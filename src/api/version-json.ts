/** A version and its functions as JSON. Header values are secrets: they come in and never go out. */
import { z } from "@hono/zod-openapi";
import { MODULES_MAX } from "../domain/code/modules.ts";
import { FUNCTION_KINDS, type FunctionSpec, ISOLATE_SHARINGS, type Version } from "../domain/function.ts";
import { readNotification } from "../domain/notification.ts";
import { toIso } from "../domain/time/instant.ts";
import { FunctionName, InstantText, LengthField, TimezoneField } from "./fields.ts";
import { NotificationJson, NotificationsField, notificationJson } from "./notification-json.ts";
import { ExpressionField, RetryField } from "./schedule-json.ts";

export const FUNCTIONS_MAX = 200;
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
    export: z
      .string()
      .optional()
      .openapi({ description: "The export that a code function is; absent: the one that has its name." }),
    isolate: z
      .enum(ISOLATE_SHARINGS)
      .optional()
      .openapi({ description: "Of a code function: `run`, an isolate for each run, or `version`, a warm one." }),
    schedule: ExpressionField.optional(),
    timezone: TimezoneField.optional(),
    retry: RetryField.optional(),
    timeout: LengthField.optional(),
    notifications: NotificationsField.optional(),
  })
  .openapi("NewFunction");

/** Texts by name. */
const ModulesField = z.record(z.string(), z.string()).openapi({
  description: `ES modules, JSON and texts by their paths, ${MODULES_MAX} at most. Every function that the main module exports is one of the version.`,
});

/** What a caller sends to upload a version. */
export const NewVersion = z
  .strictObject({
    functions: z.array(NewFunction).max(FUNCTIONS_MAX).optional().openapi({
      description:
        "Http functions, and code functions that take their place in the order or say more than their export.",
    }),
    modules: ModulesField.optional(),
    main: z.string().optional().openapi({ description: "The main module; by default `index.js`, or the only one." }),
  })
  .openapi("NewVersion");

/** The modules of a version, as they were uploaded. */
export const ModulesJson = z.strictObject({ main: z.string(), modules: ModulesField }).openapi("Modules");

const FunctionJson = z
  .strictObject({
    name: z.string(),
    kind: z.enum(FUNCTION_KINDS),
    url: z.string().nullable(),
    headers: z.array(z.string()).openapi({ description: "The names of the headers." }),
    export: z.string().nullable(),
    isolate: z.enum(ISOLATE_SHARINGS).nullable().openapi({ description: "Null for an http function." }),
    schedule: z.string().nullable(),
    timezone: z.string().nullable(),
    retry: RetryField.nullable(),
    timeout: LengthField.nullable(),
    notifications: z.array(NotificationJson),
  })
  .openapi("Function");

/** What a caller gets. */
export const VersionJson = z
  .strictObject({
    version: z.int(),
    state: z.enum(["published", "draft", "retired"]),
    functions: z.array(FunctionJson),
    code: z
      .strictObject({
        hash: z.string(),
        main: z.string(),
        modules: z.array(z.strictObject({ name: z.string(), bytes: z.int() })),
      })
      .nullable()
      .openapi({ description: "Null for a version of http functions alone." }),
    created_at: InstantText,
  })
  .openapi("Version");

/** The version as a caller sees it. */
export const versionJson = (version: Version): z.output<typeof VersionJson> => ({
  version: version.number,
  state: version.state,
  functions: version.functions.map(functionJson),
  code: codeJson(version.code),
  created_at: toIso(version.createdAt),
});

const codeJson = (code: Version["code"]): z.output<typeof VersionJson>["code"] =>
  code === null ? null : { ...code, modules: code.modules.map((one) => ({ ...one })) };

const functionJson = (fn: FunctionSpec): z.output<typeof FunctionJson> => ({
  name: fn.name,
  kind: fn.kind,
  url: fn.url ?? null,
  headers: [...(fn.headerNames ?? [])],
  export: fn.export ?? null,
  isolate: fn.kind === "code" ? (fn.isolate ?? "run") : null,
  schedule: fn.schedule ?? null,
  timezone: fn.timezone ?? null,
  retry: typeof fn.retry === "object" ? { ...fn.retry } : (fn.retry ?? null),
  timeout: fn.timeout ?? null,
  notifications: (fn.notifications ?? []).map((one) => notificationJson(readNotification(one))),
});
