/** The authoring module, as a unit test of somebody's project imports it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type Block, chart, Failure, fn, html, markdown, metric, type Run, table, text } from "carillon";
import { describe, expect, expectTypeOf, it } from "vitest";
import { isolateSource, readSources } from "../../scripts/embed-isolate.ts";
import type { BlockKind, Block as Shown } from "../../src/domain/blocks/block.ts";
import { readBlocks } from "../../src/domain/blocks/read-blocks.ts";

/** A run made by hand: what a unit test of a function needs. */
const makeRun = (more: Partial<Run> = {}): Run => ({
  id: "019b3f0e-6c00-7f29-a1d8-09d9a834877a",
  schedule_id: null,
  scheduled_for: "2027-01-15T09:00:00.000Z",
  context: "logic",
  scheduled: false,
  attempt: 0,
  origin_run_id: null,
  version: 1,
  log: () => {},
  send: async () => "an-id" as never,
  schedules: { create: async () => "an-id", cancel: async () => true, cancelAll: async () => 1 },
  ...more,
});

describe("a function that was written with carillon", () => {
  it("is called like any other, with arguments and a run made by hand", async () => {
    const made: unknown[] = [];
    const remind = fn({ schedule: "hourly" }, async (args: { user: string }, run) => {
      if (run.scheduled) await run.schedules.create({ schedule: "in 10 minutes", fn: "follow-up", args });
      return text(`Reminded ${args.user}`);
    });
    const schedules = { ...makeRun().schedules, create: async (one: unknown) => `${made.push(one)}` };
    expect(await remind({ user: "Ada" }, makeRun({ scheduled: true, schedules }))).toEqual({
      kind: "text",
      text: "Reminded Ada",
    });
    expect(made).toEqual([{ schedule: "in 10 minutes", fn: "follow-up", args: { user: "Ada" } }]);
  });

  it("carries its meta, which nobody can change afterwards", () => {
    const meta = { schedule: "hourly" };
    const own = fn(meta, () => 1);
    meta.schedule = "daily";
    const carried = Object.getOwnPropertyDescriptor(own, Symbol.for("carillon.meta"));
    expect(carried).toMatchObject({ value: { schedule: "hourly" }, writable: false });
    expect(Object.isFrozen(carried?.value)).toBe(true);
  });

  it("may have no meta; what is no function is refused at once", () => {
    expect(fn(() => 2)(null, makeRun())).toBe(2);
    // @ts-expect-error: what the types refuse is refused without them, too
    expect(() => fn({ schedule: "hourly" })).toThrow(TypeError);
    // @ts-expect-error: as above
    expect(() => fn("hourly", () => 1)).toThrow(TypeError);
  });
});

describe("the blocks", () => {
  it("are plain objects", () => {
    const rows = [{ day: "Mon", orders: 12 }];
    expect([
      text("a", { title: "t" }),
      markdown("**a**"),
      table(rows, { columns: ["day", { key: "orders", align: "right" }] }),
      metric("Orders", 12, { unit: "pcs", change: -3 }),
      chart("bar", rows, { x: "day", y: "orders" }),
      html("<p>a</p>", { height: 200 }),
    ]).toEqual([
      { kind: "text", text: "a", title: "t" },
      { kind: "markdown", text: "**a**" },
      { kind: "table", rows, columns: ["day", { key: "orders", align: "right" }] },
      { kind: "metric", label: "Orders", value: 12, unit: "pcs", change: -3 },
      { kind: "chart", type: "bar", rows, x: "day", y: "orders" },
      { kind: "html", html: "<p>a</p>", height: 200 },
    ]);
  });

  it("are what the app shows, with every field that they may have and nothing left out", () => {
    const rows = [{ day: "Mon", orders: 12 }];
    const title = "t";
    const made: readonly Block[] = [
      text("a", { title }),
      markdown("**a**", { title }),
      table(rows, { columns: ["day", { key: "orders", label: "Orders", align: "right" }], title }),
      metric("Orders", null, { unit: "pcs", change: -3, note: "so far", title }),
      chart("bar", rows, { x: "day", y: ["orders"], unit: "pcs", title }),
      html("<p>a</p>", { height: 200, title }),
    ];
    for (const block of made) {
      const [shown, ...more] = readBlocks(JSON.parse(JSON.stringify(block)));
      expect(more).toEqual([]);
      expect(shown).toMatchObject({ kind: block.kind, notes: [] });
      expect(Object.keys(shown ?? {}).sort()).toEqual([...Object.keys(block), "notes"].sort());
    }
  });

  it("have the types of what the app shows", () => {
    expectTypeOf<Block["kind"]>().toEqualTypeOf<BlockKind>();
    expectTypeOf<FieldsOf<Block>>().toEqualTypeOf<FieldsOf<Exclude<Shown, { kind: "value" }>>>();
    expectTypeOf<Of<Block, "metric">>().toEqualTypeOf<Omit<Of<Shown, "metric">, "notes">>();
    expectTypeOf<Of<Block, "chart">["type"]>().toEqualTypeOf<Of<Shown, "chart">["type"]>();
  });
});

type Of<All extends { kind: string }, Kind> = Extract<All, { kind: Kind }>;
/** What each kind has beside `notes`, which the reader adds. */
type FieldsOf<All extends { kind: string }> = {
  [Kind in All["kind"]]: Exclude<keyof Of<All, Kind>, "notes">;
};

describe("an event's answer", () => {
  it("has its type: an id, whether there was one, or how many", () => {
    const { send } = makeRun();
    expectTypeOf(() => send("hot:schedule:new", { schedule: "hourly" })).returns.resolves.toBeString();
    expectTypeOf(() => send("hot:schedule:cancel", { "schedule-id": "x" })).returns.resolves.toBeBoolean();
    expectTypeOf(() => send("hot:schedule:cancel", { schedule_id: "x" })).returns.resolves.toBeBoolean();
    expectTypeOf(() => send("hot:schedule:cancel", { fn: "x" })).returns.resolves.toBeNumber();
  });
});

describe("a Failure", () => {
  it("is an Error that says whether to try again", () => {
    const failure = new Failure("busy", { retry: { after: 1_000 }, cause: "x" });
    expect(failure).toBeInstanceOf(Error);
    expect(failure).toMatchObject({ name: "Failure", message: "busy", retry: { after: 1_000 }, cause: "x" });
    expect(new Failure("x").retry).toBeUndefined();
  });
});

describe("the unit test that docs/code-functions.md shows", () => {
  const [, shown = ""] =
    /```js\n\/\/ reminder\.test\.js\n([\s\S]*?)```/.exec(readFileSync("docs/code-functions.md", "utf8")) ?? [];

  it("passes", async () => {
    // Plain JavaScript without types: a name that is not known beforehand is not looked up by the compiler.
    const path: string = "../../examples/reminder/index.js";
    const example = await import(path);
    const [imports = "", body = ""] = shown.split(/\n\n([\s\S]*)/);
    expect(imports.match(/from ".*"/g)).toEqual([
      'from "node:assert/strict"',
      'from "node:test"',
      'from "../examples/reminder/index.js"',
    ]);
    const tests: (() => Promise<void>)[] = [];
    const note = (_: string, work: () => Promise<void>) => tests.push(work);
    new Function("assert", "test", "scheduleReminder", body)(assert, note, example.scheduleReminder);
    expect(tests).toHaveLength(1);
    for (const work of tests) await work();
  });
});

describe("what isolates get", () => {
  it("is what lies in src/isolate: npm run embed was run", () => {
    expect(readFileSync("src/executor/isolate-source.ts", "utf8")).toBe(isolateSource(readSources()));
  });

  it("has a hash that changes with any of it", () => {
    const hashOf = (sources: Readonly<Record<string, string>>) =>
      /SOURCES_HASH = "([0-9a-f]{16})"/.exec(isolateSource(sources))?.[1];
    const sources = readSources();
    const changed = Object.keys(sources).map((name) => hashOf({ ...sources, [name]: `${sources[name]}\n` }));
    expect(changed.length).toBeGreaterThan(4);
    expect(new Set([hashOf(sources), ...changed]).size).toBe(changed.length + 1);
  });
});
