/** The house stands as DESIGN.md section 2 says; and each rule is shown to fail where it must. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as floors from "./architecture/floors.ts";
import * as rules from "./architecture/rules.ts";
import { parseSource, readTree, type Source } from "./architecture/source-tree.ts";

type Rule = (sources: readonly Source[]) => string[];

const SRC = readTree("src");
const SCRIPTS = readTree("scripts");

/** A source, or several, that a rule must refuse. */
type Offence = Readonly<Record<string, string>>;

const RULES: readonly (readonly [string, Rule, readonly Offence[]])[] = [
  [
    "imports point down, and rooms on one floor do not import each other",
    floors.importsPointDown,
    [
      { "src/domain/a.ts": 'import { b } from "../actor/b.ts";' },
      { "src/runlog/a.ts": 'import type { B } from "../directory/b.ts";' },
      { "src/api/a.ts": 'export { b } from "../console/b.ts";' },
      { "src/actor/a.ts": 'import b from "../index.ts";' },
      { "src/env.ts": 'import { b } from "./http/b.ts";' },
      { "src/attic/a.ts": 'import { b } from "../domain/b.ts";' },
    ],
  ],
  [
    "only floors 3 to 5 import env.ts and system.ts",
    floors.outsideIsHandedDown,
    [
      { "src/executor/a.ts": 'import { now } from "../system.ts";' },
      { "src/http/a.ts": 'import type { Env } from "../env.ts";' },
    ],
  ],
  [
    "doors see the actor through its verbs",
    floors.actorIsSeenThroughItsVerbs,
    [{ "src/api/a.ts": 'import { RunTable } from "../actor/run-table.ts";' }],
  ],
  [
    "no imports run in a circle",
    floors.importsHaveNoCircle,
    [{ "src/domain/a.ts": 'import { b } from "./b.ts";', "src/domain/b.ts": 'import { a } from "./a.ts";' }],
  ],
  [
    "src/domain is pure",
    rules.domainIsPure,
    [
      { "src/domain/a.ts": 'import { env } from "cloudflare:workers";' },
      { "src/domain/a.ts": 'import { Hono } from "hono";' },
      { "src/domain/a.ts": 'import { createHash } from "node:crypto";' },
      { "src/domain/ids.ts": 'import { randomBytes } from "node:crypto";' },
      { "src/domain/a.ts": 'await fetch("https://example.com");' },
      { "src/domain/a.ts": "export const now = () => Date.now();" },
      { "src/domain/a.ts": "export const now = () => new Date();" },
      { "src/domain/a.ts": "export const die = () => Math.random();" },
      { "src/domain/a.ts": "export const id = () => crypto.getRandomValues(new Uint8Array(8));" },
    ],
  ],
  [
    "the time is read and dice are thrown in system.ts only",
    rules.clockIsReadInOnePlace,
    [{ "src/api/a.ts": "const at = Date.now();" }, { "src/actor/a.ts": "const id = crypto.randomUUID();" }],
  ],
  [
    "the alarm is set in one place",
    rules.alarmIsSetInOnePlace,
    [
      { "src/actor/a.ts": "storage.setAlarm(1);", "src/actor/b.ts": "this.ctx.storage.setAlarm(2);" },
      { "src/actor/a.ts": "export {};" },
    ],
  ],
  [
    "scopes are minted where it is listed",
    rules.scopesAreMintedWhereListed,
    [
      { "src/api/a.ts": "const scope = mintWorkspaceScope(id);" },
      { "src/console/a.ts": "const scope = mintProjectScope(workspace, id);" },
    ],
  ],
  [
    "no file is a junk drawer",
    rules.noJunkDrawers,
    [{ "src/api/utils.ts": "" }, { "src/helpers/date.ts": "" }, { "src/actor/types.ts": "" }],
  ],
  [
    "files have 300 lines at most, functions 60",
    rules.sizesHold,
    [
      { "src/api/a.ts": `${"\n".repeat(300)}export {};` },
      { "src/api/a.ts": `function long() {${"\n".repeat(60)}}` },
      { "src/api/a.tsx": `const Page = () => <p>${"\n".repeat(60)}</p>;` },
    ],
  ],
  [
    "one word stands for one thing",
    rules.wordsAreOurs,
    [
      { "src/domain/a.ts": "export const jobId = 1;" },
      { "src/domain/a.ts": "interface Organization { name: string }" },
      { "src/domain/quota.ts": "" },
    ],
  ],
  [
    "pages say our words",
    rules.pagesSayOurWords,
    [
      { "src/domain/app-state.ts": 'const NONE = "No result yet";' },
      { "src/app/a.tsx": "export const A = () => <p>The latest results</p>;" },
      { "src/app/a.tsx": "export const a = `The result`;" },
    ],
  ],
  [
    "casts stand in functions that are named for them",
    rules.castsAreNamed,
    [
      { "src/domain/a.ts": "export const size = (x: unknown) => x as number;" },
      { "src/domain/a.ts": "const a = b as C;" },
    ],
  ],
];

describe.each(RULES)("%s", (_, rule, offences) => {
  it("in src", () => {
    expect(rule(SRC)).toEqual([]);
  });

  it.each(offences)("and this is refused: %o", (offence) => {
    expect(rule(Object.entries(offence).map(([path, text]) => parseSource(path, text)))).not.toEqual([]);
  });
});

describe("the scripts", () => {
  it("are of the same size and named as well", () => {
    expect([...rules.sizesHold(SCRIPTS), ...rules.noJunkDrawers(SCRIPTS)]).toEqual([]);
  });
});

describe("the linter", () => {
  const { overrides = [] } = JSON.parse(readFileSync("biome.json", "utf8"));
  const ROOMS = floors.FLOORS.slice(0, -1).flatMap((rooms, floor) => rooms.map((room) => ({ room, floor })));

  it.each(ROOMS)("forbids $room every room that is not below it", ({ room, floor }) => {
    const of = overrides.filter(({ includes }: { includes: string[] }) => includes.includes(`src/${room}/**`));
    const banned = JSON.stringify(of.map((one: object) => JSON.stringify(one)));
    const notBelow = ROOMS.filter((other) => other.floor >= floor && other.room !== room);
    for (const other of notBelow) expect(banned).toContain(`**/${other.room}/**`);
  });
});
