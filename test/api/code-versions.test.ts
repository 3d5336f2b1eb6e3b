/** Uploading code: what becomes a version, and what is refused, bounded and with its place. */
import { describe, expect, it } from "vitest";
import { type Answered, expectProblem, functionAt, makeProjectOwner, type ProjectOwner } from "./caller.ts";

const REPORT = `import { fn, metric } from "carillon";
import { rows } from "./lib/rows.js";

export const loadOrders = async () => ({ rows: rows.length });
export const dailyReport = fn(
  { schedule: "every day at 9am", timezone: "Europe/Berlin", retry: { attempts: 3, delay: 500 }, timeout: "2 minutes" },
  () => metric("Orders", rows.length),
);
export const helper = 42;
export default fn({ name: "clean-up", schedule: "0 2 * * *", isolate: "version" }, () => null);
`;
const MODULES = { "index.js": REPORT, "lib/rows.js": "export const rows = [1, 2, 3];" };

const upload = (owner: ProjectOwner, body: object, headers: Record<string, string> = {}): Promise<Answered> =>
  owner.call("POST", `${owner.at}/versions`, { body, headers });

/** Uploads to a project of its own, where a refused upload leaves nothing. */
async function tryUpload(modules: Record<string, string> | string, more: object = {}): Promise<Answered> {
  const owner = await makeProjectOwner();
  const texts = typeof modules === "string" ? { "index.js": modules } : modules;
  const answer = await upload(owner, { modules: texts, ...more });
  const { items } = (await owner.call("GET", `${owner.at}/versions`)).body;
  expect(items).toHaveLength(answer.status === 201 ? 2 : 1);
  return answer;
}

async function refused(modules: Record<string, string> | string, more: object = {}) {
  const answer = await tryUpload(modules, more);
  expectProblem(answer, 422, "invalid_input");
  expect(JSON.stringify(answer.body).length).toBeLessThan(10_000);
  return answer.body.errors;
}

const names = ({ body }: Answered) => body.functions.map(({ name }: { name: string }) => name);

describe("uploading modules", () => {
  it("makes every function that the main module exports one of the version, in the order of the source", async () => {
    const { status, body } = await tryUpload(MODULES);
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body.functions).toMatchObject([
      { name: "load-orders", kind: "code", export: "loadOrders", isolate: "run", schedule: null, url: null },
      {
        name: "daily-report",
        export: "dailyReport",
        schedule: "every day at 9am",
        timezone: "Europe/Berlin",
        retry: { attempts: 3, delay: 500 },
        timeout: "2 minutes",
      },
      { name: "clean-up", export: "default", schedule: "0 2 * * *", isolate: "version" },
    ]);
    expect(body.code).toEqual({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      main: "index.js",
      modules: [
        { name: "index.js", bytes: REPORT.length },
        { name: "lib/rows.js", bytes: 30 },
      ],
    });
  });

  it("keeps the texts, for whoever may view the project", async () => {
    const owner = await makeProjectOwner();
    await upload(owner, { modules: MODULES });
    const { body } = await owner.call("GET", `${owner.at}/versions/2/modules`);
    expect(body).toEqual({ main: "index.js", modules: MODULES });
    expectProblem(await owner.call("GET", `${owner.at}/versions/1/modules`), 404, "not_found");
    expectProblem(await owner.call("GET", `${owner.at}/versions/9/modules`), 404, "not_found");
  });

  it("gives listed functions their place, and what they say goes before what the export says", async () => {
    const answer = await tryUpload(MODULES, {
      functions: [
        { name: "clean-up", kind: "code", retry: 5 },
        functionAt("work"),
        { name: "morning", kind: "code", export: "dailyReport", schedule: "every day at 6am", isolate: "version" },
      ],
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    expect(names(answer)).toEqual(["clean-up", "work", "morning", "load-orders"]);
    expect(answer.body.functions[0]).toMatchObject({ export: "default", schedule: "0 2 * * *", retry: 5 });
    expect(answer.body.functions[2]).toMatchObject({
      schedule: "every day at 6am",
      timezone: "Europe/Berlin",
      isolate: "version",
    });
  });

  it("takes another main module, or the only one there is", async () => {
    const texts = { "a.js": "export const one = () => 1;", "b.mjs": "export const two = () => 2;" };
    expect(names(await tryUpload(texts, { main: "b.mjs" }))).toEqual(["two"]);
    expect(names(await tryUpload({ "jobs/only.js": "export const three = () => 3;" }))).toEqual(["three"]);
  });

  it("happens once under an idempotency key", async () => {
    const owner = await makeProjectOwner();
    const first = await upload(owner, { modules: MODULES }, { "idempotency-key": "v" });
    const again = await upload(owner, { modules: MODULES }, { "idempotency-key": "v" });
    expect(again.body).toEqual(first.body);
    expect((await owner.call("GET", `${owner.at}/versions`)).body.items).toHaveLength(2);
  });

  it("may be megabytes, and no more", async () => {
    const big = (bytes: number) => ({ "index.js": `export const a = () => 1; //${"x".repeat(bytes)}` });
    expect((await tryUpload(big(4_000_000))).status).toBe(201);
    expect(await refused(big(4_200_000))).toMatchObject([{ path: "/modules" }]);
    expectProblem(await tryUpload(big(12_000_000)), 413, "body_too_large");
  });
});

describe("code that is refused", () => {
  it.each([
    ["export const a = () => 1;\n\nlet = = 3;", /^index\.js:3:\d+: SyntaxError/],
    ["export const a = () => {", /^index\.js:\d+:\d+: /],
    ["import { from 'x'", /^index\.js:1:\d+: /],
    ["const type: string = 'ts'; export const a = () => type;", /^index\.js:1:\d+: SyntaxError/],
    ["\nfunction boom() { throw new RangeError('no') }\nboom();", /^index\.js:2:25: RangeError: no$/],
    ["throw 'just a text';", /^index\.js: just a text$/],
    ["await new Promise(() => {}); export const a = () => 1;", /^index\.js: .*Top-level await/],
    [
      "await new Promise((r) => setTimeout(r, 60_000)); export const a = () => 1;",
      /^index\.js:1:\d+: .*not allowed within global scope/,
    ],
    [
      "await fetch('https://example.com/'); export const a = () => 1;",
      /^index\.js:1:7: .*not allowed within global scope/,
    ],
    ["export const a = eval('() => 1');", /^index\.js:1:18: EvalError/],
    [
      "import { missing } from './index.js'; export const a = () => missing;",
      /does not provide an export named 'missing'/,
    ],
    ["import x from 'node:no_such'; export const a = () => x;", /No such module/],
    [
      "for (let i = 0; i < 1e5; i += 1) console.log('x'.repeat(1e4)); throw new Error('x'.repeat(1e7));",
      /^index\.js:1:\d+: Error: xxx/,
    ],
  ])("because it cannot be loaded: %s", async (text, message) => {
    const [issue] = await refused(text);
    expect(issue).toMatchObject({ path: "/modules/index.js", message: expect.stringMatching(message) });
  });

  it("because another module does not parse, even where nobody imports it", async () => {
    const errors = await refused({ "index.js": "export const a = () => 1;", "lib/b.js": "export const x = ;" });
    expect(errors).toMatchObject([
      { path: "/modules/lib~1b.js", message: "lib/b.js:1:17: SyntaxError: Unexpected token ';'", position: 16 },
    ]);
  });

  it("because it asks for what is not there: a module, a package, a binding", async () => {
    const text = `import "./nope.js";
import _ from "lodash";
import { env } from "cloudflare:workers";
export const a = () => 1;`;
    const errors = await refused(text);
    expect(errors.map(({ message }: { message: string }) => message.split(" imports")[0])).toEqual([
      "index.js:1:9",
      "index.js:2:16",
      "index.js:3:22",
    ]);
  });

  it("because it has no function at all, or too many names for one", async () => {
    expect(await refused("export const a = 1;")).toMatchObject([
      { path: "/modules", message: "index.js exports no function." },
    ]);
    expect(await refused("")).toMatchObject([{ message: "index.js exports no function." }]);
    const same = "export const daily_report = () => 1; export const dailyReport = () => 2;";
    expect(await refused(same)).toMatchObject([
      {
        path: "/modules/index.js",
        message: expect.stringMatching(/^daily-report \(index\.js:1:51\), name: The export daily_report has/),
      },
    ]);
    const taken = { functions: [functionAt("daily-report")] };
    expect(await refused("export const dailyReport = () => 2;", taken)).toHaveLength(1);
  });

  it("because an export would make the module look like a promise", async () => {
    expect(await refused("export const then = (resolve) => resolve({});")).toMatchObject([
      { path: "/modules/index.js", message: expect.stringMatching(/^index\.js:1:14: .*promise/) },
    ]);
  });

  it("because an expression is not understood: by function, place and position in the expression", async () => {
    const text = `import { fn } from "carillon";
export const fine = fn({ schedule: "hourly" }, () => 1);
export const dailyReport = fn({ schedule: "every fortnite", timezone: "Europe/Berlinn" }, () => 1);`;
    expect(await refused(text)).toMatchObject([
      { path: "/modules/index.js", message: expect.stringMatching(/^daily-report \(index\.js:3:14\), timezone: /) },
      {
        path: "/modules/index.js",
        message: expect.stringMatching(/^daily-report \(index\.js:3:14\), schedule: /),
        position: 6,
      },
    ]);
    const once = 'import { fn } from "carillon"; export const late = fn({ schedule: "in 10 minutes" }, () => 1);';
    expect(await refused(once)).toMatchObject([
      { message: expect.stringMatching(/^late \(index\.js:1:45\), schedule: It happens only once/) },
    ]);
    const listed = { functions: [{ name: "a", kind: "code", schedule: "every fortnite" }] };
    expect(await refused("export const a = () => 1;", listed)).toMatchObject([
      { path: "/functions/0/schedule", position: 6 },
    ]);
  });

  it.each([
    ["fn({ shedule: 'hourly' }, () => 1)", /meta has no field "shedule"/],
    ["fn({ retry: -1 }, () => 1)", /a: retry is -1\./],
    ["fn({ schedule: () => 'hourly' }, () => 1)", /meta cannot be read: \.schedule is a function/],
    ["fn({ schedule: 'x'.repeat(1e6) }, () => 1)", /too large/],
    ["Object.assign(() => 1, { [Symbol.for('carillon.meta')]: { name: 'two words' } })", /a: name is "two words"\./],
    ["Object.assign(() => 1, { [Symbol.for('carillon.meta')]: 7 })", /meta is no object/],
    ["Object.defineProperty(() => 1, Symbol.for('carillon.meta'), { get() { throw 1 } })", /cannot be read/],
    ["fn({ timeout: 'a while' }, () => 1)", /a \(index\.js:1:45\), timeout: /],
    ["fn({ isolate: 'all' }, () => 1)", /a: isolate is "all"\./],
    ["fn('hourly')", /TypeError: fn takes a function/],
  ])("because its meta is forged or wrong: %s", async (value, message) => {
    const [issue] = await refused(`import { fn } from "carillon"; export const a = ${value};`);
    expect(issue.message).toMatch(message);
    expect(issue.message).toMatch(/index\.js:1:\d+/);
  });

  it.each([
    [{ name: "b", kind: "code" }, "/functions/0/export"],
    [{ name: "b", kind: "code", export: "nope" }, "/functions/0/export"],
    [{ name: "b", kind: "code", export: "value" }, "/functions/0/export"],
    [{ name: "a", kind: "code", url: "https://example.com/" }, "/functions/0/url"],
    [{ name: "w", kind: "http", url: "https://example.com/", export: "a" }, "/functions/0/export"],
    [{ name: "w", kind: "http", url: "https://example.com/", isolate: "run" }, "/functions/0/isolate"],
  ])("because a listed function is not what it says: %j", async (listed, path) => {
    const errors = await refused("export const a = () => 1; export const value = 1;", { functions: [listed] });
    expect(errors).toMatchObject([{ path }]);
  });

  it("because there are no modules for it, or a main module without any", async () => {
    const owner = await makeProjectOwner();
    const without = await upload(owner, { functions: [{ name: "a", kind: "code" }] });
    expect(without.body.errors).toMatchObject([{ path: "/functions/0/kind", message: "There are no modules." }]);
    const main = await upload(owner, { functions: [functionAt("a")], main: "index.js" });
    expect(main.body.errors).toMatchObject([{ path: "/main" }]);
    expect((await upload(owner, {})).body.errors).toMatchObject([{ path: "/functions" }]);
    expect((await upload(owner, { modules: {} })).body.errors).toMatchObject([{ path: "/modules" }]);
    expect((await upload(owner, { modules: { "../a.js": "" } })).body.errors).toMatchObject([
      { path: "/modules/..~1a.js" },
    ]);
  });
});
