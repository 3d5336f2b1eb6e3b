/** Listening to a project over HTTP: for whoever may see its runs, and for no page of another site. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { findMembership } from "../../src/directory/memberships.ts";
import { SECRET_RANDOM_BYTES, secretText, startSession } from "../../src/directory/sessions.ts";
import { readSessionId } from "../../src/domain/ids.ts";
import { SESSION_COOKIE, sealSession } from "../../src/http/session-cookie.ts";
import { newId, randomBytes } from "../../src/system.ts";
import { scribeAt } from "../support/scribe.ts";
import { expectProblem, functionAt, makeTeam, type Person, WORKER } from "./caller.ts";

const UPGRADE = { upgrade: "websocket" };
const HERE = { origin: "https://carillon.test" };

const ask = (at: string, headers: Record<string, string>): Promise<Response> =>
  WORKER.fetch(`https://carillon.test${at}/live`, { headers: { ...UPGRADE, ...headers } });

/** The cookie of a browser that somebody has signed in with. */
async function cookieOf({ id, email }: Person): Promise<string> {
  const membership = await findMembership(env.DIRECTORY, id);
  if (membership === null) throw new Error(`${email} is no member`);
  const secret = secretText(randomBytes(SECRET_RANDOM_BYTES));
  const session = { id: readSessionId(newId()), secret, agent: "", way: "link", replaces: null } as const;
  expect(await startSession(env.DIRECTORY, membership, session, scribeAt())).toBe(true);
  return `${SESSION_COOKIE}=${await sealSession(env.CARILLON_KEY, secret)}`;
}

describe("GET /v1/projects/{p}/live", () => {
  it("brings the id of a run that is started now", async () => {
    const { owner, colleague, at } = await makeTeam("can_view");
    await owner.call("POST", `${at}/versions`, { body: { functions: [functionAt("work")] } });
    await owner.call("PUT", `${at}/published`, { body: { version: 1 } });
    const answer = await ask(at, { authorization: `Bearer ${colleague.token}` });
    expect(answer.status).toBe(101);
    expect(answer.headers.get("x-request-id")).not.toBeNull();
    const heard: unknown[] = [];
    answer.webSocket?.addEventListener("message", ({ data }) => void heard.push(JSON.parse(String(data))));
    answer.webSocket?.accept();
    const started = await owner.call("POST", `${at}/runs`, { body: { fn: "work" } });
    expect(started.status).toBe(201);
    await vi.waitFor(() => expect(heard).toContainEqual({ runs: [started.body.id] }), { timeout: 5_000 });
    answer.webSocket?.close();
  });

  it("is a WebSocket alone", async () => {
    const { owner, at } = await makeTeam();
    const answer = await owner.call("GET", `${at}/live`);
    expectProblem(answer, 426, "upgrade_required");
    expect(answer.headers.get("upgrade")).toBe("websocket");
  });

  it("is not there for who has no access to the project", async () => {
    const { outsider, at } = await makeTeam();
    for (const headers of [
      { authorization: `Bearer ${outsider.token}` },
      { cookie: await cookieOf(outsider), ...HERE },
    ])
      expect((await ask(at, headers)).status).toBe(404);
  });

  it("opens for a page of this deployment, and for no other that a browser shows", async () => {
    const { owner, at } = await makeTeam();
    const cookie = await cookieOf(owner);
    for (const from of [HERE, { ...HERE, "sec-fetch-site": "same-origin" }])
      expect((await ask(at, { cookie, ...from })).status).toBe(101);
    const elsewhere: Record<string, string>[] = [
      {},
      { origin: "https://evil.test" },
      { origin: "null" },
      { ...HERE, "sec-fetch-site": "cross-site" },
      { origin: "https://other.carillon.test", "sec-fetch-site": "same-site" },
    ];
    for (const from of elsewhere) {
      const answer = await ask(at, { cookie, ...from });
      expect([from, answer.status, answer.webSocket]).toEqual([from, 403, null]);
      expect(await answer.json()).toMatchObject({ code: "cross_site" });
    }
  });
});
