/** The modules of a folder, under the names that they import each other by. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { Trouble } from "../start/trouble.ts";

const MODULE = /\.(?:js|mjs|json|txt)$/;
/** What is no part of a version: hidden files, what is installed, and what npm keeps about it. */
const LEFT_OUT = /(?:^|\/)(?:\.|node_modules\/|package(?:-lock)?\.json$)/;

export function readFolder(folder: string): Readonly<Record<string, string>> {
  const names = namesIn(folder).filter((name) => MODULE.test(name) && !LEFT_OUT.test(name));
  if (names.length === 0) {
    throw new Trouble(`There are no modules in ${folder}.`, "It takes a folder with .js, .mjs, .json or .txt files.");
  }
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
  } catch (cause) {
    throw new Trouble(`The folder ${folder} cannot be read.`, String(cause));
  }
}
