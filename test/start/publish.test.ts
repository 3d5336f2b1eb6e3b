/** `npm run publish-code`: what it takes, what it sends, and how it tells people what was refused. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readArguments } from "../../scripts/publish/arguments.ts";
import { readFolder } from "../../scripts/publish/folder.ts";
import { refusedLines } from "../../scripts/publish/refused-lines.ts";
import { NODE } from "./local-carillon.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "carillon-publish-"));
const ENV = { CARILLON_URL: "https://carillon.example.dev/", CARILLON_TOKEN: "car_1" };

/** Plays the API: notes what it is asked, and answers what the test says, or that all is well. */
const asked: { readonly line: string; readonly body: unknown }[] = [];
let answers: Record<string, [number, object]> = {};
const server = createServer(async (request, response) => {
  const line = `${request.method} ${request.url}`;
  const texts = await request.toArray();
  asked.push({ line, body: JSON.parse(Buffer.concat(texts).toString()) });
  const [status, body] = answers[line] ?? [404, { detail: "There is nothing at this address." }];
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
});

const UPLOAD = "POST /v1/projects/report/versions";
const PUBLISH = "PUT /v1/projects/report/published";
const PLAN = { created: ["daily"], changed: [], removed: ["weekly"], unchanged: [] };

beforeAll(async () => {
  write("index.js", 'export * from "./lib/orders.js";');
  write("lib/orders.js", "export const orders = () => 1;");
  for (const other of ["package.json", ".secrets.txt", "node_modules/left/index.js", "notes.md"]) write(other, "{}");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

beforeEach(() => {
  asked.length = 0;
  answers = {
    [UPLOAD]: [201, { version: 3, functions: [{ name: "orders" }, { name: "daily" }] }],
    [PUBLISH]: [200, { version: 3, schedules: PLAN, run_id: "019b3f0e" }],
    [`${PUBLISH}?dry_run=true`]: [200, { version: 3, schedules: PLAN, run_id: null }],
  };
});

afterAll(() => {
  server.close();
  rmSync(FOLDER, { recursive: true, force: true });
});

function write(name: string, text: string): void {
  mkdirSync(dirname(join(FOLDER, name)), { recursive: true });
  writeFileSync(join(FOLDER, name), text);
}

const publish = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const { port } = server.address() as AddressInfo;
    const env = { ...process.env, CARILLON_URL: `http://127.0.0.1:${port}`, CARILLON_TOKEN: "car_1" };
    execFile(NODE, ["scripts/with-node-24.mjs", "publish", ...args], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });

describe("publish-code", () => {
  it("uploads the modules of the folder, publishes the version, and says what became of the schedules", async () => {
    const { code, out } = await publish(FOLDER, "--project", "report");
    expect(asked).toEqual([
      { line: UPLOAD, body: { modules: readFolder(FOLDER) } },
      { line: PUBLISH, body: { version: 3 } },
    ]);
    expect(code).toBe(0);
    for (const said of ["Version 3 of report is published", "orders, daily", "created    daily", "removed    weekly"])
      expect(out).toContain(said);
    expect(out).toContain("/v1/projects/report/app");
  });

  it("with --dry-run publishes nothing, and with --no-refresh runs nothing", async () => {
    const { out } = await publish(FOLDER, "--project", "report", "--dry-run", "--no-refresh");
    expect(asked[1]).toEqual({ line: `${PUBLISH}?dry_run=true`, body: { version: 3, refresh: false } });
    expect(out).toContain("not published");
  });

  it("tells every refusal with its line, publishes nothing, and fails", async () => {
    answers[UPLOAD] = [
      422,
      {
        detail: "Two things are wrong.",
        errors: [
          { path: "/modules/lib~1orders.js", message: "lib/orders.js:12:9: This is no JavaScript module." },
          { path: "/modules/index.js", message: "daily (index.js:3:1), schedule: It happens only once." },
        ],
      },
    ];
    const { code, err } = await publish(FOLDER, "--project", "report");
    expect([code, asked.length]).toEqual([1, 1]);
    expect(err).toContain("\nlib/orders.js:12:9: This is no JavaScript module.\n");
    expect(err).toContain("\nindex.js:3:1: daily, schedule: It happens only once.\n");
  });

  it("says which project was not found", async () => {
    const { code, err } = await publish(FOLDER, "--project", "nowhere");
    expect([code, err]).toEqual([1, expect.stringMatching(/nowhere at http.*There is nothing at this address/)]);
  });

  it("says where nobody answers", async () => {
    const { code, err } = await publish(FOLDER, "--project", "report", "--url", "http://127.0.0.1:1");
    expect([code, err]).toEqual([1, expect.stringContaining("http://127.0.0.1:1 does not answer")]);
  });
});

describe("the modules", () => {
  it("are those of the folder and of what is in it, by the names that they import each other by", () => {
    expect(Object.keys(readFolder(FOLDER))).toEqual(["index.js", "lib/orders.js"]);
  });

  it("must be there", () => {
    expect(() => readFolder(join(FOLDER, "nowhere"))).toThrow("cannot be read");
    expect(() => readFolder(mkdtempSync(join(FOLDER, ".empty-")))).toThrow("no modules");
  });
});

describe("the arguments", () => {
  it("take the address and the token from the environment, and another address from --url", () => {
    expect(readArguments(["report", "--project", "report"], ENV)).toEqual({
      ...{ folder: "report", project: "report", url: "https://carillon.example.dev", token: "car_1" },
      ...{ main: undefined, dryRun: false, refresh: true },
    });
    const more = ["report", "--project", "p", "--url", "http://localhost:8787", "--main", "main.js", "--no-refresh"];
    expect(readArguments(more, ENV)).toMatchObject({ url: "http://localhost:8787", main: "main.js", refresh: false });
  });

  it.each<[string, string[], NodeJS.ProcessEnv]>([
    ["0 folders", ["--project", "report"], ENV],
    ["2 folders", ["one", "two", "--project", "report"], ENV],
    ["--project is missing", ["report"], ENV],
    ["The address is", ["report", "--project", "report"], { CARILLON_TOKEN: "car_1" }],
    ["CARILLON_TOKEN is missing", ["report", "--project", "report"], { CARILLON_URL: ENV.CARILLON_URL }],
    ["--force", ["report", "--project", "report", "--force"], ENV],
  ])("are refused: %s", (said, args, env) => {
    expect(() => readArguments(args, env)).toThrow(said);
  });
});

it.each([
  ["a place", { path: "/modules/a.js", message: "a.js:1:2: Wrong." }, ["a.js:1:2: Wrong."]],
  ["no line", { path: "/modules/lib~1a.json", message: "It is no JSON." }, ["lib/a.json: It is no JSON."]],
  [
    "what would be right",
    { path: "/modules/a.mjs", message: "a.mjs:3:4 imports fs: wrong.", expected: "node:", suggestion: "node:fs" },
    ["a.mjs:3:4: imports fs: wrong.", "    expected: node:", "    such as:  node:fs"],
  ],
])("a refusal with %s is told so that an editor finds it", (_, refused, lines) => {
  expect(refusedLines(refused)).toEqual(lines);
});
