/** The text of a delivery by Slack: to channels and people, and whatever may go wrong with it. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deliverBySlack } from "../../../src/delivery/slack/deliver.ts";
import { ok } from "../../../src/domain/result.ts";
import type { Mishap } from "../../support/slack-fake.ts";
import { makeNews, makeSlackTeam, pictureThere } from "../../support/slack-team.ts";

const POST = "chat.postMessage";
const toAda = {
  channel: "slack",
  recipient: { kind: "user", id: "m1", name: "ada@acme.test" },
  timezone: null,
} as const;

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("a text that goes well", () => {
  it("is one message, and leaves what names it", async () => {
    const team = await makeSlackTeam();
    const given = makeNews();
    const outcome = await deliverBySlack(team.via, given, "text", null);
    const { messages, calls } = await team.seen();
    expect(outcome).toEqual({ kind: "sent", progress: { channel: "C0REPORTS", ts: messages[0]?.ts } });
    expect(messages).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      authorization: "Bearer xoxb-fake",
      args: { channel: "C0REPORTS", unfurl_links: "false", unfurl_media: "false" },
    });
    expect(JSON.parse(messages[0]?.metadata ?? "")).toEqual({
      event_type: "carillon_news",
      event_payload: {
        delivery: given.delivery,
        news: given.news.id,
        event: "run.failed",
        project: given.project.id,
        run: given.news.run?.id,
      },
    });
  });

  it.each([
    ["is there", pictureThere, { picture: "due" }],
    ["may come", { kind: "late", format: "png" }, { picture: "due" }],
    [
      "is too large",
      { ...pictureThere, step: "link" },
      { picture: "dropped", without: { reason: "picture_too_large" } },
    ],
    [
      "failed",
      { kind: "failed", format: "png", failure: { reason: "picture_failed", message: "All white." } },
      { picture: "dropped", without: { reason: "picture_failed" } },
    ],
  ] as const)("says what becomes of a picture that %s", async (_, picture, expected) => {
    const team = await makeSlackTeam();
    const outcome = await deliverBySlack(team.via, makeNews({ picture }, "run.succeeded"), "text", null);
    expect(outcome).toMatchObject({ kind: "sent", ...expected });
    expect((await team.seen()).messages[0]?.text).toMatch(/picture of the app/);
  });

  it("drops the picture at once where the connection may send no files", async () => {
    const team = await makeSlackTeam({}, { scopes: new Set(["chat:write"]) });
    const outcome = await deliverBySlack(team.via, makeNews({ picture: pictureThere }), "text", null);
    expect(outcome).toMatchObject({ picture: "dropped", without: { reason: "slack_scope_missing" } });
  });
});

describe("a direct message", () => {
  it("opens the conversation once, and remembers it", async () => {
    const team = await makeSlackTeam();
    const given = makeNews({ target: { ...toAda, address: "U0ADA" } });
    await deliverBySlack(team.via, given, "text", null);
    await deliverBySlack(team.via, given, "text", null);
    const { calls, messages } = await team.seen();
    expect(calls.map(({ method }) => method)).toEqual(["conversations.open", POST, POST]);
    expect(messages.map(({ channel }) => channel)).toEqual(["D0U0ADA", "D0U0ADA"]);
  });

  it("goes to a conversation that is known already", async () => {
    const team = await makeSlackTeam();
    const outcome = await deliverBySlack(
      team.via,
      makeNews({ target: { ...toAda, address: "D0KNOWN" } }),
      "text",
      null,
    );
    expect(outcome).toMatchObject({ kind: "sent", progress: { channel: "D0KNOWN" } });
  });

  it("opens a remembered conversation anew when it is gone", async () => {
    const team = await makeSlackTeam({ mishaps: { [POST]: ["fine", { error: "channel_not_found" }] } });
    const given = makeNews({ target: { ...toAda, address: "U0ADA" } });
    await deliverBySlack(team.via, given, "text", null);
    expect(await deliverBySlack(team.via, given, "text", null)).toMatchObject({ kind: "sent" });
  });

  it.each(["user_disabled", "user_not_found", "user_not_visible", "users_not_found"])(
    "to somebody who is gone (%s) fails for good",
    async (error) => {
      const team = await makeSlackTeam({ mishaps: { "conversations.open": [{ error }] } });
      const outcome = await deliverBySlack(
        team.via,
        makeNews({ target: { ...toAda, address: "U0ADA" } }),
        "text",
        null,
      );
      expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "slack_person_gone", code: error } });
    },
  );

  it("without the permission for them fails, and breaks nothing", async () => {
    const team = await makeSlackTeam({
      mishaps: { "conversations.open": [{ error: "missing_scope", needed: "im:write" }] },
    });
    const outcome = await deliverBySlack(team.via, makeNews({ target: { ...toAda, address: "U0ADA" } }), "text", null);
    expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "slack_scope_missing" } });
  });

  it("to whoever has linked nobody fails", async () => {
    const team = await makeSlackTeam();
    const outcome = await deliverBySlack(team.via, makeNews({ target: { ...toAda, address: null } }), "text", null);
    expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "slack_not_linked" } });
    expect((await team.seen()).calls).toEqual([]);
  });
});

describe("a text that goes wrong", () => {
  const rows: readonly (readonly [string, Mishap, object, number])[] = [
    ["an archived channel", { error: "is_archived" }, { kind: "failed", failure: { reason: "channel_archived" } }, 0],
    [
      "a missing channel",
      { error: "channel_not_found" },
      { kind: "failed", failure: { reason: "channel_not_found" } },
      0,
    ],
    ["a revoked token", { error: "token_revoked" }, { kind: "again", failure: { reason: "slack_disconnected" } }, 0],
    [
      "a limit",
      { status: 429, retryAfter: 7 },
      { kind: "again", failure: { reason: "rate_limited" }, after: 7_000 },
      0,
    ],
    ["HTTP 503", { status: 503 }, { kind: "unknown", failure: { reason: "answer_lost", code: "http_503" } }, 0],
    ["HTTP 521", { status: 521 }, { kind: "again", failure: { reason: "unreachable" } }, 0],
    ["an answer lost before", { lost: "before" }, { kind: "unknown" }, 0],
    ["an answer lost afterwards", { lost: "after" }, { kind: "unknown" }, 1],
    ["an answer that is none", { text: "<html>" }, { kind: "unknown", failure: { reason: "answer_lost" } }, 1],
    ["an answer without a name", { text: '{"ok":true}' }, { kind: "unknown" }, 1],
    ["trouble of Slack's own", { error: "internal_error" }, { kind: "unknown" }, 0],
    ["a code that nobody knows", { error: "a_new_code" }, { kind: "unknown", failure: { code: "a_new_code" } }, 0],
  ];

  it.each(rows)("by %s is asked once, and ends as it must", async (_, mishap, expected, posted) => {
    const team = await makeSlackTeam({ mishaps: { [POST]: [mishap] } });
    expect(await deliverBySlack(team.via, makeNews(), "text", null)).toMatchObject(expected);
    const { calls, messages } = await team.seen();
    expect(calls).toHaveLength(1);
    expect(messages).toHaveLength(posted);
  });

  it("by slowness is not known to have arrived", async () => {
    const team = await makeSlackTeam({ mishaps: { [POST]: [{ slow: 400 }] } }, { timeout: 100 });
    expect(await deliverBySlack(team.via, makeNews(), "text", null)).toMatchObject({ kind: "unknown" });
    expect((await team.seen()).messages).toHaveLength(1);
  });

  it.each([
    ["invalid_blocks", expect.stringContaining("carillon_news")],
    ["msg_blocks_too_long", expect.stringContaining("carillon_news")],
    ["metadata_too_large", null],
    ["invalid_metadata_format", null],
  ])("by what we wrote (%s) goes once more as plain text, and says so", async (error, metadata) => {
    const team = await makeSlackTeam({ mishaps: { [POST]: [{ error }] } });
    const outcome = await deliverBySlack(team.via, makeNews(), "text", null);
    expect(outcome).toMatchObject({ kind: "sent", without: { reason: "slack_content_refused", code: error } });
    const { messages, calls } = await team.seen();
    expect(messages).toMatchObject([{ blocks: null, metadata }]);
    expect(calls.at(-1)?.args).toMatchObject({ unfurl_links: "false", unfurl_media: "false" });
    expect(messages[0]?.text).toContain("The endpoint answered 500.");
  });

  it("by what we wrote, twice, fails for good", async () => {
    const team = await makeSlackTeam({ mishaps: { [POST]: [{ error: "invalid_blocks" }, { error: "no_text" }] } });
    const outcome = await deliverBySlack(team.via, makeNews(), "text", null);
    expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "slack_content_refused" } });
    expect((await team.seen()).calls).toHaveLength(2);
  });

  it("by an expired token is made with the renewed one", async () => {
    const team = await makeSlackTeam(
      { mishaps: { [POST]: [{ error: "token_expired" }] } },
      { renew: async () => ok("xoxb-renewed") },
    );
    expect(await deliverBySlack(team.via, makeNews(), "text", null)).toMatchObject({ kind: "sent" });
    expect((await team.seen()).calls.at(-1)?.authorization).toBe("Bearer xoxb-renewed");
  });

  it("by an address that may not be called is tried again", async () => {
    const team = await makeSlackTeam({}, { rules: { allowLoopback: false, ownHosts: [] } });
    expect(await deliverBySlack(team.via, makeNews(), "text", null)).toMatchObject({
      kind: "again",
      failure: { reason: "unreachable" },
    });
  });
});
