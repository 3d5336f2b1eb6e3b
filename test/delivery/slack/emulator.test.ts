/** A delivery in the emulator: what stands in the channel afterwards, read back as its readers would. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { openSlack, slackKeys } from "../../../src/delivery/slack/connection.ts";
import { deliverBySlack } from "../../../src/delivery/slack/deliver.ts";
import { readConfig } from "../../../src/env.ts";
import { newId, now } from "../../../src/system.ts";
import { makeAdmin } from "../../api/caller.ts";
import { makeEnv } from "../../console/browser.ts";
import { connectSlack } from "../../support/slack-connected.ts";
import { makeNews, PNG, pictureThere } from "../../support/slack-team.ts";

const GENERAL = "C000000001";

interface Message {
  readonly ts: string;
  readonly text: string;
  readonly blocks?: readonly { readonly type: string }[];
  readonly files?: readonly { readonly name: string; readonly size: number; readonly id: string }[];
}

/** Nobody's permissions are looked at for reading back: a token of the emulator's own. */
async function ask<Answer>(method: string, args: Record<string, string>): Promise<Answer> {
  const answer = await fetch(`${env.SLACK_URL}/api/${method}`, {
    method: "POST",
    headers: { authorization: "Bearer xoxb-hands" },
    body: new URLSearchParams(args),
  });
  return answer.json();
}

async function makeVia() {
  const { scope } = await makeAdmin();
  await connectSlack(scope, "xoxb-ground");
  const house = makeEnv({});
  const opened = await openSlack(slackKeys(house, readConfig(house), { now: now(), newId }), scope);
  if (opened.kind !== "connected") throw new Error(opened.kind);
  return opened.via;
}

it("has the text with its blocks, and the picture in its thread, byte for byte", async () => {
  const via = await makeVia();
  const target = {
    channel: "slack",
    recipient: { kind: "slack_channel", id: GENERAL, name: "general" },
    address: GENERAL,
    timezone: null,
  } as const;
  const given = makeNews({ target, picture: pictureThere }, "run.succeeded");
  const text = await deliverBySlack(via, given, "text", null);
  if (text.kind !== "sent") throw new Error(JSON.stringify(text));
  const picture = await deliverBySlack(via, given, "picture", text.progress ?? null);
  expect(picture).toMatchObject({ kind: "sent", picture: "sent" });
  const { ts } = Object(text.progress);
  const { messages } = await ask<{ messages: readonly Message[] }>("conversations.replies", { channel: GENERAL, ts });
  expect(messages).toHaveLength(2);
  expect(messages[0]?.text).toContain("daily-report in Sales succeeded");
  expect(messages[0]?.blocks?.map(({ type }) => type)).toEqual(["header", "section", "actions", "context"]);
  expect(messages[1]?.files).toMatchObject([{ name: "reports-2027-01-15.png", size: PNG.byteLength }]);
  const [file] = messages[1]?.files ?? [];
  const bytes = await fetch(`${env.SLACK_URL}/files-pri/${file?.id}/${file?.name}`, {
    headers: { authorization: "Bearer xoxb-hands" },
  });
  expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(PNG);
});

it("reaches a person by a conversation of their own", async () => {
  const via = await makeVia();
  const { user } = await ask<{ user: { id: string } }>("users.lookupByEmail", { email: "grace@acme.test" });
  const target = {
    channel: "slack",
    recipient: { kind: "user", id: "m1", name: "grace@acme.test" },
    address: user.id,
    timezone: null,
  } as const;
  const outcome = await deliverBySlack(via, makeNews({ target }), "text", null);
  expect(outcome).toMatchObject({ kind: "sent", progress: { channel: expect.stringMatching(/^D/) } });
});

it("fails in a channel that was archived, with what mends it", async () => {
  const via = await makeVia();
  const made = await ask<{ channel: { id: string } }>("conversations.create", { name: `old-${newId()}`.slice(0, 60) });
  await ask("conversations.archive", { channel: made.channel.id });
  const target = {
    channel: "slack",
    recipient: { kind: "slack_channel", id: made.channel.id, name: "old" },
    address: made.channel.id,
    timezone: null,
  } as const;
  expect(await deliverBySlack(via, makeNews({ target }), "text", null)).toMatchObject({
    kind: "failed",
    failure: { reason: "channel_archived", code: "is_archived" },
  });
});
