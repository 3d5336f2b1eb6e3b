/**
 * Publishing a version, and what it does to the schedules that functions bring with them. Only metadata schedules are
 * touched; those that people and functions made stay as they are. Called inside a transaction.
 */
import type { RunKey } from "../domain/claim.ts";
import { type Failure, type InputIssue, notFound } from "../domain/errors.ts";
import type { FunctionSpec, Version } from "../domain/function.ts";
import { refuseRecurrence } from "../domain/plan-rules.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { ScheduleInput } from "../domain/schedule.ts";
import { specify } from "../domain/schedule-input.ts";
import type { Instant } from "../domain/time/instant.ts";
import { decideOverdue } from "./firing.ts";
import { refuseMore } from "./plan-limits.ts";
import type { PublicationPlan, PublicationWish } from "./rpc.ts";
import { revise, saveSchedule } from "./saving-schedules.ts";
import type { StoredSchedule } from "./schedule-table.ts";
import { startRun } from "./starting-runs.ts";
import type { ProjectState } from "./state.ts";
import { cancelSchedule } from "./steering-schedules.ts";

/** What a function's own schedule is made of. */
type Wanted = { readonly fn: FunctionSpec; readonly input: ScheduleInput };

/** What publishing did, and the run that is to be handed to the queue because of it. */
export interface Publication {
  readonly plan: PublicationPlan;
  readonly send: readonly RunKey[];
}

/** Says what publishing would do, and does it unless `dryRun`. One wrong expression refuses the whole. */
export function publish(
  state: ProjectState,
  number: number,
  { dryRun = false, refresh = false, origin }: PublicationWish,
  now: Instant,
): Result<Publication, Failure> {
  const version = state.versions.get(number);
  if (version === null) return fail(notFound("version", String(number)));
  const issues = issuesOf(state, version, now);
  if (issues.length > 0) return fail({ code: "invalid", issues });

  const wanted = version.functions.flatMap((fn) => wish(fn));
  const living = new Map(state.schedules.livingMetadata().map((schedule) => [schedule.input.fn, schedule]));
  const plan = compare(number, wanted, living);
  const refusal = refuseByPlan(state, plan, wanted, living, now);
  if (refusal !== null) return fail(refusal);
  if (dryRun) return ok({ plan, send: [] });
  if (origin !== undefined) state.settings.change({ origin });
  apply(state, plan, wanted, living, now);
  state.app.tidy(version.functions.map(({ name }) => name));
  return ok(refresh ? refreshApp(state, plan, now) : { plan, send: [] });
}

/**
 * Runs the whole project for the app to show. Published once more while such a run is still on its way, that one is
 * answered: a publication that is repeated because its answer was lost starts no second run. A plan that allows no run
 * today does not refuse the publication, which then goes without.
 */
function refreshApp(state: ProjectState, plan: PublicationPlan, now: Instant): Publication {
  const known = state.runs.ofPublication().find(({ version }) => version === null || version === plan.version);
  if (known !== undefined) return { plan: { ...plan, run: known.id }, send: [] };
  const started = startRun(state, { context: "app" }, now, { ofPublication: true });
  if (!started.ok) return { plan, send: [] };
  return { plan: { ...plan, run: started.value.run.id }, send: started.value.send };
}

function wish(fn: FunctionSpec): readonly Wanted[] {
  if (fn.schedule === undefined) return [];
  const { name, schedule, timezone, retry, timeout, notifications } = fn;
  return [{ fn, input: { fn: name, schedule, timezone, retry, timeout, notifications } }];
}

function issuesOf(state: ProjectState, version: Version, now: Instant): readonly InputIssue[] {
  const context = { now, timezone: state.settings.read().timezone, retryLimits: state.retryLimits };
  return version.functions.flatMap((fn, index) =>
    wish(fn).flatMap(({ input }) => {
      const spec = specify(input, context);
      if (!spec.ok) return spec.error.map((issue) => ({ ...issue, path: `/functions/${index}${issue.path}` }));
      if (spec.value.recurrence.kind !== "once") return [];
      return [onlyOnce(fn, index)];
    }),
  );
}

/** What is new must fit the plan as a whole; what stands as it stood is not asked about again. */
function refuseByPlan(
  state: ProjectState,
  plan: PublicationPlan,
  wanted: readonly Wanted[],
  living: ReadonlyMap<string | undefined, StoredSchedule>,
  now: Instant,
): Failure | null {
  const { plan: bought, timezone } = state.settings.read();
  for (const { fn, input } of wanted) {
    const known = living.get(fn.name)?.input;
    if (known?.schedule === input.schedule && known.timezone === input.timezone) continue;
    const spec = specify(input, { now, timezone, retryLimits: state.retryLimits });
    const refusal = spec.ok ? refuseRecurrence(bought, spec.value.recurrence) : null;
    if (refusal !== null) return refusal;
  }
  return plan.created.length === 0 ? null : refuseMore(state, plan.created.length - plan.removed.length);
}

const onlyOnce = (fn: FunctionSpec, index: number): InputIssue => ({
  path: `/functions/${index}/schedule`,
  message: `The schedule of ${fn.name} happens only once; a function's own schedule recurs.`,
  expected: "a recurring expression; one-time schedules are created at run time",
  suggestion: "every day at 9am",
});

function compare(
  version: number,
  wanted: readonly Wanted[],
  living: ReadonlyMap<string | undefined, StoredSchedule>,
): PublicationPlan {
  const names = new Set(wanted.map(({ fn }) => fn.name));
  const isSame = ({ fn, input }: Wanted) => JSON.stringify(living.get(fn.name)?.input) === JSON.stringify(input);
  const nameOf = ({ fn }: Wanted) => fn.name;
  return {
    version,
    run: null,
    created: wanted.filter(({ fn }) => !living.has(fn.name)).map(nameOf),
    changed: wanted.filter((one) => living.has(one.fn.name) && !isSame(one)).map(nameOf),
    unchanged: wanted.filter((one) => living.has(one.fn.name) && isSame(one)).map(nameOf),
    removed: [...living.keys()].filter((name) => name !== undefined && !names.has(name)).map(String),
  };
}

function apply(
  state: ProjectState,
  plan: PublicationPlan,
  wanted: readonly Wanted[],
  living: ReadonlyMap<string | undefined, StoredSchedule>,
  now: Instant,
): void {
  // First the version: a schedule is only accepted for a function that is published. Then room is made for what is new.
  state.settings.change({ publishedVersion: plan.version });
  state.versions.markPublished(plan.version, now);
  for (const name of plan.removed) {
    const known = living.get(name);
    if (known !== undefined) cancelSchedule(state, known, now, `Version ${plan.version} has no schedule for it.`);
  }
  for (const { fn, input } of wanted) {
    const known = living.get(fn.name);
    if (plan.created.includes(fn.name)) expectSaved(saveSchedule(state, input, now, "metadata"));
    if (known !== undefined && plan.changed.includes(fn.name))
      expectSaved(revise(state, decideOverdue(state, known, now), input, now));
  }
}

/** Every input was checked before the first was saved, so a refusal here is a fault and rolls the publication back. */
function expectSaved(saved: Result<unknown, Failure>): void {
  if (!saved.ok) throw new Error("A checked schedule was refused", { cause: saved.error });
}
