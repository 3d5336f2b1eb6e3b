/** Sessions at the directory. The doors' side is in test/console. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { authenticateSession } from "../../src/directory/authenticate.ts";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { findMembership, type Membership, normalEmail } from "../../src/directory/memberships.ts";
import {
  endSession,
  endSessionsOf,
  listSessions,
  SECRET_RANDOM_BYTES,
  SESSION_MS,
  secretText,
  startSession,
} from "../../src/directory/sessions.ts";
import { readSessionId } from "../../src/domain/ids.ts";
import { newId, randomBytes } from "../../src/system.ts";

const db = env.DIRECTORY;
const START = Date.UTC(2026, 10, 22);

async function makeMember() {
  const email = `ada-${newId()}@acme.test`;
  const chance = { now: START, newId, randomBytes };
  const { adminId, scope } = await foundWorkspace(db, { name: "Acme", plan: "team", email }, chance);
  const membership = await findMembership(db, adminId);
  if (membership === null) throw new Error("No membership");
  const who = { id: adminId, email };
  const scribe = scribeAt(membership, START);
  const start = async (replaces: string | null = null, agent = "browser") => {
    const [id, secret] = [readSessionId(newId()), secretText(randomBytes(SECRET_RANDOM_BYTES))];
    const started = await startSession(db, membership, { id, secret, agent, way: "link", replaces }, scribe);
    return { id, secret, started };
  };
  return { membership, scope, who, scribe, start };
}

const scribeAt = ({ memberId, email }: Membership, at: number) => ({
  newId,
  doing: { doer: { kind: "member", id: memberId, name: email } as const, at, requestId: null, address: null },
});

const enter = async (secret: string, now = START) => {
  const answer = await authenticateSession(secret, { db, now, later: () => {} });
  return answer.ok ? "in" : answer.error;
};

describe("a session", () => {
  it("lets its browser in for 30 days", async () => {
    const { start } = await makeMember();
    const { secret } = await start();
    expect(await enter(secret, START + SESSION_MS - 1)).toBe("in");
    expect(await enter(secret, START + SESSION_MS)).toBe("expired");
  });

  it("is not started for a membership that was taken away meanwhile", async () => {
    const { start, who } = await makeMember();
    await db.prepare("UPDATE members SET state = 'deactivated', deactivated_at = 1 WHERE id = ?1").bind(who.id).run();
    const { started, secret } = await start();
    expect(started).toBe(false);
    expect(await enter(secret)).toBe("unknown");
    const audit = db.prepare("SELECT count(*) AS entries FROM audit WHERE target_id = ?1").bind(who.id);
    expect(await audit.first()).toEqual({ entries: 0 });
  });

  it("that is replaced ends at once, though it was remembered", async () => {
    const { start } = await makeMember();
    const { secret } = await start();
    expect(await enter(secret)).toBe("in");
    await start(secret);
    expect(await enter(secret)).toBe("revoked");
  });

  it("is ended by its member alone", async () => {
    const [member, other] = [await makeMember(), await makeMember()];
    const { id, secret } = await member.start();
    expect(await endSession(db, other.scope, other.who, id, other.scribe)).toBe(false);
    expect(await endSession(db, member.scope, other.who, id, other.scribe)).toBe(false);
    expect(await enter(secret)).toBe("in");
    expect(await endSession(db, member.scope, member.who, id, member.scribe)).toBe(true);
    expect(await enter(secret)).toBe("revoked");
    expect(await endSession(db, member.scope, member.who, id, member.scribe)).toBe(false);
  });

  it("keeps what its browser calls itself, cut to what fits", async () => {
    const { start, scope, who } = await makeMember();
    await start(null, "x".repeat(1_000));
    const [session] = await listSessions(db, scope, who.id, START);
    expect(session?.agent).toHaveLength(300);
  });
});

describe("all sessions of a member", () => {
  it("end together", async () => {
    const { start, scope, who, scribe } = await makeMember();
    const sessions = [await start(), await start(), await start()];
    for (const { secret } of sessions) await enter(secret);
    expect(await listSessions(db, scope, who.id, START)).toHaveLength(3);
    expect(await endSessionsOf(db, scope, who, scribe)).toBe(3);
    for (const { secret } of sessions) expect(await enter(secret)).toBe("revoked");
    expect(await listSessions(db, scope, who.id, START)).toEqual([]);
  });
});

describe("an address", () => {
  it.each([
    [" Ada@Example.COM ", "ada@example.com"],
    ["ada+x@example.com", "ada+x@example.com"],
    ["ada", null],
    ["a b@example.com", null],
    ["ada@example.com, bo@example.com", null],
    ["Ada <ada@example.com>", null],
    ["ada@exam\u0000ple.com", null],
    [`${"a".repeat(250)}@example.com`, null],
  ])("%j is kept as %j", (text, kept) => expect(normalEmail(text)).toBe(kept));
});
