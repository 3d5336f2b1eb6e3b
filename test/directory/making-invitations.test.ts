/** How many invitations may be made in a day. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import {
  INVITATIONS_PER_ADDRESS_AND_DAY,
  INVITATIONS_PER_DAY,
  invitationLimit,
  invitationOf,
  keepInvitation,
  mayInvite,
} from "../../src/directory/making-invitations.ts";
import { SECRET_RANDOM_BYTES, secretText } from "../../src/directory/sessions.ts";
import { readInvitation } from "../../src/directory/sign-in-links.ts";
import { readMemberId } from "../../src/domain/ids.ts";
import { newId, randomBytes } from "../../src/system.ts";

const db = env.DIRECTORY;
const START = Date.UTC(2026, 10, 22);
const DAY = 86_400_000;

/** A workspace, and hands to invite people into it. */
async function makeWorkspace() {
  const wanted = { name: "Acme", plan: "team", email: "ada@acme.test" } as const;
  const { scope } = await foundWorkspace(db, wanted, { now: START, newId, randomBytes });
  const add = async (email = `${newId()}@acme.test`, state = "invited") => {
    const id = readMemberId(newId());
    await db
      .prepare(
        `INSERT INTO members (id, workspace_id, email, role, state, created_at, updated_at, joined_at)
         VALUES (?1, ?2, ?3, 'editor', ?4, 1, 1, 1)`,
      )
      .bind(id, scope.workspaceId, email, state)
      .run();
    return { id, email };
  };
  /** Whether the invitation was kept. */
  const invite = async ({ id, email }: Awaited<ReturnType<typeof add>>, now = START) => {
    const secret = secretText(randomBytes(SECRET_RANDOM_BYTES));
    const [kept] = await db.batch([...keepInvitation(db, invitationOf(id, email, now), secret)]);
    return { secret, isKept: kept?.meta.changes === 1 };
  };
  const limit = (email: string, now = START) => invitationLimit(db, scope, email, now);
  /** As many invitations of other people as these. */
  const fill = async (count: number, now = START) => {
    const { id } = await add();
    await db
      .prepare(
        `WITH RECURSIVE made (one) AS (SELECT 1 UNION ALL SELECT one + 1 FROM made WHERE one < ?1)
         INSERT INTO sign_in_links (hash, purpose, email, member_id, workspace_id, created_at, expires_at)
         SELECT lower(hex(randomblob(32))), 'invitation', one || '@acme.test', ?2, ?3, ?4, ?4 FROM made`,
      )
      .bind(count, id, scope.workspaceId, now)
      .run();
  };
  return { scope, add, invite, limit, fill };
}

describe("an address", () => {
  it("gets five invitations of a workspace in a day, also of many who invite at once", async () => {
    const { add, invite, limit } = await makeWorkspace();
    const bo = await add();
    const made = await Promise.all(Array.from({ length: 9 }, () => invite(bo)));
    expect(made.filter(({ isKept }) => isKept)).toHaveLength(INVITATIONS_PER_ADDRESS_AND_DAY);
    expect((await invite(bo, START + DAY - 1)).isKept).toBe(false);
    expect(await limit(bo.email, START + DAY - 1)).toEqual({
      code: "limit_reached",
      limit: "invitations_per_address_and_day",
      allowed: 5,
      used: 6,
    });
    expect(await limit(bo.email, START + DAY)).toBeNull();
    expect((await invite(bo, START + DAY)).isKept).toBe(true);
  });

  it("is not counted for what other workspaces sent to it", async () => {
    const [one, other] = [await makeWorkspace(), await makeWorkspace()];
    const bo = await one.add();
    for (let made = 0; made < INVITATIONS_PER_ADDRESS_AND_DAY; made += 1) await one.invite(bo);
    expect((await other.invite(await other.add(bo.email))).isKept).toBe(true);
    expect(await other.limit(bo.email)).toBeNull();
  });
});

describe("a workspace", () => {
  it("makes 200 invitations in a day, whomever it invites", async () => {
    const { add, invite, limit, fill } = await makeWorkspace();
    await fill(INVITATIONS_PER_DAY - 1);
    expect((await invite(await add())).isKept).toBe(true);
    const bo = await add();
    expect((await invite(bo)).isKept).toBe(false);
    expect(await limit(bo.email)).toMatchObject({ limit: "invitations_per_day", allowed: 200, used: 201 });
    expect((await invite(bo, START + DAY)).isKept).toBe(true);
  });
});

describe("an invitation that is kept", () => {
  it("ends those before it, and one that is not leaves them", async () => {
    const { add, invite } = await makeWorkspace();
    const bo = await add();
    const made = [];
    for (let time = 0; time <= INVITATIONS_PER_ADDRESS_AND_DAY; time += 1) made.push((await invite(bo)).secret);
    const read = await Promise.all(made.map((secret) => readInvitation(db, secret, START)));
    expect(read.map((one) => (one.ok ? "open" : one.error))).toEqual([
      ...Array.from({ length: INVITATIONS_PER_ADDRESS_AND_DAY - 1 }, () => "replaced"),
      "open",
      "unknown",
    ]);
  });

  it("is for somebody who waits to join, and for nobody else", async () => {
    const { add, invite } = await makeWorkspace();
    expect((await invite(await add(undefined, "active"))).isKept).toBe(false);
    expect((await invite({ id: readMemberId(newId()), email: "zoe@nowhere.test" })).isKept).toBe(false);
  });
});

it("the condition finds its rows by an index", async () => {
  const condition = mayInvite({ workspace: "?1", email: "?2", at: "?3" });
  const { results } = await db
    .prepare(`EXPLAIN QUERY PLAN SELECT ${condition}`)
    .bind("w", "e", START)
    .all<{ readonly detail: string }>();
  const plan = results.map(({ detail }) => detail).filter((detail) => detail.includes("sign_in_links"));
  expect(plan.length).toBeGreaterThan(1);
  for (const step of plan) expect(step).toMatch(/^SEARCH .* USING (?:COVERING )?INDEX/);
});
