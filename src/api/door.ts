/**
 * The doors. Each takes an operation and a handler, and does for every request what no handler should repeat: recognise
 * the caller, find the project, see what they may do there, read and validate the input, write the act into the audit,
 * render the answer.
 */
import type { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Scribe } from "../directory/audit.ts";
import { type Caller, isAble } from "../directory/callers.ts";
import { accessOf } from "../directory/grants.ts";
import { findProject, type Project } from "../directory/projects.ts";
import { type Ability, type AccessLevel, type EffectiveAccess, type ProjectScope, reaches } from "../domain/access.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { scribing } from "../http/doing.ts";
import { newId, now } from "../system.ts";
import { type Answered, renderAnswer } from "./answer.ts";
import { noteAct } from "./audit-trail.ts";
import { type Ask, readInput } from "./input.ts";
import { acceptsHtml } from "./negotiation.ts";
import { type AnyOperation, type Api, type ApiEnv, type Door, describeOperation, type Operation } from "./operation.ts";
import { NOT_FOUND, type Problem } from "./problem.ts";
import { type ProjectLine, projectLine } from "./project-line.ts";
import { recognise } from "./recognise.ts";
import { recogniseOperator } from "./recognise-operator.ts";

/** One from a caller who was recognised. */
export interface WorkspaceAsk<Params, Query, Body> extends Ask<Params, Query, Body> {
  readonly caller: Caller;
  /** Who does what is asked for, as the audit names them. */
  readonly scribe: Scribe;
}

/** One about a project that the caller has access to. */
export interface ProjectAsk<Params, Query, Body> extends WorkspaceAsk<Params, Query, Body> {
  readonly project: Project;
  readonly access: EffectiveAccess;
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

/** For whoever is in a workspace and has the ability that the operation needs there. */
export function inWorkspace<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  api: Api,
  operation: Operation<P, Q, B> & { readonly needs?: Ability },
  handle: Handler<WorkspaceAsk<z.output<P>, z.output<Q>, z.output<B>>>,
): void {
  const fresh = operation.changesDirectory ?? operation.method !== "get";
  mount(api, operation, "workspace", async (c) => {
    const caller = await recognise(c, { fresh });
    if (!caller.ok) return caller;
    if (operation.needs !== undefined && !isAble(caller.value, operation.needs))
      return fail(unable(operation.needs, caller.value));
    const input = await readInput(c, operation);
    if (!input.ok) return input;
    return handle({ ...input.value, caller: caller.value, scribe: scribeOf(c, caller.value.doer, input.value.now) });
  });
}

/** For whoever has the access that the operation needs to the project `{p}`. */
export function inProject<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  api: Api,
  operation: Operation<P, Q, B> & { readonly needs: AccessLevel },
  handle: Handler<ProjectAsk<z.output<P>, z.output<Q>, z.output<B>>>,
): void {
  const fresh = operation.changesDirectory ?? false;
  mount(api, operation, "project", async (c) => {
    const caller = await recognise(c, { fresh });
    if (!caller.ok) return caller;
    const found = await findFor(c, caller.value, { ...operation, fresh });
    if (!found.ok) return found;
    const input = await readInput(c, operation);
    if (!input.ok) return input;
    const { project, access } = found.value;
    const { scope } = project;
    const scribe = scribeOf(c, caller.value.doer, input.value.now);
    const actor = projectLine(c.env, scope);
    const answered = await handle({ ...input.value, caller: caller.value, scribe, project, access, scope, actor });
    const later = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
    noteAct(
      c.env.DIRECTORY,
      { operation, answered, project, params: c.req.param(), caller: caller.value, scribe },
      later,
    );
    return answered;
  });
}

/** One from whoever runs the deployment. */
export interface OperatorAsk<Params, Query, Body> extends Ask<Params, Query, Body> {
  readonly scribe: Scribe;
}

/** For whoever runs the deployment. */
export function asOperator<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  api: Api,
  operation: Operation<P, Q, B>,
  handle: Handler<OperatorAsk<z.output<P>, z.output<Q>, z.output<B>>>,
): void {
  mount(api, operation, "operator", async (c) => {
    const operator = await recogniseOperator(c);
    if (!operator.ok) return operator;
    const input = await readInput(c, operation);
    return input.ok ? handle({ ...input.value, scribe: scribeOf(c, { kind: "operator" }, input.value.now) }) : input;
  });
}

/** Routes the operation and puts it into the document. */
export function mount(
  api: Api,
  operation: AnyOperation,
  door: Door,
  answerTo: (c: Context<ApiEnv>) => Promise<Answered>,
): void {
  describeOperation(api, operation, door);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
  api.on(operation.method, path, async (c) => {
    const answered = await answerTo(c);
    const { tellBrowser } = operation;
    if (!answered.ok && tellBrowser !== undefined && acceptsHtml(c.req.raw))
      return tellBrowser(answered.error, c.get("requestId"));
    return renderAnswer(answered, c.get("requestId"));
  });
}

/** Without any access the project is not there; with too little, the caller is told what it takes. */
async function findFor(
  c: Context<ApiEnv>,
  caller: Caller,
  { needs, orAbility, fresh }: { readonly needs: AccessLevel; readonly orAbility?: Ability; readonly fresh: boolean },
): Promise<Result<{ readonly project: Project; readonly access: EffectiveAccess }, Problem>> {
  const at = now();
  const project = await findProject(c.env.DIRECTORY, caller.scope, c.req.param("p") ?? "", at);
  if (project === null) return fail(NOT_FOUND);
  const access = await accessOf(c.env.DIRECTORY, caller, project.id, { now: at, fresh });
  if (reaches(access.access, needs) || (orAbility !== undefined && isAble(caller, orAbility)))
    return ok({ project, access });
  return fail(access.access === "none" ? NOT_FOUND : tooLittle(needs, access));
}

const tooLittle = (needs: AccessLevel, { access, cap, granted, reason }: EffectiveAccess): Problem => ({
  code: "forbidden",
  detail: `This needs ${needs}, and your access to the project is ${access}.`,
  extra: { needs, has: access, role_cap: cap, granted, reason },
});

/** The refusal of a caller whose role does not allow it, or whose token is held to projects. */
export const unable = (needs: Ability, caller: Caller): Problem => ({
  code: "forbidden",
  detail:
    caller.projects === null
      ? `The role ${caller.role} does not ${needs.replaceAll("_", " ")}.`
      : "The token is held to projects, and does nothing to the workspace around them.",
  extra: { needs, has: caller.role },
});

/** What a door writes into the audit with. */
const scribeOf = scribing(newId);
