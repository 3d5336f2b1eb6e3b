/** What code functions leave, in real isolates: values that are kept or refused, exceptions, and the log. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { execute } from "../../src/executor/execute.ts";
import { LINE_MAX_LENGTH, LOG_LINES_MAX, LOG_MAX_LENGTH } from "../../src/executor/journal.ts";
import { now } from "../../src/system.ts";
import { failureOf, leftOf, linesOf, makeCodeWorld } from "../support/code-claim.ts";

const world = makeCodeWorld();
const run = world.run;

describe("what cannot be kept as JSON is refused with its place and its kind", () => {
  it.each([
    ["{ a: [1, () => 1] }", "the value.a[1] is a function"],
    ["Symbol('x')", "the value is a symbol"],
    ["{ n: 10n }", "the value.n is a BigInt"],
    ["[0 / 0]", "the value[0] is the number NaN"],
    ["{ big: Infinity }", "the value.big is the number Infinity"],
    ["new Map([[1, 2]])", "the value is a value of the kind Map"],
    ["{ rows: new Set() }", "the value.rows is a value of the kind Set"],
    ["new Response('x')", "the value is a value of the kind Response"],
    ["new Uint8Array(3)", "the value is a value of the kind Uint8Array"],
    ["new Error('x')", "the value is a value of the kind Error"],
    ["new Date(NaN)", "the value is a Date that is no date"],
    ["(() => { const a = {}; a.self = { a }; return a })()", "the value.self.a is a cycle"],
    ["(() => { let a = []; for (let i = 0; i < 90; i += 1) a = [a]; return a })()", "nested deeper than 64 levels"],
  ])("%s", async (value, message) => {
    const { error } = failureOf(await run(`export const work = () => (${value});`));
    expect(error.reason).toBe("output_invalid");
    expect(error.message).toContain(message);
  });

  it("and what is larger than an output may be is refused before it is sent", async () => {
    for (const value of ["'x'.repeat(50_000_000)", "Array(400_000).fill('abc')", "['\\u20ac'.repeat(500_000)]"]) {
      const { error } = failureOf(await run(`export const work = () => ${value};`));
      expect(error.reason).toBe("response_too_large");
    }
  });

  it("and a getter or a toJSON that throws is an exception of the function", async () => {
    const { error } = failureOf(await run("export const work = () => ({ get a() { throw new Error('no') } });"));
    expect(error).toMatchObject({ reason: "exception", message: "Error: no", stack: /index\.js:1:4\d/ });
  });
});

describe("an exception", () => {
  it("has the author's own frames, and no others", async () => {
    const { error } = failureOf(
      await run({
        "index.js": `import { load } from "./lib/load.js";
export const work = async () => {
  await load([1]);
};`,
        "lib/load.js": `export async function load(rows) {
  await null;
  rows.map((row) => row.missing.field);
}`,
      }),
    );
    expect(error).toEqual({
      reason: "exception",
      message: "TypeError: Cannot read properties of undefined (reading 'field')",
      stack: "lib/load.js:3:33\nload (lib/load.js:3:8)\nwork (index.js:3:3)",
    });
  });

  it("tells its cause too", async () => {
    const source = "export const work = () => { throw new Error('out', { cause: new Error('in') }) };";
    const { error } = failureOf(await run(source));
    expect(error.stack).toBe("work (index.js:1:35)\ncaused by: in\nwork (index.js:1:61)");
  });

  it.each([
    ["'just a text'", "just a text"],
    ["null", "null"],
    ["undefined", "undefined"],
    ["{ code: 7 }", "{ code: 7 }"],
    ["Object.assign(new Error('x'), { name: 'MyError' })", "MyError: x"],
    ["Object.create(null)", "[Object: null prototype] {}"],
    ["{ get message() { throw 1 }, get stack() { throw 2 } }", /message: \[Getter\]/],
    ["new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })", /./],
    ["new Error('x'.repeat(100_000))", /^Error: x{4000}/],
  ])("may be anything: %s", async (thrown, message) => {
    const { error } = failureOf(await run(`export const work = () => { throw ${thrown} };`));
    expect(error.reason).toBe("exception");
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(5_000);
  });

  it.each([
    ["throw new Failure('busy')", undefined],
    ["return new Failure('busy')", undefined],
    ["throw new Failure('busy', { retry: false })", "never"],
    ["return new Failure('busy', { retry: { after: 5_000 } })", { after: 5_000 }],
    ["throw new Failure('busy', { retry: { after: -1 } })", undefined],
    ["throw new Failure('busy', { retry: 'soon' })", undefined],
  ])("that is a Failure is the function's own report: %s", async (statement, retry) => {
    const source = `import { Failure } from "carillon"; export const work = () => { ${statement} };`;
    const { error, retry: asked } = failureOf(await run(source));
    expect(error).toMatchObject({ reason: "reported", message: "busy" });
    expect(asked).toEqual(retry);
  });

  it("of a missing export, of modules that are gone and of a deployment without isolates says so", async () => {
    expect(failureOf(await run("export const other = 1;")).error.reason).toBe("function_missing");
    const gone = await world.claim("export const work = 1;", { code: { hash: "0", main: "index.js", modules: [] } });
    const { signal } = new AbortController();
    expect(failureOf(await execute(gone, world.tools, signal)).error).toMatchObject({ reason: "load_failed" });
    const without = await execute(gone, { ...world.tools, isolates: null }, signal);
    expect(failureOf(without).error).toMatchObject({ reason: "load_failed", message: /no Worker Loader/ });
  });

  it("while modules are loaded fails the run as load_failed, with the place", async () => {
    const { error } = failureOf(await run("export const work = () => 1;\nnull.field;"));
    expect(error).toMatchObject({ reason: "load_failed", message: /reading 'field'/, stack: "index.js:2:6" });
    const syntax = failureOf(await run("export const work = () => 1;\nlet = = 3;"));
    expect(syntax.error).toMatchObject({ reason: "load_failed", message: /SyntaxError/, stack: /^index\.js:2:/ });
  });
});

describe("what a function writes", () => {
  it("is kept in its order, by level, with the function and the time", async () => {
    const outcome = await run(`console.debug("while loading");
export const work = (args, run) => {
  console.log("rows: %d", 3, { day: "Mon" });
  console.warn(new Map([[1, { a: 2 }]]));
  run.log("from", "the run");
  console.error(new Error("seen"));
};`);
    const lines = linesOf(outcome);
    expect(lines.map(({ level, text }) => [level, text.split("\n")[0]])).toEqual([
      ["debug", "while loading"],
      ["log", "rows: 3 { day: 'Mon' }"],
      ["warn", "Map(1) { 1 => { a: 2 } }"],
      ["log", "from the run"],
      ["error", "Error: seen"],
    ]);
    expect(lines.every(({ fn, at }) => fn === "work" && Math.abs(Date.parse(at) - now()) < 10_000)).toBe(true);
  });

  it("is kept when it fails", async () => {
    const outcome = await run("export const work = () => { console.log('before'); throw new Error('x') };");
    expect(leftOf(outcome)).toMatchObject({ items: [], log: { lines: [{ text: "before" }], truncated: false } });
  });

  it("is kept as far as it got when its time is over", async () => {
    const source = "export const work = async () => { console.log('begun'); await new Promise(() => {}) };";
    const outcome = await run(source, { timeout: 600 });
    expect(failureOf(outcome).error).toMatchObject({ reason: "timeout" });
    expect(linesOf(outcome).map(({ text }) => text)).toEqual(["begun"]);
  });

  it.each([
    ["lines", "for (let i = 0; i < 100_000; i += 1) console.log('line', i)", LOG_LINES_MAX],
    ["all lines together", "for (let i = 0; i < 5_000; i += 1) console.log('x'.repeat(1_000))", 65],
    ["one line", "console.log('x'.repeat(50_000_000)); console.log({ deep: 'y'.repeat(1_000_000) })", 2],
  ])("is capped by %s", async (_, statement, count) => {
    const outcome = await run(`export const work = () => { ${statement} };`);
    if (outcome?.kind !== "succeeded") throw new Error(JSON.stringify(outcome));
    const stored = outcome.output;
    const json = stored?.stored === "artifact" ? await (await env.ARTIFACTS.get(stored.key))?.text() : stored?.json;
    const { log } = JSON.parse(json ?? "");
    expect(log.lines).toHaveLength(count);
    expect(log.truncated).toBe(count !== 2);
    const lengths: readonly number[] = log.lines.map(({ text }: { text: string }) => text.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(LINE_MAX_LENGTH);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(LOG_MAX_LENGTH);
  });

  it("includes promises that were rejected and that nobody waited for", async () => {
    const outcome = await run(
      "export const work = async () => { Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 20)) };",
    );
    expect(linesOf(outcome)).toMatchObject([{ level: "error", text: /nobody was there: Error: lost/ }]);
  });
});
