/** `npm run bootstrap`: what it takes, what it writes, and that it begins once. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readArguments } from "../../scripts/bootstrap/arguments.ts";
import { toLiteral, writtenDatabase } from "../../scripts/bootstrap/written-database.ts";
import { hashSecret } from "../../src/directory/secrets.ts";
import { withDirectory } from "./kept.ts";

const NODE = join(import.meta.dirname, "../../node_modules/.bin/node");
const STATE = mkdtempSync(join(tmpdir(), "carillon-bootstrap-"));

afterAll(() => rmSync(STATE, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const run = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, CARILLON_STATE: STATE, PORT: "8999" };
    execFile(NODE, ["scripts/with-node-24.mjs", "bootstrap", ...args], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });

const TABLES = ["workspaces", "members", "tokens", "operator_tokens", "sign_in_links", "audit"];

const everything = () =>
  withDirectory(STATE, (directory) => TABLES.map((table) => directory.prepare(`SELECT * FROM ${table}`).all()));

describe("npm run bootstrap -- --local", () => {
  const name = `O'Neil & "Co"; DROP TABLE members; -- ?1 \\ é`;

  it("makes the first workspace, and shows every way in once", async () => {
    const { code, out } = await run("--email", "Ada@Example.com", "--name", name, "--plan", "professional", "--local");
    expect(code).toBe(0);
    const [workspaces, members, tokens, operators, links, audit] = everything();
    expect(workspaces).toMatchObject([{ name, plan: "professional" }]);
    expect(members).toMatchObject([{ email: "ada@example.com", role: "admin", state: "active" }]);
    const [token = "", operator = ""] = [/car_[\w-]{43}/, /cop_[\w-]{43}/].map((form) => form.exec(out)?.[0]);
    expect(tokens).toMatchObject([{ hash: hashSecret(token) }]);
    expect(operators).toMatchObject([{ hash: hashSecret(operator) }]);
    const [, secret = ""] = /http:\/\/localhost:8999\/invitations\/([\w-]{43})\n/.exec(out) ?? [];
    expect(links).toMatchObject([{ purpose: "invitation", hash: hashSecret(secret) }]);
    expect(audit).toMatchObject([{ act: "workspace.created", doer_kind: "operator" }]);
  });

  it("is refused the second time, with exit code 1, and changes nothing", async () => {
    const before = everything();
    const { code, out, err } = await run("--email", "eve@example.com", "--name", "Evil", "--local");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("There is a workspace already, so nothing was changed.");
    expect(everything()).toEqual(before);
  });

  it("does nothing with arguments that are wrong", async () => {
    const { code, err } = await run("--email", "ada", "--name", "Acme", "--local");
    expect(code).toBe(1);
    expect(err).toContain("ada@example.com");
  });
});

describe("the arguments", () => {
  const good = ["--email", "ada@example.com", "--name", "Acme"];

  it("are an address and a name, and by default the plan team in Cloudflare", () => {
    const wanted = { email: "ada@example.com", name: "Acme", plan: "team", local: false };
    expect(readArguments(good)).toMatchObject(wanted);
    expect(readArguments([...good, "--local", "--plan=enterprise"])).toMatchObject({ plan: "enterprise", local: true });
  });

  it.each([
    [[], "--email is missing"],
    [["--email", "a@b.c"], "--name is missing"],
    [["--email", "a@b.c", "--name", " "], "--name is missing"],
    [["--email", "a@b.c", "--name", "a\nb"], "cannot be a name"],
    [["--email", "a b", "--name", "Acme"], '--email is "a b"'],
    [[...good, "--plan", "gold"], '--plan is "gold"'],
    [[...good, "--url", "carillon.example.com"], "--url is"],
    [[...good, "--force"], "--force"],
    [[...good, "more"], "more"],
  ])("%j are refused, with what would have been right", (args, said) => {
    expect(() => readArguments(args)).toThrow(said);
    expect(() => readArguments(args)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("npm run bootstrap -- --email") }),
    );
  });
});

describe("SQL that is written as text", () => {
  it("quotes every value, and takes no part of one for a hole", async () => {
    const said: string[] = [];
    const db = writtenDatabase(async (sql) => {
      said.push(sql);
      return "[{}]";
    });
    await db.batch([db.prepare("SELECT ?1, ?2, ?3").bind("it's ?2", null, 7), db.prepare("SELECT ?1").bind("a'b")]);
    expect(said).toEqual(["SELECT 'it''s ?2', NULL, 7;\nSELECT 'a''b'"]);
  });

  it("refuses what cannot be written", () => {
    for (const value of ["a\0b", undefined, true, {}]) expect(() => toLiteral(value)).toThrow(TypeError);
  });
});
