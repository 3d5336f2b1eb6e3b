/** Code functions, run in real isolates: what they get, what they may ask for, and when they end. */
import { describe, expect, it } from "vitest";
import { EVENT_MAX_LENGTH } from "../../src/executor/code-run.ts";
import { execute } from "../../src/executor/execute.ts";
import { now } from "../../src/system.ts";
import { code, failureOf, leftOf, makeCodeWorld, returned } from "../support/code-claim.ts";
import { functionAt } from "../support/make-claim.ts";

const world = makeCodeWorld();
const run = world.run;

describe("a code function", () => {
  it("gets its arguments and the facts of its run", async () => {
    const claim = await world.claim(`export const work = (args, { log, send, schedules, ...facts }) => {
  return [args, facts, typeof log, typeof send, Object.keys(schedules)];
};`);
    const outcome = await execute(claim, world.tools, new AbortController().signal);
    const schedules = ["create", "cancel", "cancelAll"];
    expect(returned(outcome)).toEqual([claim.args, claim.facts, "function", "function", schedules]);
  });

  it("may be async, wrapped by fn, a default export, or in a module of a folder", async () => {
    expect(returned(await run("export async function work() { await null; return 1 }"))).toBe(1);
    expect(returned(await run('import { fn } from "carillon"; export const work = fn({ retry: 3 }, () => 2);'))).toBe(
      2,
    );
    const functions = [code("default", { export: "default" })];
    expect(returned(await run("export default () => 3;", { functions }))).toBe(3);
    const texts = {
      "index.js": 'export * from "./lib/deep/work.js";',
      "lib/deep/work.js":
        'import { metric } from "carillon"; import rows from "../rows.json" with { type: "json" }; import note from "../note.txt";\nexport const work = () => metric(note, rows.length);',
      "lib/rows.json": "[1, 2, 3]",
      "lib/note.txt": "rows",
    };
    expect(returned(await run(texts))).toEqual({ kind: "metric", label: "rows", value: 3 });
  });

  it("returns null where it returns nothing, and dates as texts", async () => {
    expect(returned(await run("export const work = () => {};"))).toBeNull();
    const value = "{ at: new Date(0), absent: undefined, list: [undefined], url: new URL('https://a.test/') }";
    expect(returned(await run(`export const work = () => (${value});`))).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      list: [null],
      url: "https://a.test/",
    });
  });
});

describe("time", () => {
  it("ends a function that never returns", async () => {
    const begun = now();
    const { error } = failureOf(await run("export const work = () => new Promise(() => {});", { timeout: 300 }));
    expect(error).toEqual({ reason: "timeout", message: expect.stringMatching(/^No end within \d+ ms\.$/) });
    expect(now() - begun).toBeLessThan(3_000);
  });

  it("ends a run that is taken away, without an outcome", async () => {
    const controller = new AbortController();
    const outcome = run("export const work = () => new Promise(() => {});", {}, controller.signal);
    controller.abort();
    expect(await outcome).toBeNull();
    expect(await run("export const work = () => 1;", {}, AbortSignal.abort())).toBeNull();
  });

  it("of what it left running is over with the run: its hand does nothing any more", async () => {
    const own = makeCodeWorld();
    const outcome = await own.run(`export const work = async (args, run) => {
      setTimeout(() => run.send("late", {}), 100);
      await run.send("in time", {});
    };`);
    expect(returned(outcome)).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(own.sent.map(({ event }) => event)).toEqual(["in time"]);
  });
});

describe("what a function may ask of its project", () => {
  it("is asked by events and by schedules, and answered", async () => {
    const own = makeCodeWorld();
    const outcome = await own.run(`export const work = async (args, run) => [
      await run.send("hot:schedule:new", { fn: "a", schedule: "in 10 minutes" }),
      await run.schedules.create({ fn: "b", schedule: "hourly", args: { day: new Date(0) } }),
      await run.schedules.cancel("the-id"),
      await run.schedules.cancelAll("b"),
    ];`);
    expect(returned(outcome)).toEqual([
      "hot:schedule:new 1",
      "hot:schedule:new 2",
      "hot:schedule:cancel 3",
      "hot:schedule:cancel 4",
    ]);
    expect(own.sent).toEqual([
      { fn: "work", event: "hot:schedule:new", data: { fn: "a", schedule: "in 10 minutes" } },
      {
        fn: "work",
        event: "hot:schedule:new",
        data: { fn: "b", schedule: "hourly", args: { day: "1970-01-01T00:00:00.000Z" } },
      },
      { fn: "work", event: "hot:schedule:cancel", data: { "schedule-id": "the-id" } },
      { fn: "work", event: "hot:schedule:cancel", data: { fn: "b" } },
    ]);
  });

  it("takes 64 KiB of data with an event and no more: what is larger does not leave the isolate", async () => {
    const own = makeCodeWorld();
    const source = (length: number) => `export const work = (args, run) => run.send("x", "y".repeat(${length}));`;
    expect(returned(await own.run(source(EVENT_MAX_LENGTH - 2)))).toBe("x 1");
    const { error } = failureOf(await own.run(source(EVENT_MAX_LENGTH - 1)));
    expect(error.message).toBe(`TypeError: x: data takes more than ${EVENT_MAX_LENGTH} bytes.`);
    expect(own.sent).toHaveLength(1);
  });

  it("is refused as an exception", async () => {
    const { error } = failureOf(await run('export const work = (args, run) => run.send("refused", {});'));
    expect(error).toMatchObject({ reason: "exception", message: "Error: refused: not so" });
    const unsendable = failureOf(await run('export const work = (args, run) => run.send("x", { f() {} });'));
    expect(unsendable.error.message).toBe("TypeError: x: data.f is a function.");
  });
});

describe("a run of the whole project", () => {
  const two = { functions: [code("first"), code("second")] };

  it("calls its functions in their order, and they share /tmp", async () => {
    const source = `import { existsSync, readFileSync, writeFileSync } from "node:fs";
export const first = () => { const before = existsSync("/tmp/x"); writeFileSync("/tmp/x", "3 rows"); return before };
export const second = () => readFileSync("/tmp/x", "utf8");`;
    for (const _ of [1, 2]) {
      expect(leftOf(await run(source, two)).items).toEqual([
        { fn: "first", value: false },
        { fn: "second", value: "3 rows" },
      ]);
    }
  });

  it("stops at the first failure, names its function, and keeps what came before", async () => {
    const source =
      "export const first = () => { console.log('one'); return 1 }; export const second = () => { throw new Error('x') };";
    const outcome = await run(source, { functions: [...two.functions, code("first", { name: "third" })] });
    expect(failureOf(outcome).error).toMatchObject({ message: "second: Error: x", fn: "second" });
    expect(leftOf(outcome)).toMatchObject({ items: [{ fn: "first", value: 1 }], log: { lines: [{ fn: "first" }] } });
  });

  it("may call code and endpoints by turns", async () => {
    const functions = [code("first"), functionAt(world.scope, "ok", { name: "called" }), code("second")];
    const outcome = await run("export const first = () => 1; export const second = () => 2;", { functions });
    expect(leftOf(outcome).items).toEqual([
      { fn: "first", value: 1 },
      { fn: "called", value: { rows: 3 } },
      { fn: "second", value: 2 },
    ]);
  });

  it("tells how far it has come, items and lines, about once a second", async () => {
    const own = makeCodeWorld();
    const source = `const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const first = () => { console.log("one"); return 1 };
export const second = async () => { await wait(700); console.log("two"); await wait(1_500); return 2 };`;
    await own.run(source, two);
    const told = own.told.map((output) => (output.stored === "inline" ? JSON.parse(output.json) : null));
    expect(told.map(({ items, log }) => [items.length, log.lines.length])).toEqual([[1, 2]]);
  });
});
