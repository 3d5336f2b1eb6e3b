/** How a deployment begins: once. */
import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { authenticate } from "../../src/directory/authenticate.ts";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { bootstrap } from "../../src/directory/first-workspace.ts";
import { hashSecret } from "../../src/directory/secrets.ts";
import { readInvitation } from "../../src/directory/sign-in-links.ts";
import { newId, randomBytes } from "../../src/system.ts";

const db = env.DIRECTORY;
const chance = { now: Date.UTC(2026, 10, 22), newId, randomBytes };
const WANTED = { name: "Acme", plan: "team", email: "ada@acme.test" } as const;

const TABLES = ["workspaces", "members", "tokens", "operator_tokens", "sign_in_links", "audit"];
const everything = async () =>
  Promise.all(TABLES.map(async (table) => (await db.prepare(`SELECT * FROM ${table}`).all()).results));
const counts = async () => (await everything()).map((rows) => rows.length);

beforeEach(async () => {
  await reset();
  await applyD1Migrations(db, env.DIRECTORY_MIGRATIONS);
});

it("makes a workspace with its admin, a token, an operator's token, an invitation and an entry in the audit", async () => {
  const begun = await bootstrap(db, WANTED, chance);
  if (!begun.ok) throw new Error("Refused");
  const { token, operatorToken, invitation, adminId, scope } = begun.value;
  expect(operatorToken).toMatch(/^cop_[\w-]{43}$/);
  expect(await counts()).toEqual([1, 1, 1, 1, 1, 1]);
  const caller = await authenticate(`Bearer ${token}`, { db, now: chance.now, later: () => {} });
  expect(caller).toMatchObject({ ok: true, value: { scope, role: "admin", plan: "team" } });
  expect(await db.prepare("SELECT hash FROM operator_tokens").first("hash")).toBe(hashSecret(operatorToken));
  expect(await readInvitation(db, invitation, chance.now)).toEqual({ ok: true, value: adminId });
  const text = JSON.stringify(await everything());
  for (const secret of [token, operatorToken, invitation]) expect(text).not.toContain(secret);
});

it("is refused the second time, and changes nothing", async () => {
  await bootstrap(db, WANTED, chance);
  const before = await everything();
  expect(await bootstrap(db, { ...WANTED, email: "eve@evil.test" }, chance)).toEqual({ ok: false, error: "not_empty" });
  expect(await everything()).toEqual(before);
});

it("is refused when there was a workspace once, though it is deleted", async () => {
  await foundWorkspace(db, WANTED, chance);
  await db.prepare("UPDATE workspaces SET deleted_at = 1, closed_at = 2").run();
  expect(await bootstrap(db, WANTED, chance)).toEqual({ ok: false, error: "not_empty" });
});

it("begins once when two begin at the same time", async () => {
  const both = await Promise.all([bootstrap(db, WANTED, chance), bootstrap(db, WANTED, chance)]);
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await counts()).toEqual([1, 1, 1, 1, 1, 1]);
});
