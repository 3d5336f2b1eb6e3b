/** Schedules made and changed: by input, by the caller's key, by a patch. Called inside a transaction. */
import { conflict, type Failure, type InputIssue, invalid, notFound } from "../domain/errors.ts";
import type { FunctionSpec } from "../domain/function.ts";
import { readScheduleId, type ScheduleId } from "../domain/ids.ts";
import { newlyNamed } from "../domain/news/foresight.ts";
import { refuseRecurrence } from "../domain/plan-rules.ts";
import { effectiveAt, startedUpTo } from "../domain/policy/spread.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import {
  occurrencesOf,
  type Schedule,
  type ScheduleInput,
  type ScheduleOrigin,
  type SchedulePatch,
  type ScheduleSpec,
} from "../domain/schedule.ts";
import { specify } from "../domain/schedule-input.ts";
import type { Instant } from "../domain/time/instant.ts";
import { decideOverdue } from "./firing.ts";
import { refuseMore } from "./plan-limits.ts";
import type { SavedSchedule } from "./rpc.ts";
import { type StoredSchedule, toSchedule } from "./schedule-table.ts";
import type { ProjectState } from "./state.ts";

/** The fields that say when; as long as they stay, so does what was understood, down to the anchor of a grid. */
const TIME_FIELDS = ["schedule", "timezone", "starts_at"] as const;
/** With these too unchanged, the schedule keeps its place in the queue. */
const PLACE_FIELDS = [...TIME_FIELDS, "ends_at", "dst", "spread"] as const;

/** Makes a schedule, or updates the living one that has its key. */
export function saveSchedule(
  state: ProjectState,
  input: ScheduleInput,
  now: Instant,
  origin: ScheduleOrigin = "dynamic",
): Result<SavedSchedule, Failure> {
  const found = input.key === undefined ? null : state.schedules.byKey(input.key);
  const known = found === null ? null : decideOverdue(state, found, now);
  if (known === null || known.endedAt !== null) return create(state, input, now, origin);
  if (sameValue(known.input, input)) return ok({ change: "unchanged", schedule: toSchedule(known), newlyNamed: [] });
  const revised = revise(state, known, input, now);
  if (!revised.ok) return revised;
  const named = newlyNamed(known.spec.notifications, revised.value.spec.notifications);
  return ok({ change: "updated", schedule: revised.value, newlyNamed: named });
}

function create(
  state: ProjectState,
  input: ScheduleInput,
  now: Instant,
  origin: ScheduleOrigin,
): Result<SavedSchedule, Failure> {
  const spec = specifyFor(state, input, now);
  if (!spec.ok) return spec;
  const refusal = refuseTimes(state, spec.value) ?? refuseMore(state);
  if (refusal !== null) return fail(refusal);
  const schedule: StoredSchedule = {
    id: readScheduleId(state.newId()),
    key: input.key ?? null,
    origin,
    state: "active",
    reason: null,
    input,
    spec: spec.value,
    args: input.args ?? null,
    skips: [],
    runs: 0,
    generation: 0,
    armedAt: null,
    pausedAt: null,
    pausedByPlan: false,
    endedAt: null,
    createdAt: now,
    updatedAt: now,
  };
  state.schedules.noteNew();
  const named = newlyNamed([], spec.value.notifications);
  return ok({ change: "created", schedule: toSchedule(enqueue(state, schedule, now)), newlyNamed: named });
}

const refuseTimes = (state: ProjectState, spec: ScheduleSpec): Failure | null =>
  refuseRecurrence(state.settings.read().plan, spec.recurrence);

/** What is remembered of a save under an idempotency key: a row holds two megabytes, and a batch a thousand schedules. */
interface SavedReference {
  readonly change: SavedSchedule["change"];
  readonly id: ScheduleId;
  /** As it was when it was saved: a call is repeated to do what a crash left undone. */
  readonly newlyNamed: readonly string[];
}

/** Saves the schedules of one call, and shows them: as just saved, or when the call is repeated as they are by then. */
export class Saving {
  readonly #state: ProjectState;
  readonly #fresh = new Map<ScheduleId, Schedule>();

  constructor(state: ProjectState) {
    this.#state = state;
  }

  save(input: ScheduleInput, now: Instant): Result<SavedReference, Failure> {
    const saved = saveSchedule(this.#state, input, now);
    if (!saved.ok) return saved;
    const { change, schedule, newlyNamed } = saved.value;
    this.#fresh.set(schedule.id, schedule);
    return ok({ change, id: schedule.id, newlyNamed });
  }

  show(saved: Result<SavedReference, Failure>): Result<SavedSchedule, Failure> {
    if (!saved.ok) return saved;
    // An answer that was kept by an older version does not say who was newly named.
    const { change, id, newlyNamed = [] } = saved.value;
    const fresh = this.#fresh.get(id);
    if (fresh !== undefined) return ok({ change, schedule: fresh, newlyNamed });
    const found = findSchedule(this.#state, id);
    return found.ok ? ok({ change, schedule: toSchedule(found.value), newlyNamed }) : found;
  }
}

/** Changes some fields of a schedule; null takes one back to its default. */
export function patchSchedule(
  state: ProjectState,
  id: ScheduleId,
  patch: SchedulePatch,
  now: Instant,
  expectedUpdatedAt?: Instant,
): Result<Schedule, Failure> {
  const found = findSchedule(state, id);
  if (!found.ok) return found;
  const schedule = decideOverdue(state, found.value, now);
  const refusal = refuseChange(schedule, expectedUpdatedAt);
  if (refusal !== null) return fail(refusal);
  const given = Object.entries({ ...schedule.input, ...patch }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return revise(state, schedule, parseInput(Object.fromEntries(given)), now);
}

function refuseChange(schedule: StoredSchedule, expectedUpdatedAt: Instant | undefined): Failure | null {
  if (schedule.endedAt !== null) return conflict(`The schedule is ${schedule.state}; it cannot be changed.`);
  if (schedule.origin === "metadata") {
    return conflict("The schedule comes with its function; change it there and publish a new version.");
  }
  if (expectedUpdatedAt === undefined || expectedUpdatedAt === schedule.updatedAt) return null;
  return { code: "changed_since", updatedAt: schedule.updatedAt };
}

/** Gives a schedule another input. Its id, its key, its origin and a pause stay. */
export function revise(
  state: ProjectState,
  schedule: StoredSchedule,
  input: ScheduleInput,
  now: Instant,
): Result<Schedule, Failure> {
  const sameTimes = sameFields(schedule.input, input, TIME_FIELDS);
  const spec = specifyFor(state, input, now, sameTimes ? schedule.spec : undefined);
  if (!spec.ok) return spec;
  const refusal = sameTimes ? null : refuseTimes(state, spec.value);
  if (refusal !== null) return fail(refusal);
  const revised = { ...schedule, input, spec: spec.value, args: input.args ?? null, updatedAt: later(schedule, now) };
  if (schedule.state !== "active" || sameFields(schedule.input, input, PLACE_FIELDS)) {
    state.schedules.put(revised);
    return ok(toSchedule(revised));
  }
  // Taken out by its old times, put in by its new ones.
  const { generation, armedAt } = unqueue(state, schedule, now);
  // Its times being the same, an occurrence that a spread has yet to start is still this schedule's.
  const from = sameTimes ? startedUpTo(schedule.id, spec.value.spread, occurrencesOf(spec.value), now) : now;
  return ok(toSchedule(enqueue(state, { ...revised, generation, armedAt, skips: [] }, now, from)));
}

function specifyFor(
  state: ProjectState,
  input: ScheduleInput,
  now: Instant,
  standing?: ScheduleSpec,
): Result<ScheduleSpec, Failure> {
  const fn = findFunction(state, input.fn);
  const spec = specify(
    { ...input, retry: input.retry ?? fn.value?.retry, timeout: input.timeout ?? fn.value?.timeout },
    { now, timezone: state.settings.read().timezone, retryLimits: state.retryLimits, standing },
  );
  const issues = [...(fn.issue === undefined ? [] : [fn.issue]), ...(spec.ok ? [] : spec.error)];
  return spec.ok && issues.length === 0 ? spec : fail(invalid(...issues));
}

/** The function of the published version that a schedule names; its retries and timeout are the schedule's defaults. */
function findFunction(
  state: ProjectState,
  name: string | undefined,
): { readonly value?: FunctionSpec | undefined; readonly issue?: InputIssue } {
  const version = state.versions.published();
  if (version === null) {
    return {
      issue: {
        path: "/fn",
        message: "No version of the project is published, so there is nothing to schedule.",
        expected: "a published version: PUT the project's /published first",
      },
    };
  }
  if (name === undefined) return {};
  const value = version.functions.find((fn) => fn.name === name);
  if (value !== undefined) return { value };
  const names = version.functions.map((fn) => fn.name);
  return {
    issue: {
      path: "/fn",
      message: `The published version has no function ${JSON.stringify(name)}.`,
      expected: `one of: ${names.slice(0, 10).join(", ")}`,
      ...(names[0] === undefined ? {} : { suggestion: names[0] }),
    },
  };
}

/** When a schedule is changed: always later than the last time, so that a reader's ETag tells any two states apart. */
export const later = (schedule: StoredSchedule, now: Instant): Instant => Math.max(now, schedule.updatedAt + 1);

/** Puts an active schedule into the queue at its first occurrence after `from`, or completes it when there is none. */
export function enqueue(
  state: ProjectState,
  schedule: StoredSchedule,
  now: Instant,
  from: Instant = now,
): StoredSchedule {
  const occurrences = occurrencesOf(schedule.spec);
  const nominal = occurrences.next(from);
  if (nominal === null) {
    const over: StoredSchedule = { ...schedule, state: "completed", endedAt: now, armedAt: null };
    state.schedules.put(over);
    return over;
  }
  const at = effectiveAt(schedule.id, schedule.spec.spread, nominal, occurrences.next(nominal));
  const armed = { ...schedule, armedAt: at };
  state.schedules.put(armed);
  state.due.add({ at, scheduleId: schedule.id, nominal, generation: schedule.generation });
  return armed;
}

/**
 * Takes a schedule out of the queue: its row is removed where it can be found without a search (it was armed there, or it
 * is the next occurrence), and the new generation makes any other one stale. The caller writes the row.
 */
export function unqueue(state: ProjectState, schedule: StoredSchedule, now: Instant): StoredSchedule {
  if (schedule.armedAt !== null) state.due.remove(schedule.armedAt, schedule.id);
  const nominal = schedule.spec.spread === 0 ? occurrencesOf(schedule.spec).next(now) : null;
  if (nominal !== null && nominal !== schedule.armedAt) state.due.remove(nominal, schedule.id);
  return { ...schedule, generation: schedule.generation + 1, armedAt: null };
}

/** Finds a schedule, or says that there is none. */
export function findSchedule(state: ProjectState, id: ScheduleId): Result<StoredSchedule, Failure> {
  const schedule = state.schedules.get(id);
  return schedule === null ? fail(notFound("schedule", id)) : ok(schedule);
}

function sameFields(a: ScheduleInput, b: ScheduleInput, fields: readonly (keyof ScheduleInput)[]): boolean {
  return fields.every((field) => sameValue(a[field], b[field]));
}

/** Equal as JSON, whatever the order of the keys; an absent field equals an undefined one. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = new Map<string, unknown>(Object.entries(a));
  const right = new Map<string, unknown>(Object.entries(b));
  return [...new Set([...left.keys(), ...right.keys()])].every((key) => sameValue(left.get(key), right.get(key)));
}

/** The fields come from an input and a patch that the door has checked. */
const parseInput = (fields: { [field: string]: unknown }): ScheduleInput => fields as unknown as ScheduleInput;
