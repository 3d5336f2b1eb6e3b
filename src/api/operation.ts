/**
 * What an operation of the API is: one description that routes a request, validates it, and is shown in the OpenAPI
 * document. The doors (`door.ts`) turn descriptions into handlers.
 */
import { createRoute, type OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import type { Ability, AccessLevel } from "../domain/access.ts";
import type { Act } from "../domain/audit.ts";
import type { Env } from "../env.ts";
import type { Problem } from "./problem.ts";
import { PROBLEMS, type ProblemCode } from "./problem-catalogue.ts";

/** What a handler finds in its context. */
export interface ApiEnv {
  readonly Bindings: Env;
  readonly Variables: { readonly requestId: string };
}

/** The router that also writes the document. */
export type Api = OpenAPIHono<ApiEnv>;

/**
 * Who may call: anyone, somebody of a workspace, somebody with access to the project, a run's own token, a token that
 * opens the page of one run, or whoever runs the deployment.
 */
export type Door = "public" | "workspace" | "project" | "run" | "page" | "operator";

/** One way in which an operation answers when nothing is wrong. */
export interface AnswerFacts {
  readonly description: string;
  /** Of its JSON. Absent: the answer has no JSON. */
  readonly schema?: z.ZodType;
  /** It may be a page. */
  readonly isPage?: true;
  /** It is bytes of one of these types. */
  readonly types?: readonly string[];
  /** Of one of its server-sent events. Absent: it has none. */
  readonly events?: z.ZodType;
}

/** One operation: where it is, what it takes, how it answers. */
export interface Operation<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType> {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** With `{names}`, as in the OpenAPI document. */
  readonly path: string;
  /** A unique name for client generators. */
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** The parts of the path beside `{p}`. */
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly bodyLimit?: number;
  /** A body that shows how, for the docs page. */
  readonly example?: unknown;
  /** Takes an `Idempotency-Key`. */
  readonly idempotent?: true;
  /** Takes an `If-Match`. */
  readonly conditional?: true;
  readonly answers: Readonly<Record<number, AnswerFacts>>;
  /** In a project, the least access; in a workspace, what one's role must allow. Absent: whoever is in the workspace. */
  readonly needs?: AccessLevel | Ability;
  /** Does instead of the access: who may share any project need not have a share of it. */
  readonly orAbility?: Ability;
  /** What is written into the audit when it has succeeded. The directory writes its own acts with what they change. */
  readonly act?: Act;
  /**
   * Whether it changes who may do what, so that it is for nobody who is only remembered: what a caller who is revoked does
   * here would outlive the memory. By default writes in the workspace do, and those in a project do not: they are many.
   */
  readonly changesDirectory?: boolean;
  /** Problems beside those that follow from the access and the body. */
  readonly problems?: readonly ProblemCode[];
  /** Of those that say more than every problem does: what. */
  readonly problemSchemas?: Readonly<Partial<Record<ProblemCode, z.ZodType>>>;
  /** How a browser is told of a problem at an address that people open; a program gets the problem itself. */
  readonly tellBrowser?: (problem: Problem, requestId: string) => Response;
}

/** An operation whatever it takes. */
export type AnyOperation = Operation<z.ZodObject, z.ZodObject, z.ZodType>;

export const InputIssueJson = z
  .strictObject({
    path: z.string().openapi({ description: "Where in the input: a JSON Pointer, such as /retry/attempts." }),
    message: z.string(),
    position: z.int().optional().openapi({ description: "The character at which the trouble begins, from 0." }),
    expected: z.string().optional(),
    suggestion: z.string().optional().openapi({ description: "Something near to it that would be accepted." }),
  })
  .openapi("InputIssue");

/** RFC 9457. */
export const ProblemJson = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().openapi({ description: "Stable; for programs." }),
    request_id: z.string().openapi({ description: "Also in the x-request-id header; name it when you ask for help." }),
    errors: z.array(InputIssueJson).optional(),
  })
  .openapi("Problem");

const IdempotencyHeader = z.object({
  "idempotency-key": z.string().min(1).max(255).optional().openapi({
    description: "Makes the write happen once: the same key and request again gets the first answer for a day.",
  }),
});

const IfMatchHeader = z.object({
  "if-match": z
    .string()
    .optional()
    .openapi({ description: "The ETag of the version that you saw; 412 if it is gone." }),
});

const ProjectParam = z.object({
  p: z.string().openapi({ description: "The project's id or slug.", example: "reports" }),
});

/** Puts the operation into the document. */
export function describeOperation(api: Api, operation: AnyOperation, door: Door): void {
  const headers = [
    ...(operation.idempotent ? [IdempotencyHeader] : []),
    ...(operation.conditional ? [IfMatchHeader] : []),
  ];
  const params = paramsOf(operation, door);
  const route: RouteConfig = {
    method: operation.method,
    path: operation.path,
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    security: SECURITY[door].map((scheme) => ({ [scheme]: [] })),
    ...(operation.needs === undefined ? {} : { "x-needs": operation.needs }),
    ...(operation.orAbility === undefined ? {} : { "x-or-ability": operation.orAbility }),
    request: {
      ...(params === undefined ? {} : { params }),
      ...(operation.query === undefined ? {} : { query: operation.query }),
      ...(headers.length === 0 ? {} : { headers }),
      ...(operation.body === undefined ? {} : { body: bodyOf(operation.body, operation.example) }),
    },
    responses: { ...answersOf(operation), ...problemsOf(operation, door) },
  };
  api.openAPIRegistry.registerPath(createRoute(route));
}

/** Any one of them opens the door. */
const SECURITY: Readonly<Record<Door, readonly string[]>> = {
  public: [],
  workspace: ["apiToken", "session"],
  project: ["apiToken", "session"],
  run: ["runToken"],
  page: ["pageToken"],
  operator: ["operatorToken"],
};

function paramsOf(operation: AnyOperation, door: Door): z.ZodObject | undefined {
  if (door !== "project" && door !== "run" && door !== "page") return operation.params;
  return ProjectParam.extend(operation.params?.shape ?? {});
}

const bodyOf = (schema: z.ZodType, example: unknown) => ({
  required: !schema.safeParse({}).success,
  content: { "application/json": { schema, ...(example === undefined ? {} : { example }) } },
});

function answersOf(operation: AnyOperation): RouteConfig["responses"] {
  return Object.fromEntries(
    Object.entries(operation.answers).map(([status, { description, schema, isPage, types = [], events }]) => {
      const content = {
        ...(schema === undefined ? {} : { "application/json": { schema } }),
        ...(isPage ? { "text/html": { schema: z.string() } } : {}),
        ...Object.fromEntries(types.map((type) => [type, { schema: BYTES }])),
        ...(events === undefined ? {} : { "text/event-stream": { schema: events } }),
      };
      return [status, Object.keys(content).length === 0 ? { description } : { description, content }];
    }),
  );
}

const BYTES = z.string().openapi({ format: "binary" });

/** One answer for each status; several codes may share one. */
function problemsOf(operation: AnyOperation, door: Door): RouteConfig["responses"] {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set(codesOf(operation, door))) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join(" "),
        content: { "application/problem+json": { schema: problemSchemaOf(operation, codes) } },
      },
    ]),
  );
}

function problemSchemaOf({ problemSchemas = {} }: AnyOperation, codes: readonly ProblemCode[]): z.ZodType {
  const [only, ...others] = new Set(codes.map((code) => problemSchemas[code] ?? ProblemJson));
  return only === undefined ? ProblemJson : others.length === 0 ? only : z.union([only, ...others]);
}

function codesOf(operation: AnyOperation, door: Door): readonly ProblemCode[] {
  const isOfWorkspace = door === "workspace" || door === "project";
  return [
    "invalid_request",
    ...(operation.query !== undefined && "cursor" in operation.query.shape ? (["invalid_cursor"] as const) : []),
    ...(door === "public" ? [] : (["unauthorized"] as const)),
    ...(isOfWorkspace || door === "page" || door === "operator" ? (["rate_limited"] as const) : []),
    ...(isOfWorkspace && (operation.needs !== undefined || operation.method !== "get") ? (["forbidden"] as const) : []),
    ...(isOfWorkspace && operation.method !== "get" ? (["cross_site"] as const) : []),
    ...(operation.path.includes("{") ? (["not_found"] as const) : []),
    ...(operation.body === undefined
      ? []
      : (["invalid_input", "malformed_json", "body_too_large", "unsupported_media_type"] as const)),
    ...(operation.idempotent ? (["idempotency_key_reused"] as const) : []),
    ...(operation.conditional ? (["precondition_failed"] as const) : []),
    ...(operation.problems ?? []),
    "internal_error",
    "unavailable",
  ];
}
