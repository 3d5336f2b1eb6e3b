/** The mail that brings an invitation, and what is said where it does not. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { WorkspaceAsk } from "../../src/api/door.ts";
import { invite } from "../../src/api/inviting.ts";
import type { Member } from "../../src/directory/members.ts";
import { conflict } from "../../src/domain/errors.ts";
import { readMemberId, readTokenId } from "../../src/domain/ids.ts";
import { fail, ok } from "../../src/domain/result.ts";
import { type Env, readConfig } from "../../src/env.ts";
import { newId, now } from "../../src/system.ts";
import { scribeAt } from "../support/scribe.ts";
import { makeAdmin } from "./caller.ts";

const GRACE: Member = {
  id: readMemberId(newId()),
  email: "grace@acme.test",
  name: "",
  role: "editor",
  state: "invited",
  createdAt: 0,
  updatedAt: 0,
  joinedAt: null,
  deactivatedAt: null,
};

/** Somebody who invites from a deployment whose mail ends like this. */
async function inviting(send: (mail: EmailMessageBuilder) => Promise<unknown>, publicUrl?: string) {
  const { scope } = await makeAdmin();
  const deployment = { ...env, EMAIL: { send }, MAIL_FROM: "carillon@acme.test" } as unknown as Env;
  const id = readTokenId(newId());
  const ask: WorkspaceAsk<unknown, unknown, unknown> = {
    env: deployment,
    config: { ...readConfig(deployment), publicUrl: publicUrl ?? null },
    request: new Request("https://carillon.test/v1/members"),
    requestId: newId(),
    now: now(),
    params: {},
    query: {},
    body: {},
    idempotency: undefined,
    caller: {
      scope,
      plan: "team",
      doer: { kind: "token", id, name: "ada@acme.test" },
      credential: { kind: "token", id },
      memberId: null,
      role: "admin",
      mode: "write",
      projects: null,
      expiresAt: null,
    },
    scribe: scribeAt(),
  };
  return ask;
}

interface EmailMessageBuilder {
  readonly to: string;
  readonly text: string;
}

const bodyOf = async (ask: WorkspaceAsk<unknown, unknown, unknown>) => {
  const answered = await invite(ask, async () => ok(GRACE));
  return answered.ok ? (answered.value.body as Record<string, unknown>) : expect.fail("refused");
};

describe("an invitation", () => {
  it("goes out by mail, with the link and the workspace's name; who invites is not given what the mail brings", async () => {
    const sent: EmailMessageBuilder[] = [];
    const body = await bodyOf(await inviting(async (mail) => sent.push(mail)));
    expect(body).toMatchObject({ mailed: true, not_mailed_because: null, invitation_url: null });
    expect(sent).toMatchObject([{ to: GRACE.email }]);
    expect(sent[0]?.text).toMatch(/https:\/\/carillon\.test\/invitations\/[\w-]{43}\n/);
    expect(sent[0]?.text).toContain("Acme");
    expect(sent[0]?.text).toContain("ada@acme.test");
  });

  it("leads to the address that people reach the deployment at", async () => {
    const sent: EmailMessageBuilder[] = [];
    await bodyOf(await inviting(async (mail) => sent.push(mail), "https://schedules.acme.test"));
    expect(sent[0]?.text).toContain("\nhttps://schedules.acme.test/invitations/");
  });

  it.each([
    ["E_RECIPIENT_SUPPRESSED", "grace@acme.test takes no mail"],
    ["E_SENDER_NOT_VERIFIED", "carillon@acme.test"],
    ["E_DAILY_LIMIT_EXCEEDED", "tomorrow"],
    ["E_RATE_LIMIT_EXCEEDED", "right now"],
    ["E_SOMETHING_NEW", "not known"],
  ])("whose mail fails with %s is made all the same, and the answer says why", async (code, words) => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const failing = () => Promise.reject(Object.assign(new Error("no"), { code }));
    const body = await bodyOf(await inviting(failing));
    expect(body.mailed).toBe(false);
    expect(body.not_mailed_because).toContain(words);
    expect(body.invitation_url).toBeTruthy();
  });

  it("that was not written down is not sent", async () => {
    const sent: unknown[] = [];
    const ask = await inviting(async (mail) => sent.push(mail));
    expect(await invite(ask, async () => fail(conflict("Taken.")))).toMatchObject({ ok: false });
    expect(sent).toEqual([]);
  });
});
