/** Expected failures of the product's verbs: one arm each, with the data that explains it. Pure. */
import type { PlanName } from "./plan.ts";
import type { Instant } from "./time/instant.ts";

/** One thing wrong with the input, said for a person and for a program. */
export interface InputIssue {
  /** Where in the input: `/schedule`, `/retry/attempts`, `/functions/2/url` (JSON Pointer, RFC 6901). */
  readonly path: string;
  readonly message: string;
  /** 0-based offset in the text at `path`, when the trouble is inside a text. */
  readonly position?: number;
  readonly expected?: string;
  /** Something near to what was given that would be accepted. */
  readonly suggestion?: string;
}

export type Resource =
  | "project"
  | "schedule"
  | "run"
  | "version"
  | "function"
  | "output"
  | "member"
  | "group"
  | "token"
  | "session"
  | "webhook"
  | "delivery"
  | "slack_channel"
  | "slack_connection"
  | "workspace";

/** Why a verb on a project did nothing. The doors turn each arm into one public answer (`src/api/problem.ts`). */
export type Failure =
  | { readonly code: "invalid"; readonly issues: readonly InputIssue[] }
  | { readonly code: "not_found"; readonly what: Resource; readonly name: string }
  | { readonly code: "conflict"; readonly message: string }
  /** Somebody changed the thing after the caller last read it. */
  | { readonly code: "changed_since"; readonly updatedAt: Instant }
  | {
      readonly code: "limit_reached";
      readonly limit: string;
      /** A number, or whether the feature is part of the plan. */
      readonly allowed: number | boolean;
      /** What the use would come to. */
      readonly used: number | boolean;
      /** The cheapest plan that lifts the limit; absent when none does. */
      readonly plan?: PlanName;
    }
  | { readonly code: "unavailable"; readonly message: string }
  | { readonly code: "idempotency_key_reused"; readonly key: string };

export const notFound = (what: Resource, name: string): Failure => ({ code: "not_found", what, name });
export const conflict = (message: string): Failure => ({ code: "conflict", message });
export const invalid = (...issues: readonly InputIssue[]): Failure => ({ code: "invalid", issues });
