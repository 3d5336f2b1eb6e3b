/**
 * The three doors. Each takes an operation and a handler, and does for every request what no handler should repeat:
 * recognise the caller, find the project, read and validate the input, render the answer.
 */
import type { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { authenticate } from "../directory/authenticate.ts";
import type { Caller } from "../directory/callers.ts";
import { findProject, type Project } from "../directory/projects.ts";
import type { ProjectScope } from "../domain/access.ts";
import { fail, type Result } from "../domain/result.ts";
import { now } from "../system.ts";
import { type Answered, renderAnswer } from "./answer.ts";
import { type Ask, readInput } from "./input.ts";
import {
  type Access,
  type AnyOperation,
  type Api,
  type ApiEnv,
  describeOperation,
  type Operation,
} from "./operation.ts";
import { NOT_FOUND, type Problem } from "./problem.ts";
import { type ProjectLine, projectLine } from "./project-line.ts";
import { unauthorized } from "./unauthorized.ts";

/** One from a caller with a token. */
export interface WorkspaceAsk<Params, Query, Body> extends Ask<Params, Query, Body> {
  readonly caller: Caller;
}

/** One about a project that is the caller's. */
export interface ProjectAsk<Params, Query, Body> extends WorkspaceAsk<Params, Query, Body> {
  readonly project: Project;
  readonly scope: ProjectScope;
  readonly actor: ProjectLine;
}

type Handler<Given> = (ask: Given) => Answered | Promise<Answered>;

/** For anyone. */
export function publicly<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  api: Api,
  operation: Operation<P, Q, B>,
  handle: Handler<Ask<z.output<P>, z.output<Q>, z.output<B>>>,
): void {
  mount(api, operation, "public", async (c) => {
    const input = await readInput(c, operation);
    return input.ok ? handle(input.value) : input;
  });
}

/** For whoever holds a token of a workspace. */
export function inWorkspace<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  api: Api,
  operation: Operation<P, Q, B>,
  handle: Handler<WorkspaceAsk<z.output<P>, z.output<Q>, z.output<B>>>,
): void {
  mount(api, operation, "workspace", async (c) => {
    const caller = await recognise(c);
    if (!caller.ok) return caller;
    const input = await readInput(c, operation);
    return input.ok ? handle({ ...input.value, caller: caller.value }) : input;
  });
}

/** For whoever holds a token of the workspace that the project `{p}` belongs to. */
export function inProject<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  api: Api,
  operation: Operation<P, Q, B>,
  handle: Handler<ProjectAsk<z.output<P>, z.output<Q>, z.output<B>>>,
): void {
  mount(api, operation, "project", async (c) => {
    const caller = await recognise(c);
    if (!caller.ok) return caller;
    const project = await findProject(c.env.DIRECTORY, caller.value.scope, c.req.param("p") ?? "", now());
    if (project === null) return fail(NOT_FOUND);
    const input = await readInput(c, operation);
    if (!input.ok) return input;
    const { scope } = project;
    return handle({ ...input.value, caller: caller.value, project, scope, actor: projectLine(c.env, scope) });
  });
}

/** Routes the operation and puts it into the document. */
export function mount(
  api: Api,
  operation: AnyOperation,
  access: Access,
  answerTo: (c: Context<ApiEnv>) => Promise<Answered>,
): void {
  describeOperation(api, operation, access);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
  api.on(operation.method, path, async (c) => renderAnswer(await answerTo(c), c.get("requestId")));
}

/** Who calls, by the token in the header. */
async function recognise(c: Context<ApiEnv>): Promise<Result<Caller, Problem>> {
  const caller = await authenticate(c.req.raw.headers.get("authorization"), {
    db: c.env.DIRECTORY,
    now: now(),
    later: (work) => c.executionCtx.waitUntil(work),
  });
  return caller.ok ? caller : fail(unauthorized(caller.error));
}
