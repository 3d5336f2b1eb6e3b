/** The sources as the rules see them: files, what each imports, and their syntax trees. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync } from "vite";

/** A node of the syntax tree (ESTree with TypeScript's own kinds). */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface Import {
  /** The path of a file of the tree, or the name of a package. */
  readonly target: string;
  readonly names: readonly string[];
  /** Gone when the types are: it runs nothing. */
  readonly isType: boolean;
}

export interface Source {
  /** From the root of the repository: `src/actor/project.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly program: Node;
}

/** Every source below a folder. */
export function readTree(folder: string): readonly Source[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
    .map((entry) => posix.normalize(join(entry.parentPath, entry.name)))
    .sort()
    .map((path) => parseSource(path, readFileSync(path, "utf8")));
}

export function parseSource(path: string, text: string): Source {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  const reexports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => (moduleRequest === null ? [] : [{ moduleRequest, entries: [] }])),
  );
  const imports = [...module.staticImports, ...reexports].map(({ moduleRequest, entries }) => ({
    target: resolve(path, moduleRequest.value),
    names: entries.map(({ importName }) => importName.name ?? "*"),
    isType: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  return { path, text, imports, program: asNode(program) };
}

const resolve = (from: string, specifier: string): string =>
  specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : specifier;

/** Visits a node and all below it, each with the nodes above it, the nearest last. */
export function walk(node: Node, visit: (node: Node, above: readonly Node[]) => void, above: readonly Node[] = []) {
  visit(node, above);
  const path = [...above, node];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit, path);
  }
}

/** `src/a.ts:12`, to be clicked on. */
export const place = ({ path, text }: Source, node: Node): string =>
  `${path}:${text.slice(0, node.start).split("\n").length}`;

export const textOf = ({ text }: Source, node: Node): string => text.slice(node.start, node.end);

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
export const isFunction = (node: Node): boolean => FUNCTIONS.has(node.type);

/** What a function is called: by itself, or by the constant, property or method that it is the value of. */
export function nameOf(fn: Node, above: readonly Node[]): string {
  const named = [fn.id, above.at(-1)?.id, above.at(-1)?.key].find((one) => isNode(one) && typeof one.name === "string");
  return isNode(named) ? String(named.name) : "";
}

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

const asNode = (program: unknown): Node => program as Node;
