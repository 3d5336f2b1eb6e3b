/** Whether a module may import what it names: another module of its version, the platform's own, or one of Node. Pure. */
import type { InputIssue } from "../errors.ts";
import type { Lexed } from "./lexing.ts";
import { type ModuleTexts, modulePath } from "./modules.ts";
import { placesIn, placeText } from "./place.ts";

/** What authors import for themselves. */
export const AUTHORING_MODULE = "carillon";

/** Modules of Node that are often named without their prefix. */
const NODE_MODULES = new Set(
  "assert async_hooks buffer crypto events fs fs/promises http https os path process querystring stream timers url util zlib".split(
    " ",
  ),
);

/** Nobody reads more of them. */
const ISSUES_MAX = 50;

/** One issue for each import that leads nowhere, as far as anybody would read on. */
export function importIssues(module: string, texts: ModuleTexts, { imports }: Lexed): readonly InputIssue[] {
  const placeOf = placesIn(module, texts[module] ?? "");
  const issues = imports.flatMap((one) => {
    const { specifier } = one;
    // What is computed while it runs, or built from parts, is for the run to find or not to find.
    if (typeof specifier !== "string" || (one.type === "dynamic" && one.glob)) return [];
    const trouble = troubleWith(specifier, module, texts);
    if (trouble === null) return [];
    const where = placeText(placeOf(one.start));
    const { message, ...hints } = trouble;
    return [
      {
        path: modulePath(module),
        message: `${where} imports ${shown(specifier)}: ${message}`,
        position: one.start,
        ...hints,
      },
    ];
  });
  return issues.slice(0, ISSUES_MAX);
}

type Trouble = Omit<InputIssue, "path" | "position">;

function troubleWith(specifier: string, module: string, texts: ModuleTexts): Trouble | null {
  if (specifier === AUTHORING_MODULE || /^node:[a-z_/]+$/.test(specifier)) return null;
  if (/^\.{1,2}\//.test(specifier)) return troubleWithRelative(specifier, module, texts);
  if (specifier.startsWith("cloudflare:")) {
    const message = "a code function has no bindings. It reaches its project through run, and the world through fetch.";
    return { message, expected: "no module of the platform" };
  }
  if (NODE_MODULES.has(specifier)) {
    const suggestion = `node:${specifier}`;
    return { message: "modules of Node are named with their prefix.", expected: suggestion, suggestion };
  }
  if (Object.hasOwn(texts, specifier)) {
    const suggestion = `./${specifier}`;
    return { message: "a module of the version is named by a relative path.", expected: "a relative path", suggestion };
  }
  const message = "packages are not installed here; bundle them into the modules.";
  return { message, expected: "carillon, node:..., or the relative path of a module of the version" };
}

function troubleWithRelative(specifier: string, module: string, texts: ModuleTexts): Trouble | null {
  const target = resolve(specifier, module);
  if (target !== null && Object.hasOwn(texts, target)) return null;
  const suggestion = [".js", ".mjs", "/index.js"]
    .map((ending) => specifier + ending)
    .find((guess) => Object.hasOwn(texts, resolve(guess, module) ?? ""));
  return {
    message: "the version has no such module.",
    expected: "the relative path of a module of the version, with its ending",
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** The name of the module that a relative specifier means; null when it leads out of the version. */
export function resolve(specifier: string, module: string): string | null {
  const path = module.split("/").slice(0, -1);
  for (const step of specifier.split("/")) {
    if (step === "..") {
      if (path.pop() === undefined) return null;
    } else if (step !== ".") path.push(step);
  }
  return path.join("/");
}

const SHOWN_MAX_LENGTH = 100;
const shown = (specifier: string): string => JSON.stringify(specifier.slice(0, SHOWN_MAX_LENGTH));
