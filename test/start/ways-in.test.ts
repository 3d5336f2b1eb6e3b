/** The ways into the demo that a start sees to, on a state of any age. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readAnswer } from "../../scripts/bootstrap/written-database.ts";
import { prepareDatabases } from "../../scripts/start/databases.ts";
import { quietly, wrangle } from "../../scripts/start/wrangler.ts";
import { hashSecret } from "../../src/directory/secrets.ts";

const STATE = mkdtempSync(join(tmpdir(), "carillon-ways-"));
const KEY = Buffer.alloc(32, 7).toString("base64");

afterAll(() => rmSync(STATE, { recursive: true, force: true }));

async function query(sql: string) {
  const args = ["d1", "execute", "DIRECTORY", "--local", "--persist-to", STATE, "--json", "--command", sql];
  const answer = readAnswer(await wrangle(args, quietly(STATE, { CARILLON_KEY: KEY })));
  return answer.at(-1)?.results;
}

it("are made, kept, and for a demo of an earlier release completed by its admin", async () => {
  const first = await prepareDatabases({ state: STATE, known: {} }, KEY);
  // An earlier release had a workspace and a token, and nobody in it.
  await query("DELETE FROM sign_in_links; DELETE FROM members; DELETE FROM operator_tokens; SELECT 1");
  const upgraded = await prepareDatabases({ state: STATE, known: { token: first.token } }, KEY);
  expect(upgraded.token).toBe(first.token);
  expect(await query("SELECT email, role, state FROM members")).toEqual([
    { email: "you@carillon.local", role: "admin", state: "active" },
  ]);
  const later = await prepareDatabases({ state: STATE, known: upgraded }, KEY);
  expect(later).toMatchObject({ token: first.token, operatorToken: upgraded.operatorToken });
  const links = await query("SELECT hash FROM sign_in_links WHERE purpose = 'local' AND used_at IS NULL");
  expect(links).toEqual([{ hash: hashSecret(later.signIn) }]);
  expect(await query("SELECT count(*) AS workspaces FROM workspaces")).toEqual([{ workspaces: 1 }]);
});
