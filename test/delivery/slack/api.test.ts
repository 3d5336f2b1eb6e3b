/** What comes of a call of Slack's Web API, before anybody judges it. */
import { describe, expect, it } from "vitest";
import { callSlack } from "../../../src/delivery/slack/api.ts";
import type { Mishap } from "../../support/slack-fake.ts";
import { makeSlackTeam } from "../../support/slack-team.ts";

const call = async (mishap: Mishap, more: { readonly timeout?: number } = {}) => {
  const { via } = await makeSlackTeam({ mishaps: { "auth.test": [mishap] } });
  return callSlack({ ...via, ...more }, "auth.test", { text: "a & b", flag: false, gone: undefined });
};

describe("a call", () => {
  it("sends its arguments as a form, and what is no text as JSON", async () => {
    const { via, seen } = await makeSlackTeam();
    await callSlack(via, "auth.test", { text: "a & b", flag: false, list: [1], gone: undefined });
    expect((await seen()).calls[0]?.args).toEqual({ text: "a & b", flag: "false", list: "[1]" });
  });

  it.each([
    ["a refusal", { error: "no_text" }, { code: "no_text", httpStatus: 200, phase: "refused" }],
    [
      "a missing permission",
      { error: "missing_scope", needed: "chat:write" },
      { code: "missing_scope", phase: "refused", needed: "chat:write" },
    ],
    ["a limit", { status: 429, retryAfter: 30 }, { code: "ratelimited", phase: "refused", retryAfter: 30_000 }],
    ["a limit that names no time", { status: 429 }, { code: "ratelimited", phase: "refused" }],
    ["a fault", { status: 500 }, { code: "http_status", httpStatus: 500, phase: "ambiguous" }],
    ["a host that was never reached", { status: 523 }, { code: "http_status", phase: "not_sent" }],
    ["a page", { text: "<html>" }, { code: "unreadable_answer", phase: "ambiguous" }],
    ["a list", { text: "[]" }, { code: "unreadable_answer", phase: "ambiguous" }],
    ["a no without a reason", { text: '{"ok":false}' }, { code: "unreadable_answer", phase: "ambiguous" }],
    ["an endless answer", { text: `{"ok":true,"x":"${"x".repeat(2_200_000)}"}` }, { code: "unreadable_answer" }],
  ] as const)("that ends in %s says so", async (_, mishap, expected) => {
    const answered = await call(mishap);
    expect(answered).toMatchObject({ ok: false, error: expected });
  });

  it("that takes too long may have been heard", async () => {
    expect(await call({ slow: 400 }, { timeout: 100 })).toMatchObject({
      ok: false,
      error: { code: "no_answer_in_time", phase: "ambiguous" },
    });
  });

  it("to an address that may not be called never left", async () => {
    const { via } = await makeSlackTeam();
    const rules = { allowLoopback: false, ownHosts: [] };
    expect(await callSlack({ ...via, rules }, "auth.test")).toMatchObject({ ok: false, error: { phase: "not_sent" } });
  });
});
