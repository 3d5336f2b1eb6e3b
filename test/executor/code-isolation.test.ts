/** What stands between code functions and everything else, in real isolates: memory, files, the harness, and the way out. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { newId } from "../../src/system.ts";
import { code, failureOf, leftOf, linesOf, makeCodeWorld, returned } from "../support/code-claim.ts";

const world = makeCodeWorld();
const run = world.run;

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

describe("code that asks for more than it may have", () => {
  it("sends a hundred events and no more, whatever it does with the answers", async () => {
    const own = makeCodeWorld();
    const outcome = await own.run(`export const work = async (args, run) => {
  for (let count = 0; ; count += 1) try { await run.send("note", { count }) } catch (error) { return [count, error.message] }
};`);
    expect(returned(outcome)).toEqual([100, expect.stringContaining("100 events")]);
    expect(own.sent).toHaveLength(100);
  });

  it("holds up nobody by a list of holes in its log, which crosses in a few bytes", async () => {
    const outcome = await run(`Object.defineProperty(Object.prototype, "then", {
  configurable: true,
  get() {
    if (Array.isArray(this.lines) && this.lines.length < 2) this.lines.length = 4e9;
    return undefined;
  },
});
export const work = () => "well";`);
    expect(outcome?.kind).toMatch(/succeeded|failed/);
  });

  it("fetches nothing any more when the time of its run is up", async () => {
    const url = `${env.RECEIVER}/${newId()}`;
    const outcome = await run(
      `export const work = async (url) => {
  for (;;) { await fetch(url + "/ok"); await new Promise((done) => setTimeout(done, 50)) }
};`,
      { args: url, timeout: 300 },
    );
    expect(failureOf(outcome).error.reason).toBe("timeout");
    await scheduler.wait(200);
    const calls = async () => ((await (await fetch(url)).json()) as unknown[]).length;
    const before = await calls();
    await scheduler.wait(300);
    expect(await calls()).toBe(before);
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

  describe("and answers in the harness's place", () => {
    /** Whoever shares an isolate finds what the run before it made of the harness. */
    const shared = { functions: [code("work", { isolate: "version" })], whole: false };
    const forging = (answer: string) => `import { RpcTarget } from "cloudflare:workers";
class Forged extends RpcTarget { async call() { return ${answer} } }
const { default: Harness } = await import("./__carillon/" + "harness.js");
Harness.prototype.open = async () => new Forged();
export const work = () => "its own";`;

    async function forged(answer: string) {
      const own = makeCodeWorld();
      expect(returned(await own.run(forging(answer), shared))).toBe("its own");
      return own.run(forging(answer), shared);
    }

    it.each([
      '{ kind: "value", json: "{ no" }',
      '{ kind: "value", json: { rows: 1 } }',
      '{ kind: "accepted" }',
      "null",
      '"value"',
    ])("is not believed: %s", async (answer) => {
      expect(failureOf(await forged(answer)).error).toMatchObject({ reason: "output_invalid" });
    });

    it("writes lines of its own functions only, at times that can be", async () => {
      const lines =
        '[{ fn: "other", text: "not mine" }, { fn: "work", at: "1999-01-01", level: "fatal", text: "mine" }]';
      const outcome = await forged(`{ kind: "value", json: "1", lines: ${lines}, truncated: "no" }`);
      expect(returned(outcome)).toBe(1);
      expect(linesOf(outcome)).toMatchObject([{ fn: "work", level: "log", text: "mine", at: /^20[2-9]\d-/ }]);
      expect(leftOf(outcome).log?.truncated).toBe(false);
    });

    it("does so in its own isolate: the same code of another project is asked itself", async () => {
      await forged('{ kind: "value", json: "1" }');
      expect(returned(await makeCodeWorld().run(forging('{ kind: "value", json: "1" }'), shared))).toBe("its own");
    });
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
