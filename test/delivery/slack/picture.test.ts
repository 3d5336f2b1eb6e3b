/** The picture of a delivery by Slack: published once, in the thread of its text, whatever gets lost on the way. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { deliverBySlack } from "../../../src/delivery/slack/deliver.ts";
import type { Json } from "../../../src/domain/json.ts";
import type { FakeScript, Mishap } from "../../support/slack-fake.ts";
import { makeNews, makeSlackTeam, PNG, pictureThere, type TeamAtFake } from "../../support/slack-team.ts";

const TICKET = "files.getUploadURLExternal";
const COMPLETE = "files.completeUploadExternal";
const INFO = "files.info";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A text that was posted, and what its picture needs. */
async function makeText(script: FakeScript = {}, more: Parameters<typeof makeSlackTeam>[1] = {}) {
  const team = await makeSlackTeam(script, more);
  const given = makeNews({ picture: pictureThere }, "run.succeeded");
  const text = await deliverBySlack(team.via, given, "text", null);
  if (text.kind !== "sent") throw new Error(JSON.stringify(text));
  const kept: Json[] = [];
  const remember = async (progress: Json): Promise<void> => {
    kept.push(progress);
  };
  const send = (progress: Json | undefined = text.progress) =>
    deliverBySlack(team.via, given, "picture", progress ?? null, remember);
  return { team, given, send, kept, text };
}

const published = async (team: TeamAtFake) => (await team.seen()).messages.filter(({ file }) => file !== null);

describe("a picture that goes well", () => {
  it("is handed over byte for byte, published in the thread, and seen there", async () => {
    const { team, send, kept, text } = await makeText();
    expect(await send()).toMatchObject({ kind: "sent", picture: "sent", progress: { file: "F1" } });
    const { files, messages } = await team.seen();
    expect(files).toMatchObject([
      { filename: "reports-2027-01-15.png", alt: "The app of Reports", bytes: PNG.byteLength, channel: "C0REPORTS" },
    ]);
    expect(messages.map(({ thread }) => thread)).toEqual([null, messages[0]?.ts]);
    expect(kept).toEqual([{ ...Object(text.kind === "sent" ? text.progress : null), file: "F1" }]);
  });

  it("is looked for some seconds long, and then is published and not confirmed", async () => {
    const { team, send } = await makeText({ sharedAfter: 99 });
    expect(await send()).toMatchObject({ kind: "sent", picture: "unconfirmed" });
    expect(team.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(10_000);
    expect(await published(team)).toHaveLength(1);
  });

  it("is seen at the second look", async () => {
    const { send } = await makeText({ sharedAfter: 1 });
    expect(await send()).toMatchObject({ picture: "sent" });
  });

  it("is not looked for without the permission to", async () => {
    const { team, send } = await makeText({}, { scopes: new Set(["chat:write", "files:write"]) });
    expect(await send()).toMatchObject({ picture: "unconfirmed" });
    expect((await team.seen()).calls.map(({ method }) => method)).not.toContain(INFO);
  });
});

describe("before it is published", () => {
  const mishaps: readonly (readonly [string, string, Mishap])[] = [
    ["a ticket", TICKET, { status: 503 }],
    ["a ticket", TICKET, { error: "internal_error" }],
    ["a ticket", TICKET, { error: "a_new_code" }],
    ["a ticket", TICKET, { lost: "after" }],
    ["the bytes", "upload", { status: 500 }],
    ["the bytes", "upload", { status: 404 }],
    ["the bytes", "upload", { lost: "before" }],
    ["the publication", COMPLETE, { error: "file_not_found" }],
    ["the publication", COMPLETE, { error: "file_update_failed" }],
  ];

  it.each(mishaps)("trouble with %s (%s: %j) takes a new ticket", async (_, method, mishap) => {
    const { team, send } = await makeText({ mishaps: { [method]: [mishap] } });
    expect(await send()).toMatchObject({ kind: "sent", picture: "sent" });
    expect(await published(team)).toHaveLength(1);
  });

  it.each(mishaps)(
    "trouble with %s (%s: %j) that stays is tried again later, with nothing published",
    async (_, method, mishap) => {
      const { team, send } = await makeText({ mishaps: { [method]: [mishap, mishap] } });
      const outcome = await send();
      expect(outcome).toMatchObject({ kind: "again" });
      expect(outcome).not.toHaveProperty("progress.file");
      expect(await published(team)).toEqual([]);
    },
  );

  it.each([TICKET, COMPLETE])("a limit at %s is respected", async (method) => {
    const { send } = await makeText({ mishaps: { [method]: [{ status: 429, retryAfter: 20 }] } });
    expect(await send()).toMatchObject({ kind: "again", after: 20_000, failure: { reason: "rate_limited" } });
  });

  it("a revoked token holds it", async () => {
    const { send } = await makeText({ mishaps: { [TICKET]: [{ error: "token_revoked" }] } });
    expect(await send()).toMatchObject({ kind: "again", failure: { reason: "slack_disconnected" } });
  });

  it("a description that Slack refuses is left out", async () => {
    const { team, send } = await makeText({ mishaps: { [TICKET]: [{ error: "alt_txt_too_large" }] } });
    expect(await send()).toMatchObject({ picture: "sent" });
    expect((await team.seen()).files).toMatchObject([{ alt: null }]);
  });
});

describe("a picture that Slack does not take", () => {
  it.each([
    "file_uploads_disabled",
    "file_uploads_except_images_disabled",
    "file_type_not_allowed",
    "file_upload_size_restricted",
    "storage_limit_reached",
    "slack_connect_file_link_sharing_blocked",
  ])("(%s) is dropped, and the text says so, with the link", async (error) => {
    for (const method of [TICKET, COMPLETE]) {
      const { team, send } = await makeText({ mishaps: { [method]: [{ error }] } });
      expect(await send()).toMatchObject({
        kind: "sent",
        picture: "dropped",
        without: { reason: "slack_files_refused", code: error },
      });
      const update = (await team.seen()).calls.find((call) => call.method === "chat.update");
      expect(update?.args.text).toContain("does not take this file");
      expect(update?.args.text).toContain("https://carillon.test/capture.png");
    }
  });

  it.each(["is_archived", "channel_not_found", "restricted_action"])("(%s) is dropped", async (error) => {
    const { team, send } = await makeText({ mishaps: { [COMPLETE]: [{ error }] } });
    expect(await send()).toMatchObject({ kind: "sent", picture: "dropped", without: { code: error } });
    expect(await published(team)).toEqual([]);
  });

  it("for want of a permission is dropped, and the connection stays well", async () => {
    const { send } = await makeText({ mishaps: { [TICKET]: [{ error: "missing_scope", needed: "files:write" }] } });
    expect(await send()).toMatchObject({ picture: "dropped", without: { reason: "slack_scope_missing" } });
  });

  it("since the app is not in the channel goes once it has joined", async () => {
    const { team, send } = await makeText({ mishaps: { [COMPLETE]: [{ error: "not_in_channel" }] } });
    expect(await send()).toMatchObject({ picture: "sent" });
    expect((await team.seen()).joined).toEqual(["C0REPORTS"]);
  });

  it.each([
    ["may not join", {}, { scopes: new Set(["chat:write", "files:write", "files:read"]) }],
    ["cannot join", { "conversations.join": [{ error: "method_not_supported_for_channel_type" }] }, {}],
  ] as const)("since the app is not in the channel and %s is dropped", async (_, mishaps, more) => {
    const { send } = await makeText({ mishaps: { ...mishaps, [COMPLETE]: [{ error: "not_in_channel" }] } }, more);
    expect(await send()).toMatchObject({ picture: "dropped", without: { reason: "not_in_channel" } });
  });
});

describe("a publication whose answer is lost", () => {
  const LOST: readonly Mishap[] = [{ lost: "after" }, { status: 503 }, { error: "internal_error" }, { text: "<html>" }];

  it.each(LOST)("%j is looked for, and is there once", async (mishap) => {
    const { team, send } = await makeText({ mishaps: { [COMPLETE]: [mishap] } });
    expect(await send()).toMatchObject({ kind: "sent", picture: "sent" });
    expect(await published(team)).toHaveLength(1);
  });

  it("and that cannot be looked for is remembered: the next attempt looks first, and publishes nothing", async () => {
    const { team, send } = await makeText({ mishaps: { [COMPLETE]: [{ lost: "after" }], [INFO]: [{ status: 503 }] } });
    const outcome = await send();
    expect(outcome).toMatchObject({ kind: "again", progress: { file: "F1" } });
    expect(await send(outcome.kind === "again" ? outcome.progress : undefined)).toMatchObject({ picture: "sent" });
    expect(await published(team)).toHaveLength(1);
  });

  it("and that nobody may look for is never published again", async () => {
    const { team, send } = await makeText(
      { mishaps: { [COMPLETE]: [{ lost: "after" }] } },
      { scopes: new Set(["chat:write", "files:write"]) },
    );
    expect(await send()).toMatchObject({ picture: "unconfirmed" });
    expect(await published(team)).toHaveLength(1);
  });

  it("with its sender, in between, is found by what was remembered", async () => {
    const { team, send, kept } = await makeText({ sharedAfter: 0 });
    await send();
    expect(await send(kept[0])).toMatchObject({ picture: "sent" });
    expect(await published(team)).toHaveLength(1);
  });

  it("is begun anew when what was remembered was never published", async () => {
    const { team, send, text } = await makeText();
    const before = { ...Object(text.kind === "sent" ? text.progress : null), file: "F99" };
    expect(await send(before)).toMatchObject({ picture: "sent" });
    expect(await published(team)).toHaveLength(1);
  });
});

describe("a picture that is not there", () => {
  it.each([
    [{ kind: "failed", format: "png", failure: { reason: "picture_late", message: "Too late." } }, "picture_late"],
    [{ ...pictureThere, read: async () => null }, "picture_failed"],
    [null, "picture_failed"],
  ] as const)("is dropped: %j", async (picture, reason) => {
    const { team, given, text } = await makeText();
    const progress = text.kind === "sent" ? (text.progress ?? null) : null;
    const outcome = await deliverBySlack(team.via, { ...given, picture }, "picture", progress);
    expect(outcome).toMatchObject({ kind: "sent", picture: "dropped", without: { reason } });
  });

  it("and may still come is waited for", async () => {
    const { team, given, text } = await makeText();
    const progress = text.kind === "sent" ? (text.progress ?? null) : null;
    const late = { ...given, picture: { kind: "late", format: "png" } as const };
    expect(await deliverBySlack(team.via, late, "picture", progress)).toMatchObject({ kind: "again", progress });
  });

  it("has no place without a text", async () => {
    const team = await makeSlackTeam();
    expect(await deliverBySlack(team.via, makeNews({ picture: pictureThere }), "picture", null)).toMatchObject({
      picture: "dropped",
      without: { reason: "lost" },
    });
    expect((await team.seen()).calls).toEqual([]);
  });
});
