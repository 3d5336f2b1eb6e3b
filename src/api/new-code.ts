/** Reads the code of a new version: the modules are checked, loaded once, and asked for their functions. */

import { EXPORTS_MAX, exportsInOrder, type FoundExport } from "../domain/code/exports.ts";
import { importIssues } from "../domain/code/imports.ts";
import { type Lexed, lex } from "../domain/code/lexing.ts";
import type { Meta } from "../domain/code/meta.ts";
import { kindOf, type Modules, type ModuleTexts, modulePath, readModules } from "../domain/code/modules.ts";
import { functionNameOf } from "../domain/code/names.ts";
import { offsetOf, type Place, placeText } from "../domain/code/place.ts";
import type { InputIssue } from "../domain/errors.ts";
import { FUNCTION_NAME } from "../domain/function.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { inspectModules, type LoadedExport, type LoadTrouble } from "../executor/inspect-modules.ts";

type Issues = readonly InputIssue[];

/** As long as a function's name may be. */
const EXPORT_MAX_LENGTH = 128;
/** What of a name is said in a message. */
const SHOWN_LENGTH = 64;

/** A function that the main module exports, or what stands in its way. */
export interface CodeFunction {
  readonly export: string;
  readonly place: Place;
  readonly name: string;
  readonly meta: Meta;
}

/** What an upload's modules hold. */
export interface Code {
  readonly modules: Modules;
  /** In the order of the source. */
  readonly functions: readonly CodeFunction[];
  /** Every export, functions or not. */
  readonly exports: ReadonlySet<string>;
}

/** The functions of the modules, or everything that is wrong with them. */
export async function readCode(
  loader: WorkerLoader,
  texts: ModuleTexts,
  main: string | undefined,
): Promise<Result<Code, Issues>> {
  const modules = readModules(texts, main);
  if (!modules.ok) return modules;
  const lexed = lexAll(modules.value);
  if (!lexed.ok) return fail(await inTheWordsOfThePlatform(loader, modules.value, lexed.error));
  const imports = [...lexed.value].flatMap(([name, one]) => importIssues(name, texts, one));
  if (imports.length > 0) return fail(imports);
  const found = exportsInOrder(modules.value.main, texts, lexed.value);
  if (found.length > EXPORTS_MAX) return fail([tooManyExports(modules.value.main, found.length)]);
  const thenable = found.find(({ name }) => name === "then");
  if (thenable !== undefined) return fail([at(thenable.place, texts, THENABLE, "another name")]);
  const loaded = await inspectModules(loader, modules.value);
  if (!loaded.ok) return fail([loadIssue(loaded.error, modules.value)]);
  return functionsOf(modules.value, found, loaded.value);
}

const tooManyExports = (main: string, count: number): InputIssue => ({
  path: modulePath(main),
  message: `${main} exports ${count} names.`,
  expected: `at most ${EXPORTS_MAX}`,
});

/** `import()` would call it, and wait for it to answer. */
const THENABLE = "An export that is named then makes the module look like a promise.";

function lexAll({ texts }: Modules): Result<ReadonlyMap<string, Lexed>, Issues> {
  const issues: InputIssue[] = [];
  const lexed = new Map<string, Lexed>();
  for (const [name, text] of Object.entries(texts)) {
    if (kindOf(name) !== "js") continue;
    const one = lex(name, text);
    if (one.ok) lexed.set(name, one.value);
    else issues.push(at(one.error, texts, "This is no JavaScript module.", "a JavaScript module"));
  }
  return issues.length > 0 ? fail(issues) : ok(lexed);
}

/** The lexer says where it lost the thread; the platform, which parses all of it, says what is wrong there. */
async function inTheWordsOfThePlatform(loader: WorkerLoader, modules: Modules, issues: Issues): Promise<Issues> {
  const loaded = await inspectModules(loader, modules);
  return loaded.ok || loaded.error.place === null ? issues : [loadIssue(loaded.error, modules)];
}

function loadIssue({ message, place }: LoadTrouble, { main, texts }: Modules): InputIssue {
  const expected = "modules that can be loaded";
  if (place !== null && Object.hasOwn(texts, place.module)) return at(place, texts, message, expected);
  return { path: modulePath(main), message: `${main}: ${message}`, expected };
}

const at = (place: Place, texts: ModuleTexts, message: string, expected: string): InputIssue => ({
  path: modulePath(place.module),
  message: `${placeText(place)}: ${message}`,
  position: offsetOf(texts[place.module] ?? "", place),
  expected,
});

function functionsOf(
  modules: Modules,
  found: readonly FoundExport[],
  loaded: ReadonlyMap<string, LoadedExport>,
): Result<Code, Issues> {
  const read = found.flatMap((one) => {
    const known = loaded.get(one.name);
    return known?.isFunction ? [readFunction(one, known, modules.texts)] : [];
  });
  const issues = read.flatMap((one) => (one.ok ? [] : one.error));
  if (issues.length > 0) return fail(issues);
  const functions = read.flatMap((one) => (one.ok ? [one.value] : []));
  return ok({ modules, functions, exports: new Set(loaded.keys()) });
}

function readFunction(found: FoundExport, { meta }: LoadedExport, texts: ModuleTexts): Result<CodeFunction, Issues> {
  const { name: exported, place } = found;
  if (!meta.ok) {
    return fail(meta.error.map(({ message, expected }) => at(place, texts, `${exported}: ${message}`, expected)));
  }
  if (exported.length > EXPORT_MAX_LENGTH) {
    const message = `${exported.slice(0, SHOWN_LENGTH)}...: the export's name has ${exported.length} characters.`;
    return fail([at(place, texts, message, `at most ${EXPORT_MAX_LENGTH} characters`)]);
  }
  const name = meta.value.name ?? functionNameOf(exported);
  if (FUNCTION_NAME.test(name)) return ok({ export: exported, place, name, meta: meta.value });
  const message = `${exported.slice(0, SHOWN_LENGTH)}: no name can be made of the export's.`;
  return fail([at(place, texts, message, "a name in its meta, of letters, digits and dashes")]);
}
