/** Whom many lists name is looked up once for all of them, and Slack is asked about no more channels than it bears. */
import { env } from "cloudflare:workers";
import { beforeEach, expect, it, vi } from "vitest";
import { lookAhead } from "../../src/delivery/recipients.ts";
import { slackKeys } from "../../src/delivery/slack/connection.ts";
import { readMemberId } from "../../src/domain/ids.ts";
import { readSlackChannelId } from "../../src/domain/news/slack-channel.ts";
import { readNotification } from "../../src/domain/notification.ts";
import { newId, now } from "../../src/system.ts";
import { makeRecipientsTeam, type RecipientsTeam } from "../support/recipients-team.ts";
import { connectSlack } from "../support/slack-connected.ts";
import { makeSlackTeam } from "../support/slack-team.ts";

let team: RecipientsTeam;
beforeEach(async () => {
  team = await makeRecipientsTeam();
});

const keysOf = (url: string) => {
  const slack = { id: "1.2", secret: "secret", signingSecret: "signing", url };
  return slackKeys(env, { slack, localSlack: false, allowLoopback: true } as never, { now: now(), newId });
};

const channels = Array.from({ length: 25 }, (_, place) => readSlackChannelId(`C0000000${10 + place}`));

it("asks about twenty channels, each once, and says of the others that they were not asked about", async () => {
  await connectSlack(team.ada.scope, "xoxb-fake");
  const { via, seen } = await makeSlackTeam();
  const lists = channels.map((id) => [readNotification({ slack_channels: [id] })]);
  const foresee = await lookAhead(keysOf(via.url), team.scope, [...lists, ...lists].flat());
  const asked = (await seen()).calls.filter(({ method }) => method === "conversations.info");
  expect(new Set(asked.map(({ args }) => args.channel))).toEqual(new Set(channels.slice(0, 20)));
  expect(asked).toHaveLength(20);
  const answers = lists.map((list) => foresee(list));
  const unchecked = answers.filter((one) => one.ok && one.value.unreachable[0]?.failure.reason === "not_checked");
  expect(unchecked).toHaveLength(5);
  expect(answers.slice(20)).toEqual(unchecked);
  expect(unchecked.every((one) => one.ok && one.value.issues.length === 0)).toBe(true);
});

it("looks up a thousand lists as fast as one, and answers each for itself", async () => {
  const stranger = readMemberId(newId());
  const lists = Array.from({ length: 1_000 }, (_, place) => [
    readNotification({ users: [place % 2 === 0 ? readMemberId(team.bob.id) : stranger], subject: String(place) }),
  ]);
  const batch = vi.spyOn(env.DIRECTORY, "batch");
  const foresee = await lookAhead(keysOf("http://127.0.0.1:1"), team.scope, lists.flat());
  const refused = lists.map(foresee).map((one) => one.ok && one.value.issues.length > 0);
  expect(refused).toEqual(lists.map((_, place) => place % 2 === 1));
  expect(batch).toHaveBeenCalledOnce();
});

it("refuses by the plan the lists that name a channel, and those alone", async () => {
  const small = await makeRecipientsTeam("professional");
  const [people, slack] = [{ users: [readMemberId(small.bob.id)] }, { slack_channels: channels.slice(0, 1) }].map(
    (one) => [readNotification(one)],
  );
  const foresee = await lookAhead(keysOf("http://127.0.0.1:1"), small.scope, [...(people ?? []), ...(slack ?? [])]);
  expect([foresee(people ?? []).ok, foresee(slack ?? []), foresee([]).ok]).toMatchObject([true, { ok: false }, true]);
});
