/** Code functions, run in real isolates. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { execute } from "../../src/executor/execute.ts";
import { LINE_MAX_LENGTH, LOG_LINES_MAX, LOG_MAX_LENGTH } from "../../src/executor/journal.ts";
import { now } from "../../src/system.ts";
import { code, failureOf, leftOf, linesOf, makeCodeWorld, returned } from "../support/code-claim.ts";
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

describe("nothing is left behind", () => {
  const counting =
    "let count = 0; globalThis.seen ??= 0; export const work = () => [(count += 1), (globalThis.seen += 1)];";

  it("in memory, from one run to the next", async () => {
    for (const _ of [1, 2, 3]) expect(returned(await run(counting))).toEqual([1, 1]);
  });

  it("unless every function says that its version shares an isolate", async () => {
    const own = makeCodeWorld();
    const shared = { functions: [code("work", { isolate: "version" })], whole: false };
    const first = returned(await own.run(counting, shared));
    expect(returned(await own.run(counting, shared))).not.toEqual(first);
    const mixed = { functions: [...shared.functions, code("work", { name: "alone" })] };
    expect(leftOf(await own.run(counting, mixed)).items[0]?.value).toEqual([1, 1]);
  });

  it("of files, in a shared isolate either", async () => {
    const own = makeCodeWorld();
    const source = `import { existsSync, writeFileSync } from "node:fs";
export const work = () => { const before = existsSync("/tmp/x"); writeFileSync("/tmp/x", "1"); return before };`;
    const shared = { functions: [code("work", { isolate: "version" })], whole: false };
    for (const _ of [1, 2]) expect(returned(await own.run(source, shared))).toBe(false);
  });

  it("for another tenant with the very same code", async () => {
    const shared = { functions: [code("work", { isolate: "version" })], whole: false };
    for (const _ of [1, 2]) expect(returned(await makeCodeWorld().run(counting, shared))).toEqual([1, 1]);
  });

  it("and there is nothing to find: no bindings, no variables, no cache of the platform", async () => {
    const source = `export const work = async () => {
  const { env } = await import("cloudflare" + ":workers");
  return [Object.keys(env), Object.keys(process.env), typeof caches];
};`;
    expect(returned(await run(source))).toEqual([[], [], "undefined"]);
  });
});

describe("code that breaks what it stands on", () => {
  it.each([
    "JSON.stringify = () => 'x'; JSON.parse = () => 'y'; Object.keys = () => []",
    "Array.prototype[Symbol.iterator] = undefined; Array.prototype.push = undefined; Array.isArray = () => false",
    "Reflect.apply = undefined; Function.prototype.call = Function.prototype.apply = undefined",
    "String.prototype.slice = undefined; Date.prototype.toISOString = undefined; Date.now = () => NaN",
    "globalThis.setTimeout = undefined; globalThis.TextEncoder = undefined; Map.prototype.get = undefined",
    "Error.prepareStackTrace = () => { throw 1 }; Error.stackTraceLimit = 0",
    "Object.prototype.toJSON = undefined; globalThis.console = undefined",
  ])("gets no further than its own run: %s", async (statement) => {
    const outcome = await run(
      `${statement};\nexport const work = (args, run) => { run.log("still here"); return { rows: [1, "two"] } };`,
    );
    expect(returned(outcome)).toEqual({ rows: [1, "two"] });
    expect(linesOf(outcome).map(({ text }) => text)).toEqual(["still here"]);
  });

  it("may answer for the platform, and is not believed", async () => {
    const source = `import { RpcTarget } from "node:util";
export const work = () => 1;`;
    expect(failureOf(await run(source)).error.reason).toBe("load_failed");
  });
});

describe("the way out", () => {
  const fetching = (url: string, more = "") => `export const work = async () => {
  const answer = await fetch(${JSON.stringify(url)}${more});
  return [answer.status, await answer.text()];
};`;

  it("leads to the world, with bodies both ways", async () => {
    const url = `${env.RECEIVER}/${world.scope.projectId}/echo`;
    const outcome = await run(fetching(url, ', { method: "POST", body: "three rows" }'));
    expect(returned(outcome)).toEqual([200, "three rows"]);
  });

  it("follows redirects, each through the same rules", async () => {
    const url = `${env.RECEIVER}/${world.scope.projectId}/redirect`;
    const source = `export const work = async () => (await fetch("${url}", { method: "POST" })).url;`;
    expect(returned(await run(source))).toBe(`${env.RECEIVER}/elsewhere/ok`);
    vi.spyOn(globalThis, "fetch").mockImplementationOnce(async () => Response.redirect("http://10.0.0.1/", 302));
    const { error } = failureOf(await run(source));
    expect(error).toMatchObject({ reason: "exception", message: "TypeError: fetch refused: Only https is called." });
  });

  it.each([
    ["http://127.0.0.1:1/", "Only https is called."],
    ["https://localhost/", "The host localhost is not on the public Internet."],
    ["https://169.254.169.254/latest", "The host 169.254.169.254 is not on the public Internet."],
    ["https://[fd00::1]/", "The host [fd00::1] is not on the public Internet."],
    ["https://carillon.example.dev/v1/projects", "The URL points at this scheduler itself."],
  ])("does not lead to %s", async (url, reason) => {
    const guarded = makeCodeWorld(world.scope, { rules: { allowLoopback: false } });
    const { error } = failureOf(await guarded.run(fetching(url)));
    expect(error).toMatchObject({
      reason: "exception",
      message: `TypeError: fetch refused: ${reason}`,
      stack: /index\.js:2/,
    });
  });

  it("is no socket: nothing that is written to one arrives, and nothing comes back", async () => {
    const { host } = new URL(env.RECEIVER);
    const own = makeCodeWorld();
    const outcome = await own.run(`export const work = async () => {
  const { connect } = await import("cloudflare" + ":sockets");
  const socket = connect("${host}");
  const request = "POST /${own.scope.projectId}/ok HTTP/1.1\\r\\nhost: ${host}\\r\\ncontent-length: 0\\r\\n\\r\\n";
  const write = socket.writable.getWriter().write(new TextEncoder().encode(request)).catch(() => {});
  const { value } = await socket.readable.getReader().read();
  return value ? "something came" : "nothing";
};`);
    if (outcome?.kind === "succeeded") expect(returned(outcome)).toBe("nothing");
    expect(await (await fetch(`${env.RECEIVER}/${own.scope.projectId}`)).json()).toEqual([]);
  });
});
