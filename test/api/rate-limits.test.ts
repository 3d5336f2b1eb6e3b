/** How often one may call: each token or session, and all callers of a workspace together. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { refusePageRate, refuseRate } from "../../src/api/rate-limits.ts";
import type { Caller } from "../../src/directory/callers.ts";
import { mintProjectScope, mintWorkspaceScope } from "../../src/domain/access.ts";
import { readProjectId, readRunId, readSessionId, readTokenId, readWorkspaceId } from "../../src/domain/ids.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/system.ts";
import { call, expectProblem, makeAdmin } from "./caller.ts";

const bound = env as unknown as Env;

/** A counter that has room for nobody it is asked about, or for everybody; and by what it was asked to count. */
function makeCounter(success: boolean) {
  const keys: string[] = [];
  const limit = async ({ key }: { readonly key: string }) => {
    keys.push(key);
    return { success };
  };
  return { keys, limit };
}

const withCounters = (counters: Pick<Env, "TOKEN_RATE" | "WORKSPACE_RATE">): Env => {
  const { TOKEN_RATE, WORKSPACE_RATE, ...unlimited } = bound;
  return { ...unlimited, ...counters };
};

const WORKSPACE = readWorkspaceId(newId());
const callerBy = (credential: Caller["credential"]): Caller => ({
  scope: mintWorkspaceScope(WORKSPACE),
  plan: "team",
  doer: { kind: "token", id: readTokenId(newId()), name: "build" },
  credential,
  memberId: null,
  role: "admin",
  mode: "write",
  projects: null,
  expiresAt: null,
});
const byToken = callerBy({ kind: "token", id: readTokenId(newId()) });
const bySession = callerBy({ kind: "session", id: readSessionId(newId()) });

describe("a caller who comes too often", () => {
  it.each([
    ["token", byToken],
    ["session", bySession],
  ] as const)("is refused by their %s, and told for how long", async (kind, caller) => {
    const refused = await refuseRate(withCounters({ TOKEN_RATE: makeCounter(false) }), caller);
    expect(refused).toMatchObject({
      code: "rate_limited",
      headers: { "retry-after": "60" },
      extra: { limit: `requests_per_${kind}` },
    });
    expect(refused?.detail).toContain(kind);
  });

  it("is refused by their workspace when all its callers together come too often", async () => {
    const counters = { TOKEN_RATE: makeCounter(true), WORKSPACE_RATE: makeCounter(false) };
    const refused = await refuseRate(withCounters(counters), byToken);
    expect(refused).toMatchObject({
      code: "rate_limited",
      headers: { "retry-after": "60" },
      extra: { limit: "requests_per_workspace" },
    });
  });

  it("is told of their own limit first: that one they can keep", async () => {
    const counters = { TOKEN_RATE: makeCounter(false), WORKSPACE_RATE: makeCounter(false) };
    const refused = await refuseRate(withCounters(counters), bySession);
    expect(refused?.extra).toEqual({ limit: "requests_per_session" });
  });

  it("is counted once by each, by the ids of the credential and of the workspace", async () => {
    const counters = { TOKEN_RATE: makeCounter(true), WORKSPACE_RATE: makeCounter(true) };
    const limited = withCounters(counters);
    for (const caller of [byToken, bySession]) expect(await refuseRate(limited, caller)).toBeNull();
    expect(counters.TOKEN_RATE.keys).toEqual([byToken.credential.id, bySession.credential.id]);
    expect(counters.WORKSPACE_RATE.keys).toEqual([WORKSPACE, WORKSPACE]);
  });
});

describe("a deployment", () => {
  it("without limiters refuses nobody", async () => {
    for (const caller of [byToken, bySession]) expect(await refuseRate(withCounters({}), caller)).toBeNull();
  });

  it.each([
    ["TOKEN_RATE", "requests_per_token"],
    ["WORKSPACE_RATE", "requests_per_workspace"],
  ] as const)("answers 429 when %s has no room, and does nothing of what was asked", async (name, limit) => {
    const owner = await makeAdmin();
    const counter = bound[name];
    if (counter === undefined) throw new Error(`${name} is not bound`);
    const asked = vi.spyOn(counter, "limit").mockResolvedValue({ success: false });
    const refused = await owner.call("POST", "/v1/projects", { body: { name: "Reports" } });
    expectProblem(refused, 429, "rate_limited");
    expect(refused.body.limit).toBe(limit);
    expect(refused.headers.get("retry-after")).toBe("60");
    expect(asked).toHaveBeenCalledOnce();
    asked.mockRestore();
    expect((await owner.call("GET", "/v1/projects")).body.items).toEqual([]);
  });

  it("counts nobody whom it does not know", async () => {
    const counters = [bound.TOKEN_RATE, bound.WORKSPACE_RATE].map((counter) => {
      if (counter === undefined) throw new Error("A limiter is not bound");
      return vi.spyOn(counter, "limit");
    });
    const stranger = { headers: { authorization: `Bearer car_${"A".repeat(43)}` } };
    expectProblem(await call("GET", "/v1/projects", stranger), 401, "unauthorized");
    for (const asked of counters) expect(asked).not.toHaveBeenCalled();
  });
});

describe("a page that is opened too often by its token", () => {
  it("is refused by itself, and uses up nothing of its workspace's", async () => {
    const [full, workspace] = [makeCounter(false), makeCounter(true)];
    const scope = mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
    const subject = { scope, run: readRunId(newId()), purpose: "png" } as const;
    const refused = await refusePageRate(withCounters({ TOKEN_RATE: full, WORKSPACE_RATE: workspace }), subject);
    expect(refused).toMatchObject({ code: "rate_limited", extra: { limit: "requests_per_page" } });
    expect([full.keys, workspace.keys]).toEqual([[`page:${subject.run}:png`], []]);
    expect(await refusePageRate(withCounters({ TOKEN_RATE: makeCounter(true) }), subject)).toBeNull();
    expect(await refusePageRate(withCounters({}), subject)).toBeNull();
  });
});
