/** The machine of a run is told in four places: the table, the drawing, the page's table and the CHECKs of two databases. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  canMove,
  FAILURE_REASONS,
  isFinal,
  RUN_CAUSES,
  RUN_CONTEXTS,
  RUN_STATUSES,
  TRANSITIONS,
  UNRUN_REASONS,
} from "../../src/domain/run.ts";

const PAGE = readFileSync("docs/run-lifecycle.md", "utf8");
const ACTOR_SCHEMA = readFileSync("src/actor/schema.ts", "utf8");
const RUNLOG_SCHEMA = readFileSync("migrations/runlog/0001_runs.sql", "utf8");

const ARROWS = RUN_STATUSES.flatMap((from) => TRANSITIONS[from].map((to) => `${from} --> ${to}`));

describe("the states of a run", () => {
  it("are drawn with exactly the arrows of the table", () => {
    const drawn = [...PAGE.matchAll(/^ {2}(\w+ --> \w+)/gm)].map(([, arrow]) => arrow);
    expect(drawn.sort()).toEqual([...ARROWS].sort());
  });

  it("are drawn as final where nothing leads on", () => {
    const final = [...PAGE.matchAll(/^ {2}(\w+) --> \[\*\]/gm)].map(([, state]) => state);
    expect(final.sort()).toEqual(RUN_STATUSES.filter(isFinal).sort());
  });

  it("each have a row in the page's table, in the table's order", () => {
    expect(firstColumn("| state | where it lives")).toEqual(RUN_STATUSES);
  });

  it("are what the actor's database lets in", () => {
    expect(checked(ACTOR_SCHEMA, "status")).toEqual(RUN_STATUSES);
  });

  it("are in the run log's database when they are final", () => {
    expect(checked(RUNLOG_SCHEMA, "status")).toEqual(RUN_STATUSES.filter(isFinal));
  });

  it("are left by no final state", () => {
    for (const from of RUN_STATUSES.filter(isFinal))
      for (const to of RUN_STATUSES) expect(canMove(from, to)).toBe(false);
  });
});

describe("the words around a run", () => {
  it.each([
    ["contexts", "context", RUN_CONTEXTS],
    ["causes", "cause", RUN_CAUSES],
  ] as const)("%s are the same in both databases", (_, column, words) => {
    expect(checked(ACTOR_SCHEMA.slice(ACTOR_SCHEMA.indexOf("CREATE TABLE runs")), column)).toEqual(words);
    expect(checked(RUNLOG_SCHEMA, column)).toEqual(words);
  });

  it("reasons of occurrences that did not run are all explained", () => {
    expect(firstColumn("| `reason` | state")).toEqual(UNRUN_REASONS);
  });

  it("reasons of failures are all explained", () => {
    expect(firstColumn("| `error.reason` |")).toEqual(FAILURE_REASONS);
  });
});

/** The words in the first column of the table that begins with this head. */
function firstColumn(head: string): string[] {
  const [, , ...rows] = PAGE.slice(PAGE.indexOf(head)).split("\n");
  const end = rows.findIndex((row) => !row.startsWith("|"));
  return rows.slice(0, end).map((row) => /^\| `([\w-]+)`/.exec(row)?.[1] ?? row);
}

/** The words of `column IN ('a', 'b')` in the table of runs. */
function checked(schema: string, column: string): string[] {
  const runs = schema.slice(schema.indexOf("CREATE TABLE runs"));
  const [, list = ""] = new RegExp(`CHECK \\(${column} IN \\(([^)]*)\\)`).exec(runs) ?? [];
  return [...list.matchAll(/'([\w-]+)'/g)].map(([, word]) => word ?? "");
}
