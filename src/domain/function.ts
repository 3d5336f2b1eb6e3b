/** Functions and versions: the published logic of a project, as data. Pure. */
import type { NotificationInput } from "./notification.ts";
import type { RetryInput } from "./policy/retry.ts";
import type { Instant } from "./time/instant.ts";

export const FUNCTION_KINDS = ["http", "code"] as const;
export type FunctionKind = (typeof FUNCTION_KINDS)[number];

/**
 * `run`: every run gets a fresh isolate, so nothing that a module remembers reaches another run. `version`: runs of one
 * version share a warm isolate, and what its modules keep in memory may be there again.
 */
export const ISOLATE_SHARINGS = ["run", "version"] as const;
export type IsolateSharing = (typeof ISOLATE_SHARINGS)[number];

/** The modules of a version. Their texts lie under `hash` among the artifacts: the same texts are kept once. */
export interface CodeBundle {
  /** SHA-256 of the modules and which of them is the main one, in hex. */
  readonly hash: string;
  /** The module whose exports are the functions. */
  readonly main: string;
  readonly modules: readonly { readonly name: string; readonly bytes: number }[];
}

/** One function of a version. A function with a `schedule` has a metadata schedule while the version is published. */
export interface FunctionSpec {
  readonly name: string;
  readonly kind: FunctionKind;
  /** Where an http function is called. */
  readonly url?: string | undefined;
  /** The export of the version's main module that a code function is. */
  readonly export?: string | undefined;
  /** Whose isolate a code function runs in; absent: the run's own. */
  readonly isolate?: IsolateSharing | undefined;
  /** Extra request headers, sealed: they may hold a secret. Opened by the executor only. */
  readonly sealedHeaders?: string | undefined;
  /** The names of those headers, for people. */
  readonly headerNames?: readonly string[] | undefined;
  readonly schedule?: string | undefined;
  readonly timezone?: string | undefined;
  readonly retry?: RetryInput | undefined;
  /** Milliseconds, or a duration such as `10 minutes`. */
  readonly timeout?: number | string | undefined;
  /** Of the runs of its schedule. */
  readonly notifications?: readonly NotificationInput[] | undefined;
}

/** An immutable publication of a project's logic. */
export interface Version {
  readonly number: number;
  readonly functions: readonly FunctionSpec[];
  /** Null for a version of http functions alone. */
  readonly code: CodeBundle | null;
  readonly createdAt: Instant;
  /** `published`: runs now; `draft`: the newest one that was never published; `retired`: any other. */
  readonly state: "published" | "draft" | "retired";
}

/** Letters, digits and dashes, as a kebab-case name or a namespaced one: `daily-report`, `::myapp::jobs/daily-report`. */
export const FUNCTION_NAME = /^[A-Za-z0-9:_.][A-Za-z0-9:_./-]{0,127}$/;
