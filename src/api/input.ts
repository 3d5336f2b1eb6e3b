/** Reads everything that an operation says about its input: the path, the query, the body, the headers. */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Idempotency } from "../actor/rpc.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Instant } from "../domain/time/instant.ts";
import { type Config, type Env, readConfig } from "../env.ts";
import { now } from "../system.ts";
import { BODY_LIMIT_BYTES, type Body, readBody } from "./body.ts";
import { readIdempotency } from "./idempotency.ts";
import type { ApiEnv, Operation } from "./operation.ts";
import { invalidInput, invalidRequest, NOT_FOUND, type Problem } from "./problem.ts";
import { validate } from "./validate.ts";

/** A request that was read: what every handler gets. */
export interface Ask<Params, Query, Content> {
  readonly env: Env;
  readonly config: Config;
  readonly request: Request;
  readonly requestId: string;
  /** The one instant of the request: what is stored, audited and answered agree on it. */
  readonly now: Instant;
  readonly params: Params;
  readonly query: Query;
  readonly body: Content;
  readonly idempotency: Idempotency | undefined;
}

const NO_PARAMS = z.object({});
const NO_FIELDS = z.strictObject({});
const NO_BODY: Body = { text: "", value: {} };

/** The request as the handler gets it, or the first part of it that is refused. */
export async function readInput<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  c: Context<ApiEnv>,
  operation: Operation<P, Q, B>,
): Promise<Result<Ask<z.output<P>, z.output<Q>, z.output<B>>, Problem>> {
  const request = c.req.raw;
  const params = validate(asSchemaOr(operation.params, NO_PARAMS), c.req.param());
  // An id of the wrong shape names nothing; an answer of its own would tell shapes from absences.
  if (!params.ok) return fail(NOT_FOUND);
  const query = readQuery(asSchemaOr(operation.query, NO_FIELDS), request.url);
  if (!query.ok) return query;
  const sent =
    operation.body === undefined ? ok(NO_BODY) : await readBody(request, operation.bodyLimit ?? BODY_LIMIT_BYTES);
  if (!sent.ok) return sent;
  const body = validate(asSchemaOr(operation.body, NO_FIELDS), sent.value.value);
  if (!body.ok) return fail(invalidInput(body.error));
  const idempotency = operation.idempotent ? readIdempotency(request, sent.value.text) : ok(undefined);
  if (!idempotency.ok) return idempotency;
  return ok({
    env: c.env,
    config: readConfig(c.env),
    request,
    requestId: c.get("requestId"),
    now: now(),
    params: params.value,
    query: query.value,
    body: body.value,
    idempotency: idempotency.value,
  });
}

function readQuery<Q extends z.ZodObject>(schema: Q, url: string): Result<z.output<Q>, Problem> {
  const mark = url.indexOf("?");
  const given = new URLSearchParams(mark === -1 ? "" : url.slice(mark));
  const names = [...given.keys()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    return fail(invalidRequest([{ path: `/${twice}`, message: `${twice} is given twice.`, expected: "one value" }]));
  }
  const query = validate(schema, Object.fromEntries(given));
  return query.ok ? query : fail(invalidRequest(query.error));
}

/** An operation without a schema has the type of one that accepts nothing, whatever its name. */
const asSchemaOr = <Schema extends z.ZodType>(schema: Schema | undefined, nothing: z.ZodType): Schema =>
  schema ?? (nothing as Schema);
