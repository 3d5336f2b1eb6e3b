/** The ways into the demo that a start sees to, on a state of any age. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { prepareDatabases } from "../../scripts/start/databases.ts";
import { hashSecret } from "../../src/directory/secrets.ts";
import { withDirectory } from "./kept.ts";

const STATE = mkdtempSync(join(tmpdir(), "carillon-ways-"));
const KEY = Buffer.alloc(32, 7).toString("base64");

afterAll(() => rmSync(STATE, { recursive: true, force: true }));

const read = (sql: string) => withDirectory(STATE, (directory) => directory.prepare(sql).all());

it("are made, kept, and for a demo of an earlier release completed by its admin", async () => {
  const first = await prepareDatabases({ state: STATE, known: {} }, KEY);
  // An earlier release had a workspace and a token, and nobody in it.
  withDirectory(STATE, (directory) =>
    directory.exec("DELETE FROM sign_in_links; DELETE FROM members; DELETE FROM operator_tokens"),
  );
  const upgraded = await prepareDatabases({ state: STATE, known: { token: first.token } }, KEY);
  expect(upgraded.token).toBe(first.token);
  expect(read("SELECT email, role, state FROM members")).toEqual([
    { email: "you@carillon.local", role: "admin", state: "active" },
  ]);
  const later = await prepareDatabases({ state: STATE, known: upgraded }, KEY);
  expect(later).toMatchObject({ token: first.token, operatorToken: upgraded.operatorToken });
  const links = read("SELECT hash FROM sign_in_links WHERE purpose = 'local' AND used_at IS NULL");
  expect(links).toEqual([{ hash: hashSecret(later.signIn) }]);
  expect(read("SELECT count(*) AS workspaces FROM workspaces")).toEqual([{ workspaces: 1 }]);
});
