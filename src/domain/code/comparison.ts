/** What is different between two versions: functions by their fields, modules by their lines. Pure. */
import { createTwoFilesPatch } from "diff";
import type { FunctionSpec } from "../function.ts";
import type { ModuleTexts } from "./modules.ts";

export interface FunctionChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly { readonly name: string; readonly fields: readonly string[] }[];
  /** Whether those that both have run in another order. */
  readonly reordered: boolean;
}

export interface ModuleChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** `diff`: unified; null when the texts differ too much for one to be of use. */
  readonly changed: readonly { readonly name: string; readonly diff: string | null }[];
}

/** Lines that differ, beyond which looking for the shortest way from one text to the other takes too long: it is quadratic. */
const EDITS_MAX = 1_000;
const DIFF_MAX_LENGTH = 65_536;
/** Of all of them together. One that was looked for in vain has cost as much as a long one. */
const DIFFS_MAX_LENGTH = 524_288;
const CONTEXT_LINES = 3;

/** The fields of a function that people write, by the names that they know them by. */
const FIELDS: Readonly<Record<string, (fn: FunctionSpec) => unknown>> = {
  kind: (fn) => fn.kind,
  url: (fn) => fn.url,
  // Sealed anew each time: that a value changed cannot be seen, which is as it should be.
  headers: (fn) => fn.headerNames,
  export: (fn) => fn.export,
  isolate: (fn) => fn.isolate,
  schedule: (fn) => fn.schedule,
  timezone: (fn) => fn.timezone,
  retry: (fn) => fn.retry,
  timeout: (fn) => fn.timeout,
  notifications: (fn) => fn.notifications,
};

/** What became of the functions of one version in another. */
export function compareFunctions(from: readonly FunctionSpec[], to: readonly FunctionSpec[]): FunctionChanges {
  const [before, after] = [byName(from), byName(to)];
  const kept = to.filter(({ name }) => before.has(name)).map(({ name }) => name);
  const keptBefore = from.filter(({ name }) => after.has(name)).map(({ name }) => name);
  return {
    added: to.filter(({ name }) => !before.has(name)).map(({ name }) => name),
    removed: from.filter(({ name }) => !after.has(name)).map(({ name }) => name),
    changed: to.flatMap((fn) => {
      const fields = changedFields(before.get(fn.name) ?? fn, fn);
      return fields.length === 0 ? [] : [{ name: fn.name, fields }];
    }),
    reordered: kept.join("\n") !== keptBefore.join("\n"),
  };
}

const byName = (functions: readonly FunctionSpec[]) => new Map(functions.map((fn) => [fn.name, fn]));

const changedFields = (from: FunctionSpec, to: FunctionSpec): readonly string[] =>
  Object.entries(FIELDS)
    .filter(([, read]) => JSON.stringify(read(from)) !== JSON.stringify(read(to)))
    .map(([field]) => field);

/** What became of the modules. */
export function compareModules(from: ModuleTexts, to: ModuleTexts): ModuleChanges {
  const changed = Object.keys(to).filter((name) => Object.hasOwn(from, name) && from[name] !== to[name]);
  let left = DIFFS_MAX_LENGTH;
  return {
    added: Object.keys(to).filter((name) => !Object.hasOwn(from, name)),
    removed: Object.keys(from).filter((name) => !Object.hasOwn(to, name)),
    changed: changed.map((name) => {
      const diff = left > 0 ? unified(name, from[name] ?? "", to[name] ?? "") : null;
      left -= diff?.length ?? DIFF_MAX_LENGTH;
      return { name, diff };
    }),
  };
}

function unified(name: string, from: string, to: string): string | null {
  const options = { context: CONTEXT_LINES, maxEditLength: EDITS_MAX };
  const diff = createTwoFilesPatch(`a/${name}`, `b/${name}`, from, to, undefined, undefined, options);
  return diff === undefined || diff.length > DIFF_MAX_LENGTH ? null : diff;
}
