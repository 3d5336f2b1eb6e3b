/** What was bought, and the numbers it allows. Pure. One exhaustive table: a new limit cannot be forgotten in a plan. */
import type { Failure } from "./errors.ts";
import { HOUR_MS, MINUTE_MS, type Milliseconds, SECOND_MS } from "./time/instant.ts";

/** Cheapest first. */
export const PLAN_NAMES = ["professional", "team", "enterprise"] as const;
export type PlanName = (typeof PLAN_NAMES)[number];

/** Throws for anything else: the database's CHECK lets only these in. */
export function readPlanName(text: string): PlanName {
  const plan = PLAN_NAMES.find((name) => name === text);
  if (plan === undefined) throw new TypeError(`Not the name of a plan: ${JSON.stringify(text)}`);
  return plan;
}

export interface PlanLimits {
  /** Days that finished runs and their outputs are kept. */
  readonly retentionDays: number;
  /** Living schedules of one project, paused ones included. */
  readonly schedulesPerProject: number;
  /** Cron, English, intervals and one-time dates; without it hourly, daily, weekly and monthly remain. */
  readonly customSchedules: boolean;
  readonly slack: boolean;
  /** Whether the audit can be read. It is written under every plan. */
  readonly audit: boolean;
  /** The least time between two occurrences of one schedule. */
  readonly shortestInterval: Milliseconds;
  /** Runs of one project that execute at the same time; further ones wait. */
  readonly concurrentRunsPerProject: number;
  /** The same over all projects of the workspace: for what they run beyond five of its own that each project always has. */
  readonly concurrentRuns: number;
  /** Runs that one project begins on one UTC day. */
  readonly runsPerDay: number;
  /** Captures that all projects of the workspace order on one UTC day, each format by itself. */
  readonly capturesPerDay: number;
}

export const PLANS: Readonly<Record<PlanName, PlanLimits>> = {
  professional: {
    retentionDays: 30,
    schedulesPerProject: 1,
    customSchedules: false,
    slack: false,
    audit: false,
    shortestInterval: HOUR_MS,
    concurrentRunsPerProject: 10,
    concurrentRuns: 20,
    runsPerDay: 1_000,
    capturesPerDay: 50,
  },
  team: {
    retentionDays: 90,
    schedulesPerProject: 1_000,
    customSchedules: true,
    slack: true,
    audit: false,
    shortestInterval: MINUTE_MS,
    concurrentRunsPerProject: 100,
    concurrentRuns: 300,
    runsPerDay: 100_000,
    capturesPerDay: 1_000,
  },
  enterprise: {
    retentionDays: 365,
    schedulesPerProject: 1_000_000,
    customSchedules: true,
    slack: true,
    audit: true,
    shortestInterval: SECOND_MS,
    concurrentRunsPerProject: 1_000,
    concurrentRuns: 2_000,
    runsPerDay: 10_000_000,
    capturesPerDay: 20_000,
  },
};

export type LimitName = keyof PlanLimits;

/** `shortestInterval` is the one limit of which less is more. */
const IS_FLOOR: ReadonlySet<LimitName> = new Set(["shortestInterval"]);

/** The name of a limit where people and programs read it: `schedules_per_project`. */
export const publicLimitName = (limit: LimitName): string =>
  limit.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Whether a plan lets a use be: a number of things, a number of milliseconds, or a feature that is wanted (`true`). */
export function allows(plan: PlanName, limit: LimitName, use: number | boolean): boolean {
  const allowed = PLANS[plan][limit];
  if (typeof allowed === "boolean") return allowed || use === false;
  return IS_FLOOR.has(limit) ? Number(use) >= allowed : Number(use) <= allowed;
}

/** The refusal that names the limit, the use it would come to, and the cheapest plan that lifts it. */
export function planRefusal(plan: PlanName, limit: LimitName, use: number | boolean): Failure {
  const lift = PLAN_NAMES.slice(PLAN_NAMES.indexOf(plan) + 1).find((better) => allows(better, limit, use));
  return {
    code: "limit_reached",
    limit: publicLimitName(limit),
    allowed: PLANS[plan][limit],
    used: use,
    ...(lift === undefined ? {} : { plan: lift }),
  };
}
