/** Versions, as the console reads them. */
import { z } from "@hono/zod-openapi";
import { InstantAnswer } from "./fields.ts";
import { NotificationAnswer } from "./notification.ts";

const FunctionAnswer = z.object({
  name: z.string(),
  kind: z.enum(["code", "http"]),
  url: z.string().nullable(),
  headers: z.array(z.string()),
  export: z.string().nullable(),
  schedule: z.string().nullable(),
  timezone: z.string().nullable(),
  retry: z.union([z.int(), z.looseObject({ attempts: z.int() })]).nullable(),
  timeout: z.union([z.int(), z.string()]).nullable(),
  notifications: z.array(NotificationAnswer),
});

export type FunctionAnswer = z.output<typeof FunctionAnswer>;

export const VersionAnswer = z.object({
  version: z.int(),
  state: z.enum(["published", "draft", "retired"]),
  functions: z.array(FunctionAnswer),
  code: z.object({ main: z.string(), modules: z.array(z.object({ name: z.string(), bytes: z.int() })) }).nullable(),
  created_at: InstantAnswer,
});

export type VersionAnswer = z.output<typeof VersionAnswer>;

/** The texts of a version's modules. */
export const ModulesAnswer = z.object({ main: z.string(), modules: z.record(z.string(), z.string()) });

const names = z.array(z.string());

/** What publishing does to the schedules that functions bring with them. */
export const PublicationAnswer = z.object({
  schedules: z.object({ created: names, changed: names, removed: names, unchanged: names }),
  run_id: z.string().nullable(),
});

export type PublicationAnswer = z.output<typeof PublicationAnswer>;

export const ComparisonAnswer = z.object({
  with: z.int().nullable(),
  functions: z.object({
    added: names,
    removed: names,
    changed: z.array(z.object({ name: z.string(), fields: names })),
    reordered: z.boolean(),
  }),
  modules: z.object({
    added: names,
    removed: names,
    changed: z.array(z.object({ name: z.string(), diff: z.string().nullable() })),
  }),
});

export type ComparisonAnswer = z.output<typeof ComparisonAnswer>;
