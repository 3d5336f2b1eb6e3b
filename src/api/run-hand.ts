/**
 * The hand that a run is given for its own project: a code function sends events with it, as a caller does over HTTP. It
 * reaches no further than its props, which the executor writes and the function never sees.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { z } from "@hono/zod-openapi";
import { findProject } from "../directory/projects.ts";
import { mintProjectScope, type ProjectScope, workspaceOf } from "../domain/access.ts";
import type { Target } from "../domain/audit.ts";
import type { Failure } from "../domain/errors.ts";
import { isUuid, type ProjectId, type RunId, readScheduleId, type WorkspaceId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Env } from "../env.ts";
import { newId, now } from "../system.ts";
import { noteEntry } from "./audit-trail.ts";
import { problemOf } from "./problem.ts";
import { type ProjectLine, projectLine } from "./project-line.ts";
import { refusalOf } from "./refusal.ts";
import type { SavingPlace } from "./saving-schedules.ts";
import { cancelByEvent, idOf, makeByEvent, NewEvent } from "./schedule-events.ts";
import { savedTarget } from "./schedules.ts";
import { validate } from "./validate.ts";

/** Whose hand it is. */
export interface RunHandProps {
  readonly workspace: WorkspaceId;
  readonly project: ProjectId;
  readonly run: RunId;
  /** The function that runs, for the audit. */
  readonly fn?: string | undefined;
}

/** An id, whether, or how many. Not any JSON: the platform's own stub type unrolls ours without end. */
type Value = string | number | boolean;

/** What an event came to; `message` is for the author of the function, as the text of an exception. */
export type Sent = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

const DATA_MAX_BYTES = 65_536;

/** An event as it was done. */
interface Done {
  readonly value: Value;
  readonly target: Target | null;
}

type Event = z.output<typeof NewEvent>;

export class RunHand extends WorkerEntrypoint<Env, RunHandProps> {
  /** `hot:schedule:new` answers the schedule's id; `hot:schedule:cancel` whether, or by function how many. */
  async send(event: string, data: unknown): Promise<Sent> {
    const { workspace, project, run } = this.ctx.props;
    const read = readEvent(event, data);
    if (!read.ok) return { ok: false, message: read.error };
    const scope = mintProjectScope(workspace, project);
    const actor = projectLine(this.env, scope);
    if (!(await isRunning(actor, run))) return { ok: false, message: ENDED };
    const place = await this.#place(scope, actor);
    if (place === null) return { ok: false, message: ENDED };
    const done = await carryOut(place, read.value);
    if (!done.ok) return { ok: false, message: refusalOf(problemOf(done.error)) };
    if (done.value.target !== null) this.#audit(scope, done.value.target);
    return { ok: true, value: done.value.value };
  }

  /** Null: the project was deleted meanwhile. */
  async #place(scope: ProjectScope, actor: ProjectLine): Promise<SavingPlace | null> {
    const project = await findProject(this.env.DIRECTORY, workspaceOf(scope), scope.projectId, now());
    const doing = { doer: { kind: "system" }, at: now(), requestId: null, address: null } as const;
    return project && { env: this.env, project, actor, scribe: { doing, newId } };
  }

  /** The system's act: no person and no token is there when code runs. The entry says which run it was, and which function. */
  #audit(scope: ProjectScope, target: Target): void {
    const { project, run, fn } = this.ctx.props;
    const doing = { doer: { kind: "system" }, at: now(), requestId: null, address: null } as const;
    const entry = { act: "event.sent", target, project, detail: { run, fn: fn ?? null } } as const;
    const later = (work: Promise<unknown>) => this.ctx.waitUntil(work);
    noteEntry(this.env.DIRECTORY, workspaceOf(scope), { scribe: { doing, newId }, entry }, later);
  }
}

/** As over HTTP: what arrives is what JSON can say, and no more of it than a bound. */
function readEvent(event: string, data: unknown): Result<Event, string> {
  const text = jsonOf(data);
  if (text === null) return fail("data: It cannot be written as JSON; expected an object of texts, numbers and lists");
  if (Buffer.byteLength(text) > DATA_MAX_BYTES)
    return fail(`data: It is larger than the ${DATA_MAX_BYTES} bytes that an event may carry`);
  const read = validate(NewEvent, { event, data: JSON.parse(text) });
  return read.ok ? read : fail(refusalOf({ detail: "The event cannot be accepted.", errors: read.error }));
}

function jsonOf(data: unknown): string | null {
  try {
    return JSON.stringify(data) ?? "null";
  } catch {
    return null;
  }
}

/** A function that goes on after its run was cancelled, or settled as lost, has no say in the project any more. */
async function isRunning(actor: ProjectLine, run: RunId): Promise<boolean> {
  const found = await actor.repeatable((project) => project.run(run));
  return found.ok && found.value.status === "running";
}

async function carryOut(place: SavingPlace, { event, data }: Event): Promise<Result<Done, Failure>> {
  const { actor } = place;
  if (event === "hot:schedule:new") {
    const saved = await makeByEvent(place, data);
    return saved.ok ? ok({ value: saved.value.schedule.id, target: savedTarget(saved.value) }) : saved;
  }
  if (await isCancelled(actor, idOf(data))) return ok({ value: false, target: null });
  const done = await cancelByEvent(actor, data);
  if (!done.ok) return done;
  const { cancelled, target } = done.value;
  return ok({ value: data.fn === undefined ? cancelled > 0 : cancelled, target });
}

/** Over HTTP a cancel that is repeated answers as the first did, whose answer may be lost. Code asks whether there was something. */
async function isCancelled(actor: ProjectLine, id: string | undefined): Promise<boolean> {
  if (id === undefined || !isUuid(id)) return false;
  const found = await actor.repeatable((project) => project.schedule(readScheduleId(id)));
  return found.ok && found.value.state === "cancelled";
}

const ENDED = "The run has ended or was cancelled, so it sends nothing any more";
