/** A version as its form holds it, and what the API is sent for it. */
import type { InputIssue } from "../../domain/errors.ts";
import type { FunctionAnswer, VersionAnswer } from "../answers/version.ts";
import { type Filled, numberOr } from "../filled.ts";

/** One http function as it is typed. */
export interface Row {
  readonly name: string;
  readonly url: string;
  readonly schedule: string;
  readonly timezone: string;
  readonly retry: string;
}

const COLUMNS = ["name", "url", "schedule", "timezone", "retry"] as const satisfies readonly (keyof Row)[];
export const NO_ROW: Row = { name: "", url: "", schedule: "", timezone: "", retry: "" };

/** A module as it is typed. */
export interface Module {
  readonly name: string;
  readonly text: string;
}

/** What was typed, without the rows and the modules in which nothing was. */
export interface Typed {
  readonly rows: readonly Row[];
  readonly modules: readonly Module[];
}

export function typedIn(filled: Filled): Typed {
  const columns = COLUMNS.map((column) => filled.all(column));
  const rows = (columns[0] ?? []).map((_, row) =>
    Object.fromEntries(COLUMNS.map((column, index) => [column, columns[index]?.[row]?.trim() ?? ""])),
  );
  const texts = filled.all("module_text");
  return {
    rows: rows.map((row) => ({ ...NO_ROW, ...row })).filter(isFilled),
    modules: filled
      .all("module_name")
      .map((name, index) => ({ name: name.trim(), text: asModuleText(texts[index] ?? "") }))
      .filter((module) => module.name !== "" || hasText(module)),
  };
}

/** Browsers send line breaks as two characters. */
const asModuleText = (text: string): string => text.replaceAll("\r\n", "\n");

const isFilled = (row: Row): boolean => COLUMNS.some((column) => row[column] !== "");
const hasText = ({ text }: Module): boolean => text.trim() !== "";

export const rowOf = ({ name, url, schedule, timezone, retry }: FunctionAnswer): Row => ({
  name,
  url: url ?? "",
  schedule: schedule ?? "",
  timezone: timezone ?? "",
  retry: retry === null ? "" : String(typeof retry === "number" ? retry : retry.attempts),
});

/** What is sent. A function of a name that is published keeps what it has there beside the fields of the form. */
export function bodyOf({ rows, modules }: Typed, published: VersionAnswer | null) {
  const before = new Map(published?.functions.filter(({ kind }) => kind === "http").map((one) => [one.name, one]));
  const texts = modules.filter(hasText);
  return {
    ...(rows.length === 0 ? {} : { functions: rows.map((row) => functionOf(row, before.get(row.name))) }),
    ...(texts.length === 0 ? {} : { modules: Object.fromEntries(texts.map(({ name, text }) => [name, text])) }),
  };
}

const functionOf = ({ name, url, schedule, timezone, retry }: Row, before: FunctionAnswer | undefined) => ({
  name,
  kind: "http",
  url,
  ...(schedule === "" ? {} : { schedule }),
  ...(timezone === "" ? {} : { timezone }),
  ...(retry === "" ? {} : { retry: retryOf(retry, before) }),
  ...(before === undefined || before.timeout === null ? {} : { timeout: before.timeout }),
  ...(before === undefined || before.notifications.length === 0 ? {} : { notifications: before.notifications }),
});

/** Its attempts are typed; its delay and its backoff stay. */
const retryOf = (attempts: string, before: FunctionAnswer | undefined) =>
  typeof before?.retry === "object" ? { ...before.retry, attempts: numberOr(attempts) } : numberOr(attempts);

/** What no version can be made of: a text without a path, and a path that two texts have. */
export const moduleIssues = (modules: readonly Module[]): readonly InputIssue[] =>
  modules.flatMap((module, index) => {
    const path = `/module_name/${index}`;
    if (!hasText(module)) return [];
    if (module.name === "") return [{ path, message: "It has a text and no path." }];
    const isTaken = modules.slice(0, index).some((other) => hasText(other) && other.name === module.name);
    return isTaken ? [{ path, message: `Another module has the path ${module.name} already.` }] : [];
  });

/** The fields of the form, by which wrongs are sorted. */
export const fieldsOf = ({ rows, modules }: Typed): readonly string[] => [
  ...rows.flatMap((_, row) => COLUMNS.map((column) => `${column}.${row}`)),
  ...modules.flatMap((_, index) => [`module_name.${index}`, `module_text.${index}`]),
];

/** `/functions/2/url` is the third row's; `/modules/a~1b.js` is the module `a/b.js` (RFC 6901). */
export function fieldOf(path: string, modules: readonly Module[]): string | null {
  const [, kind, place = "", column = "name"] = path.split("/");
  if (kind === "functions") return `${column}.${place}`;
  if (kind === "module_name") return `module_name.${place}`;
  const name = place.replaceAll("~1", "/").replaceAll("~0", "~");
  const index = modules.findIndex((module) => module.name === name && hasText(module));
  return kind === "modules" && index >= 0 ? `module_text.${index}` : null;
}
