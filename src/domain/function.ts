/** Functions and versions: the published logic of a project, as data. Pure. */
import type { RetryInput } from "./policy/retry.ts";
import type { Instant } from "./time/instant.ts";

export const FUNCTION_KINDS = ["http", "code"] as const;
export type FunctionKind = (typeof FUNCTION_KINDS)[number];

/** One function of a version. A function with a `schedule` has a metadata schedule while the version is published. */
export interface FunctionSpec {
  readonly name: string;
  readonly kind: FunctionKind;
  /** Where an http function is called. */
  readonly url?: string | undefined;
  /** Extra request headers, sealed: they may hold a secret. Opened by the executor only. */
  readonly sealedHeaders?: string | undefined;
  /** The names of those headers, for people. */
  readonly headerNames?: readonly string[] | undefined;
  readonly schedule?: string | undefined;
  readonly timezone?: string | undefined;
  readonly retry?: RetryInput | undefined;
  /** Milliseconds, or a duration such as `10 minutes`. */
  readonly timeout?: number | string | undefined;
}

/** An immutable publication of a project's logic. */
export interface Version {
  readonly number: number;
  readonly functions: readonly FunctionSpec[];
  readonly createdAt: Instant;
  /** `published`: runs now; `draft`: the newest one that was never published; `retired`: any other. */
  readonly state: "published" | "draft" | "retired";
}

/** Letters, digits and dashes, as a kebab-case name or a namespaced one: `daily-report`, `::myapp::jobs/daily-report`. */
export const FUNCTION_NAME = /^[A-Za-z0-9:_.][A-Za-z0-9:_./-]{0,127}$/;
