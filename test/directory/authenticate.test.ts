/** From a header to a caller. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { authenticate } from "../../src/directory/authenticate.ts";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { RECALL_MS } from "../../src/directory/recall.ts";
import { addToken, listTokens, revokeToken, TOKEN_RANDOM_BYTES, tokenText } from "../../src/directory/tokens.ts";
import { readTokenId } from "../../src/domain/ids.ts";
import { newId, randomBytes } from "../../src/system.ts";
import { scribeAt } from "../support/scribe.ts";

const db = env.DIRECTORY;
const START = Date.UTC(2026, 10, 22);
const scribe = scribeAt(START);

/** A workspace with a token, and hands to authenticate at a time and count the look-ups. */
async function makeHolder(expiresAt: number | null = null) {
  const chance = { now: START, newId, randomBytes };
  const { scope } = await foundWorkspace(db, { name: "Acme", plan: "enterprise", email: "ada@acme.test" }, chance);
  const token = tokenText(randomBytes(TOKEN_RANDOM_BYTES));
  const id = readTokenId(newId());
  const facts = {
    id,
    name: "second",
    createdAt: START,
    expiresAt,
    memberId: null,
    mode: "write",
    projects: null,
  } as const;
  await addToken(db, scope, facts, token, { wish: undefined, scribe });
  const work: Promise<unknown>[] = [];
  const enter = async (at = START, header: string | null = `Bearer ${token}`, fresh = false) => {
    const answer = await authenticate(header, { db, now: at, later: (one) => work.push(one), fresh });
    await Promise.all(work.splice(0));
    return answer;
  };
  const lastUsedAt = async () => (await listTokens(db, scope, { of: "token", id }, { limit: 1 }))[0]?.lastUsedAt;
  return { scope, token, id, enter, lastUsedAt };
}

describe("a caller", () => {
  it("is known by a token: the workspace, the plan, the token itself", async () => {
    const { enter, scope, id } = await makeHolder();
    expect(await enter()).toMatchObject({
      ok: true,
      value: { scope, credential: { kind: "token", id }, plan: "enterprise" },
    });
  });

  it("may write the scheme in any case", async () => {
    const { enter, token } = await makeHolder();
    expect((await enter(START, `bearer  ${token} `)).ok).toBe(true);
  });

  it.each([
    [null, "missing"],
    ["", "missing"],
    ["Bearer", "malformed"],
    ["Basic dTpw", "malformed"],
    ["Bearer car_short", "malformed"],
    ["Bearer car_x car_y", "malformed"],
    [`Bearer car_${"A".repeat(43)}`, "unknown"],
  ])("is not known by %j", async (header, reason) => {
    const { enter } = await makeHolder();
    expect(await enter(START, header)).toEqual({ ok: false, error: reason });
  });

  it("is refused from the instant on which the token expires, remembered or not", async () => {
    const { enter } = await makeHolder(START + 1_000);
    expect((await enter(START + 999)).ok).toBe(true);
    expect(await enter(START + 1_000)).toEqual({ ok: false, error: "expired" });
  });

  it("is refused at once where the token was revoked, and elsewhere within five seconds", async () => {
    const { enter, scope, id } = await makeHolder();
    await enter();
    await revokeToken(db, scope, { id, name: "second" }, scribe);
    expect(await enter()).toEqual({ ok: false, error: "revoked" });
    expect(RECALL_MS).toBeLessThanOrEqual(5_000);
  });

  it("is looked up once in five seconds", async () => {
    const { enter, id } = await makeHolder();
    await enter();
    await db.prepare("UPDATE tokens SET revoked_at = ?2 WHERE id = ?1").bind(id, START).run();
    expect((await enter(START + RECALL_MS - 1)).ok).toBe(true);
    expect(await enter(START + RECALL_MS)).toEqual({ ok: false, error: "revoked" });
  });
});

describe("a caller of whom more is asked than memory", () => {
  it("is looked up each time", async () => {
    const { enter, id, token } = await makeHolder();
    await enter();
    await db.prepare("UPDATE tokens SET revoked_at = ?2 WHERE id = ?1").bind(id, START).run();
    expect((await enter()).ok).toBe(true);
    expect(await enter(START, `Bearer ${token}`, true)).toEqual({ ok: false, error: "revoked" });
  });

  it("is remembered for the calls after it", async () => {
    const { enter, id, token } = await makeHolder();
    expect((await enter(START, `Bearer ${token}`, true)).ok).toBe(true);
    await db.prepare("UPDATE tokens SET revoked_at = ?2 WHERE id = ?1").bind(id, START).run();
    expect((await enter()).ok).toBe(true);
  });
});

describe("a token that is somebody's", () => {
  it("is unknown when the workspace has nobody of that name: it acts as no admin, and as nobody from elsewhere", async () => {
    const [holder, other] = [await makeHolder(), await makeHolder()];
    await db
      .prepare("UPDATE tokens SET member_id = (SELECT id FROM members WHERE workspace_id = ?2) WHERE id = ?1")
      .bind(holder.id, other.scope.workspaceId)
      .run();
    expect(await holder.enter()).toEqual({ ok: false, error: "unknown" });
  });
});

describe("the use of a token", () => {
  it("is noted at most once a minute", async () => {
    const { enter, lastUsedAt } = await makeHolder();
    await enter(START);
    await enter(START + 30_000);
    expect(await lastUsedAt()).toBe(START);
    await enter(START + 60_000);
    expect(await lastUsedAt()).toBe(START + 60_000);
  });
});

describe("a token", () => {
  it("is kept as a hash only", async () => {
    const { token } = await makeHolder();
    const rows = await db.prepare("SELECT * FROM tokens").all();
    expect(JSON.stringify(rows.results)).not.toContain(token.slice(4));
  });

  it("cannot be revoked by another workspace", async () => {
    const [holder, outsider] = [await makeHolder(), await makeHolder()];
    expect(await revokeToken(db, outsider.scope, { id: holder.id, name: "second" }, scribe)).toBe(false);
    expect((await holder.enter()).ok).toBe(true);
    expect(await revokeToken(db, holder.scope, { id: holder.id, name: "second" }, scribe)).toBe(true);
    expect(await revokeToken(db, holder.scope, { id: holder.id, name: "second" }, scribe)).toBe(false);
  });
});
