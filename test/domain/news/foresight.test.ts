/** What saving notifications would come to is the same as what becomes of them: who is refused, given access, or not reached. */
import { describe, expect, it } from "vitest";
import { readGroupId, readMemberId, readWebhookId } from "../../../src/domain/ids.ts";
import type { DeliveryReason } from "../../../src/domain/news/delivery-failure.ts";
import type { Reader } from "../../../src/domain/news/expansion.ts";
import { type ForeseenBy, foresee, NOTHING_AHEAD } from "../../../src/domain/news/foresight.ts";
import { readSlackChannelId } from "../../../src/domain/news/slack-channel.ts";
import { type NotificationInput, readNotification } from "../../../src/domain/notification.ts";

const BOB = readMemberId("01930000-0000-7000-8000-000000000001");
const EVE = readMemberId("01930000-0000-7000-8000-000000000002");
const GROUP = readGroupId("01930000-0000-7000-8000-000000000003");
const HOOK = readWebhookId("01930000-0000-7000-8000-000000000004");
const CHANNEL = readSlackChannelId("C0000001");

const reader = (more: Partial<Reader> = {}): Reader => ({
  ...{ id: BOB, email: "bob@acme.test", state: "active", access: "app_only", prefers: { email: true, slack: false } },
  ...{ slackAddress: null, timezone: null, isUnsubscribed: false },
  ...more,
});

const known = (more: Partial<ForeseenBy> = {}): ForeseenBy => ({
  readers: new Map([[BOB, reader()]]),
  groups: new Map([[GROUP, { name: "Readers", members: [BOB] }]]),
  slackChannels: new Map([[CHANNEL, "reports"]]),
  listeners: [{ id: HOOK, name: "Ops", isEnabled: true, hasAsked: false }],
  ...{ keepers: [], admins: [], slack: "connected", slackTroubles: new Map() },
  ...more,
});

const ahead = (inputs: readonly NotificationInput[], book = known()) => foresee(inputs.map(readNotification), book);

const ALL = { users: [BOB], groups: [GROUP], slack_channels: [CHANNEL], webhooks: [HOOK] };

it("is nothing where all can be reached", () => {
  expect(ahead([ALL, ALL])).toEqual(NOTHING_AHEAD);
  expect(ahead([])).toEqual(NOTHING_AHEAD);
});

describe("a recipient that cannot be named", () => {
  it.each<[string, Partial<ForeseenBy>, string, DeliveryReason]>([
    ["a stranger", { readers: new Map() }, "users", "recipient_missing"],
    ["somebody deactivated", { readers: new Map([[BOB, reader({ state: "deactivated" })]]) }, "users", "deactivated"],
    ["no group", { groups: new Map() }, "groups", "recipient_missing"],
    ["no endpoint", { listeners: [] }, "webhooks", "endpoint_missing"],
    ["a channel without a connection", { slack: "not_connected" }, "slack_channels", "slack_not_connected"],
    ...(["channel_not_found", "channel_archived", "not_in_channel"] as const).map(
      (reason): [string, Partial<ForeseenBy>, string, DeliveryReason] => [
        `a channel that is ${reason}`,
        { slackTroubles: new Map([[CHANNEL, { reason, message: "No." }]]) },
        "slack_channels",
        reason,
      ],
    ),
  ])("refuses at its place, with what would be right: %s", (_, book, field, reason) => {
    const { issues, refused } = ahead([{ capture: "png" }, ALL], known(book));
    const ours = issues.filter(({ path }) => path === `/notifications/1/${field}/0`);
    expect(ours).toHaveLength(1);
    expect(ours[0]?.expected?.length).toBeGreaterThan(5);
    expect(refused.map(({ failure }) => failure.reason)).toContain(reason);
  });
});

it("names one that cannot be named at each place, and once as a recipient", () => {
  const { issues, refused } = ahead([{ users: [BOB] }, { users: [BOB] }], known({ readers: new Map() }));
  expect(issues.map(({ path }) => path)).toEqual(["/notifications/0/users/0", "/notifications/1/users/0"]);
  expect(refused).toHaveLength(1);
});

describe("access", () => {
  it("would be given once to each who has none, however often they are named", () => {
    const readers = new Map([[BOB, reader({ access: "none" })]]);
    const { grants, issues, unreachable } = ahead([ALL, ALL], known({ readers }));
    expect(grants.map(({ kind, name }) => [kind, name])).toEqual([
      ["user", "bob@acme.test"],
      ["group", "Readers"],
    ]);
    expect([issues, unreachable]).toEqual([[], []]);
  });

  it("would be given to a group of whom one has none, and not to one that nobody is in", () => {
    const members = [BOB, EVE];
    const readers = new Map([
      [BOB, reader()],
      [EVE, reader({ id: EVE, access: "none" })],
    ]);
    const of = (some: typeof members) =>
      ahead([{ groups: [GROUP] }], known({ readers, groups: new Map([[GROUP, { name: "Readers", members: some }]]) }));
    expect(of(members).grants).toMatchObject([{ kind: "group", id: GROUP }]);
    expect(of([BOB]).grants).toEqual([]);
    expect(of([])).toMatchObject({ grants: [], unreachable: [{ failure: { reason: "recipient_missing" } }] });
  });
});

describe("whom nothing would reach as things are", () => {
  it.each<[DeliveryReason, Partial<Reader>]>([
    ["not_joined", { state: "invited" }],
    ["unsubscribed", { isUnsubscribed: true }],
    ["preferences_off", { prefers: { email: false, slack: false } }],
  ])("can be named all the same: %s", (reason, facts) => {
    const { issues, unreachable } = ahead([{ users: [BOB] }], known({ readers: new Map([[BOB, reader(facts)]]) }));
    expect(issues).toEqual([]);
    expect(unreachable).toMatchObject([{ recipient: { name: "bob@acme.test" }, failure: { reason } }]);
  });

  it("is told once, however often they are named, and says nothing of access that saving gives", () => {
    const readers = new Map([[BOB, reader({ access: "none", isUnsubscribed: true })]]);
    const { unreachable } = ahead([{ users: [BOB] }, { users: [BOB] }], known({ readers }));
    expect(unreachable.map(({ failure }) => failure.reason)).toEqual(["unsubscribed"]);
  });

  it("is an endpoint that is disabled, and a channel while Slack does not answer", () => {
    const slackTroubles = new Map([[CHANNEL, { reason: "rate_limited", message: "Later." } as const]]);
    const listeners = [{ id: HOOK, name: "Ops", isEnabled: false, hasAsked: false }];
    const { issues, unreachable } = ahead([ALL], known({ slackTroubles, listeners }));
    expect(issues).toEqual([]);
    expect(unreachable.map(({ recipient, failure }) => [recipient.name, failure.reason])).toEqual([
      ["#reports", "rate_limited"],
      ["Ops", "endpoint_disabled"],
    ]);
  });
});
