/** The modules of a version as they are uploaded: names, sizes, and which of them is the main one. Pure. */
import type { InputIssue } from "../errors.ts";
import { fail, ok, type Result } from "../result.ts";

/** Texts by name. */
export type ModuleTexts = Readonly<Record<string, string>>;

/** What a version's code is made of. */
export interface Modules {
  /** The module whose exports are the functions. */
  readonly main: string;
  readonly texts: ModuleTexts;
}

export const MODULES_MAX = 200;
/** All texts together, in UTF-8. */
export const MODULES_MAX_BYTES = 4_194_304;
export const DEFAULT_MAIN = "index.js";

const NAME_MAX_LENGTH = 200;
/** Segments of plain characters, none of which is `.` or `..`. */
const NAME = /^(?:(?!\.{1,2}\/)[A-Za-z0-9_@.-]+\/)*[A-Za-z0-9_@.-]+\.(?:js|mjs|json|txt)$/;
/** The platform's own modules begin so. */
const RESERVED = /(?:^|\/)__carillon/;

export type ModuleKind = "js" | "json" | "text";

/** What a module is, by its name. */
export function kindOf(name: string): ModuleKind {
  if (name.endsWith(".json")) return "json";
  return name.endsWith(".txt") ? "text" : "js";
}

/** How many bytes a text takes. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Where a module is in the input. */
export const modulePath = (name: string): string => `/modules/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** The modules, held against every limit that can be judged without reading them. */
export function readModules(texts: ModuleTexts, main: string | undefined): Result<Modules, readonly InputIssue[]> {
  const names = Object.keys(texts);
  const issues = [...countIssues(names), ...names.flatMap(nameIssues), ...sizeIssues(texts), ...jsonIssues(texts)];
  const chosen = main ?? (names.length === 1 ? names[0] : undefined) ?? DEFAULT_MAIN;
  if (issues.length === 0) issues.push(...mainIssues(names, chosen, main));
  return issues.length > 0 ? fail(issues) : ok({ main: chosen, texts });
}

function countIssues(names: readonly string[]): InputIssue[] {
  const expected = `1 to ${MODULES_MAX} modules`;
  if (names.length === 0) return [{ path: "/modules", message: "There are no modules.", expected }];
  if (names.length <= MODULES_MAX) return [];
  return [{ path: "/modules", message: `There are ${names.length} modules.`, expected }];
}

function nameIssues(name: string): InputIssue[] {
  const path = modulePath(name.slice(0, NAME_MAX_LENGTH));
  if (name.length > NAME_MAX_LENGTH || !NAME.test(name)) {
    const expected = "a relative path such as lib/orders.js, ending in .js, .mjs, .json or .txt";
    return [{ path, message: "This is not the name of a module.", expected }];
  }
  if (!RESERVED.test(name)) return [];
  return [{ path, message: "Names that begin with __carillon are the platform's.", expected: "another name" }];
}

function sizeIssues(texts: ModuleTexts): InputIssue[] {
  const bytes = Object.values(texts).reduce((sum, text) => sum + bytesOf(text), 0);
  if (bytes <= MODULES_MAX_BYTES) return [];
  const expected = `at most ${MODULES_MAX_BYTES} bytes in all`;
  return [{ path: "/modules", message: `The modules take ${bytes} bytes.`, expected }];
}

function jsonIssues(texts: ModuleTexts): InputIssue[] {
  return Object.entries(texts)
    .filter(([name, text]) => kindOf(name) === "json" && !isJson(text))
    .map(([name]) => ({ path: modulePath(name), message: `${name} is not JSON.`, expected: "a JSON text" }));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function mainIssues(names: readonly string[], main: string, given: string | undefined): InputIssue[] {
  const path = "/main";
  if (!names.includes(main)) {
    const message =
      given === undefined
        ? `There is no ${main}, and none is named as the main one.`
        : `There is no module ${main.slice(0, NAME_MAX_LENGTH)}.`;
    return [{ path, message, expected: "the name of the module whose exports are the functions" }];
  }
  if (kindOf(main) === "js") return [];
  return [{ path, message: `${main} has no exports.`, expected: "a module that ends in .js or .mjs" }];
}
