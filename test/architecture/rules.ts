/** The rules of DESIGN.md sections 1, 2, 5 and 9 that one file alone can break. */
import { basename } from "node:path";
import { isFunction, isNode, type Node, nameOf, place, type Source, textOf, walk } from "./source-tree.ts";

const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 60;

/** Where a scope may be made, and why there. */
const MINTS: Readonly<Record<string, readonly string[]>> = {
  mintWorkspaceScope: [
    "src/directory/authenticate.ts", // from a token or a session
    "src/directory/bootstrap.ts", // of the workspace that was just made
    "src/directory/workspaces.ts", // found by its scope, or for whoever runs the deployment
    "src/directory/tombstones.ts", // the watchdog's list of what was deleted
    "src/domain/access.ts", // of a project that was proven
    "src/directory/memberships.ts", // of an address that was proven, or from a link made for one member
    "src/directory/slack-connections.ts", // the sweep's list, and of a team that Slack told of, signed
    "src/queues/slack-channels.ts", // from a message, which the API or the sweep sent
  ],
  mintProjectScope: [
    "src/actor/identity.ts", // the actor, of itself
    "src/api/run-hand.ts", // from the props that an executor gave to the run it executes
    "src/directory/projects.ts", // found within a workspace
    "src/directory/registry.ts", // the sweep's list
    "src/directory/tombstones.ts", // its list of what was deleted
    "src/executor/execute.ts", // from a claim, which the actor gave
    "src/http/page-token.ts", // from a token that we signed
    "src/http/run-token.ts", // from a token that we signed
    "src/http/unsubscribe-token.ts", // from a token that we signed
    "src/queues/announcing.ts", // from a message, which the actor, the API or another consumer sent
    "src/queues/captures.ts", // from a message, which the actor or the API sent
    "src/queues/checking-recipients.ts", // from a message, which the sweep sent
    "src/queues/delivering.ts", // from a message, which the API, the sweep or another consumer sent
    "src/queues/outcome-reporter.ts", // from the message that named the run
    "src/queues/progress-reporter.ts", // from the message that named the run
    "src/queues/run-lot.ts", // from a claim, which the actor gave
    "src/queues/runs.ts", // from a message, which the actor sent
  ],
};

const CLOCKS: readonly string[] = [
  "src/system.ts",
  "src/console/browser/clock.ts", // the browser's, for the script that runs there
];
const DRAWERS = /^(?:utils?|helpers?|common|misc|manager|types?|services?|shared|lib|stuff)\b/;
const CAST_NAMES = /^(?:parse|read|mint|as|is|to)(?=$|[A-Z])/;

/** Words that stand for one of ours; those that are also the platform's or English everywhere are left to readers. */
const OTHER_WORDS = new Set([
  ...["account", "organisation", "organization", "org"],
  ...["alert", "cronjob", "dashboard", "job", "jobs", "permission", "quota", "screenshot", "tick", "ticks", "tier"],
]);

/** src/domain holds no platform, no framework, no clock and no chance. */
export function domainIsPure(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => path.startsWith("src/domain/"))
    .flatMap((source) => [...impureImports(source), ...impureWords(source)]);
}

function impureImports({ path, imports }: Source): string[] {
  const allowed = (target: string, names: readonly string[]) =>
    target.startsWith("src/domain/") ||
    ["chrono-node", "chrono-node/en", "cron-parser", "diff", "es-module-lexer/js"].includes(target) ||
    (path === "src/domain/ids.ts" && target === "node:crypto" && names.every((name) => name === "createHash"));
  return imports
    .filter(({ target, names }) => !allowed(target, names))
    .map(({ target }) => `${path} imports ${target}: src/domain is pure`);
}

const IMPURE_CALLS = new Set(["fetch", "setTimeout", "setInterval", "queueMicrotask"]);
const IMPURE_GLOBALS = new Set(["crypto", "process", "globalThis", "performance", "caches", "console", "scheduler"]);

function impureWords(source: Source): string[] {
  const found = readsOfClock(source);
  walk(source.program, (node, above) => {
    const callee = node.type === "CallExpression" && isNode(node.callee) ? node.callee : undefined;
    if (callee?.type === "Identifier" && IMPURE_CALLS.has(String(callee.name)))
      found.push(`${place(source, node)} calls ${callee.name}: src/domain is pure`);
    const parent = above.at(-1);
    const isObject = parent?.type === "MemberExpression" && parent.object === node;
    if (isObject && node.type === "Identifier" && IMPURE_GLOBALS.has(String(node.name)))
      found.push(`${place(source, node)} uses ${node.name}: src/domain is pure`);
  });
  return found;
}

/** The time is read, and dice are thrown, in one place. */
export const clockIsReadInOnePlace = (sources: readonly Source[]): string[] =>
  sources.filter(({ path }) => !CLOCKS.includes(path)).flatMap(readsOfClock);

function readsOfClock(source: Source): string[] {
  const found: string[] = [];
  walk(source.program, (node) => {
    if (node.type !== "CallExpression" && node.type !== "NewExpression") return;
    const called = isNode(node.callee) ? textOf(source, node.callee) : "";
    const isBare = Array.isArray(node.arguments) && node.arguments.length === 0;
    const isDateOfNow = called === "Date" && isBare;
    if (isDateOfNow || ["Date.now", "performance.now", "Math.random", "crypto.randomUUID"].includes(called))
      found.push(`${place(source, node)} calls ${called}: take the time and chance as arguments`);
  });
  return found;
}

/** One call in the whole project, so that there is one place to prove right. */
export function alarmIsSetInOnePlace(sources: readonly Source[]): string[] {
  const calls = sources.flatMap((source) => callsOf(source, "setAlarm"));
  return calls.length === 1 ? [] : [`setAlarm is called ${calls.length} times: ${calls.join(", ") || "nowhere"}`];
}

/** A scope is a proof; who makes one is listed. */
export const scopesAreMintedWhereListed = (sources: readonly Source[]): string[] =>
  Object.entries(MINTS).flatMap(([mint, places]) =>
    sources
      .filter(({ path }) => !places.includes(path))
      .flatMap((source) => callsOf(source, mint))
      .map((where) => `${where} calls ${mint}: get a scope from authentication or from the directory`),
  );

function callsOf(source: Source, name: string): string[] {
  const found: string[] = [];
  walk(source.program, (node) => {
    if (node.type !== "CallExpression" || !isNode(node.callee)) return;
    if (new RegExp(`(?:^|[.#])${name}$`).test(textOf(source, node.callee))) found.push(place(source, node));
  });
  return found;
}

/** A file is one noun or verb of the word table. */
export const noJunkDrawers = (sources: readonly Source[]): string[] =>
  sources
    .filter(({ path }) => path.split("/").some((part) => DRAWERS.test(part)))
    .map(({ path }) => `${path}: name what is in it`);

export function sizesHold(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const lines = source.text.trimEnd().split("\n").length;
    const found = lines > FILE_LINES_MAX ? [`${source.path} has ${lines} lines`] : [];
    walk(source.program, (node, above) => {
      const length = isFunction(node) ? textOf(source, node).split("\n").length : 0;
      if (length > FUNCTION_LINES_MAX) found.push(`${place(source, node)} ${nameOf(node, above)} has ${length} lines`);
    });
    return found;
  });
}

/** One word per thing. */
export function wordsAreOurs(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const found: string[] = [
      ...(otherWord(basename(source.path, ".ts")) ? [`${source.path} is named by another word`] : []),
    ];
    walk(source.program, (node, above) => {
      // A member is named where it is defined, which may be in somebody else's library.
      const isMember = above.at(-1)?.type === "MemberExpression" && above.at(-1)?.property === node;
      const word = node.type === "Identifier" && !isMember ? otherWord(String(node.name)) : undefined;
      if (word !== undefined)
        found.push(`${place(source, node)} ${node.name}: DESIGN.md section 1 has a word for "${word}"`);
    });
    return found;
  });
}

/** Words that pages do not say, although code does: there a `Result` is what a function of ours gives back. */
const UNSAID = /\bresults?\b/i;
const SAID_IN = /^src\/(?:app|console)\/|^src\/domain\/app-/;
const TEXTS = new Set(["Literal", "TemplateElement", "JSXText"]);

/** What a function returned is its output, to people too. */
export function pagesSayOurWords(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => SAID_IN.test(path))
    .flatMap((source) => {
      const found: string[] = [];
      walk(source.program, (node, above) => {
        if (!TEXTS.has(node.type) || above.at(-1)?.type === "ImportDeclaration") return;
        if (UNSAID.test(textOf(source, node)))
          found.push(`${place(source, node)} ${textOf(source, node)}: DESIGN.md section 1 calls it an output`);
      });
      return found;
    });
}

const otherWord = (name: string): string | undefined =>
  name
    .split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/)
    .map((word) => word.toLowerCase())
    .find((word) => OTHER_WORDS.has(word));

/** A cast is a claim; it stands where a reader looks for one: in a function that says it reads, parses or mints. */
export function castsAreNamed(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const found: string[] = [];
    walk(source.program, (node, above) => {
      if (node.type !== "TSAsExpression" || isConstOrDoubled(source, node, above)) return;
      const named = above.some((one, index) => isFunction(one) && CAST_NAMES.test(nameOf(one, above.slice(0, index))));
      if (!named)
        found.push(`${place(source, node)} ${textOf(source, node)}: move the cast into a read..., to... or as...`);
    });
    return found;
  });
}

const isConstOrDoubled = (source: Source, node: Node, above: readonly Node[]): boolean =>
  /\bas const$/.test(textOf(source, node)) || above.at(-1)?.type === "TSAsExpression";
