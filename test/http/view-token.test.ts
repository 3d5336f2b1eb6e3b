import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { mintProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readRunId, readWorkspaceId } from "../../src/domain/ids.ts";
import { isViewToken, makeViewToken, VIEW_MS } from "../../src/http/view-token.ts";
import { newId } from "../../src/system.ts";

const KEY = env.CARILLON_KEY;
const NOW = Date.parse("2027-01-15T09:00:00Z");
const subject = {
  scope: mintProjectScope(readWorkspaceId(newId()), readProjectId(newId())),
  run: readRunId(newId()),
  viewer: newId(),
};
let token = "";

beforeAll(async () => {
  token = await makeViewToken(KEY, subject, NOW);
});

const holds = (text: string, of = subject, at = NOW, key = KEY) => isViewToken(key, text, of, at);

describe("a view token", () => {
  it("holds for its viewer and its run, for an hour", async () => {
    expect(await holds(token)).toBe(true);
    expect(await holds(token, subject, NOW + VIEW_MS - 1)).toBe(true);
    expect(await holds(token, subject, NOW + VIEW_MS)).toBe(false);
  });

  it("holds for nobody else, for no other run, and in no other project", async () => {
    const { workspaceId, projectId } = subject.scope;
    const others = [
      { ...subject, viewer: newId() },
      { ...subject, run: readRunId(newId()) },
      { ...subject, scope: mintProjectScope(workspaceId, readProjectId(newId())) },
      { ...subject, scope: mintProjectScope(readWorkspaceId(newId()), projectId) },
    ];
    for (const other of others) expect(await holds(token, other)).toBe(false);
    expect(await holds(token, subject, NOW, Buffer.alloc(32, 8).toString("base64"))).toBe(false);
  });

  it("is worth nothing when any single character is another one, and has one way to be written", async () => {
    for (const [at, one] of [...token].entries()) {
      const other = one === "0" ? "1" : "0";
      expect([at, await holds(token.slice(0, at) + other + token.slice(at + 1))]).toEqual([at, false]);
    }
    for (const text of ["", "cvt", `${token}=`, `${token}!`, ` ${token}`, token.toUpperCase(), token.slice(0, -1)])
      expect([text, await holds(text)]).toEqual([text, false]);
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const endings = [...alphabet].map((character) => token.slice(0, -1) + character);
    expect((await Promise.all(endings.map((text) => holds(text)))).filter(Boolean)).toHaveLength(1);
  });
});
