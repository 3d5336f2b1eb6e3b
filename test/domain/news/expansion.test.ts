/** Who hears of news: each recipient once for each notification and channel, each endpoint once, and nobody against their wish. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMemberId } from "../../../src/domain/ids.ts";
import type { DeliveryReason } from "../../../src/domain/news/delivery-failure.ts";
import { type AddressBook, expand, type Listener, type Reader } from "../../../src/domain/news/expansion.ts";
import type { News, Unreached } from "../../../src/domain/news/news.ts";
import { channel, group, hook, member, newsWith, someBook, someNews, uuid } from "../../support/some-news.ts";

const BOB = member(1);
const EVE = member(2);

const reader = (more: Partial<Reader> = {}): Reader => ({
  ...{ id: BOB, email: "bob@acme.test", state: "active", access: "app_only", prefers: { email: true, slack: false } },
  ...{ slackAddress: "U1", timezone: "Europe/Berlin", isUnsubscribed: false },
  ...more,
});

const book = (more: Partial<AddressBook> = {}): AddressBook => ({
  ...{
    readers: new Map([[BOB, reader()]]),
    groups: new Map(),
    slackChannels: new Map(),
    listeners: [],
    keepers: [],
    admins: [],
  },
  slack: "connected",
  ...more,
});

const told = (news: News, known: AddressBook) =>
  expand(news, known).map(({ channel, recipient, suppressed }) => [
    channel,
    recipient.id,
    suppressed?.reason ?? "told",
  ]);

describe("a person", () => {
  it.each<[string, Partial<Reader>, AddressBook["slack"], readonly string[]]>([
    ["by mail, by default", {}, "connected", ["email"]],
    ["in Slack in place of mail", { prefers: { email: false, slack: true } }, "connected", ["slack"]],
    ["in both", { prefers: { email: true, slack: true } }, "connected", ["email", "slack"]],
    [
      "by mail where Slack does not know them",
      { prefers: { email: false, slack: true }, slackAddress: null },
      "connected",
      ["email"],
    ],
    ["by mail where Slack is not connected", { prefers: { email: false, slack: true } }, "not_connected", ["email"]],
    ["by mail where the plan has no Slack", { prefers: { email: true, slack: true } }, "not_in_plan", ["email"]],
  ])("is told %s", (_, facts, slack, channels) => {
    const planned = expand(newsWith([{ users: [BOB] }]), book({ readers: new Map([[BOB, reader(facts)]]), slack }));
    expect(planned.map((one) => one.channel)).toEqual(channels);
    expect(planned.every(({ suppressed, timezone }) => suppressed === null && timezone === "Europe/Berlin")).toBe(true);
    for (const one of planned) expect(one.address).toBe(one.channel === "email" ? "bob@acme.test" : "U1");
  });

  it.each<[DeliveryReason, Partial<Reader> | null]>([
    ["recipient_missing", null],
    ["deactivated", { state: "deactivated" }],
    ["not_joined", { state: "invited" }],
    ["no_access", { access: "none" }],
    ["unsubscribed", { isUnsubscribed: true }],
    ["preferences_off", { prefers: { email: false, slack: false } }],
  ])("is not told, and the ledger says so once: %s", (reason, facts) => {
    const readers = new Map(facts === null ? [] : [[BOB, reader(facts)] as const]);
    expect(told(newsWith([{ users: [BOB] }]), book({ readers }))).toEqual([["email", BOB, reason]]);
  });

  it("of two reasons is given the one that cannot be chosen away", () => {
    const readers = new Map([[BOB, reader({ state: "deactivated", isUnsubscribed: true, access: "none" })]]);
    expect(told(newsWith([{ users: [BOB] }]), book({ readers }))).toEqual([["email", BOB, "deactivated"]]);
  });

  it("who is named and is in the groups that are named is told once", () => {
    const groups = new Map([1, 2].map((place) => [group(place), { name: "Readers", members: [BOB] }]));
    const news = newsWith([{ users: [BOB], groups: [group(1), group(2)] }]);
    expect(told(news, book({ groups }))).toEqual([["email", BOB, "told"]]);
  });

  it("whom two notifications name is told by each, at its place, with its own capture", () => {
    const news = newsWith([null, { users: [BOB] }, { users: [BOB], capture: "pdf" }]);
    const planned = expand(news, book());
    expect(planned.map(({ notification, wants }) => [notification, wants])).toEqual([
      [1, null],
      [2, "pdf"],
    ]);
    expect(new Set(planned.map(({ id }) => id)).size).toBe(2);
  });

  it("is not sent a capture of a run that failed", () => {
    const news = newsWith([{ on: "both", users: [BOB], capture: "png" }], { event: "run.failed" });
    expect(expand(news, book())).toMatchObject([{ wants: null }]);
  });
});

describe("a group", () => {
  it.each([
    ["that nobody is in", new Map([[group(1), { name: "Readers", members: [] }]]), "Readers"],
    ["that was deleted", new Map(), group(1)],
  ])("%s is in the ledger by its name, suppressed", (_, groups, name) => {
    const planned = expand(newsWith([{ groups: [group(1)], capture: "png" }]), book({ groups }));
    expect(planned).toMatchObject([
      { recipient: { kind: "group", id: group(1), name }, suppressed: { reason: "recipient_missing" } },
    ]);
  });
});

describe("a Slack channel", () => {
  it("is named as people know it, and by its id where nobody has seen it", () => {
    const slackChannels = new Map([[channel(1), "reports"]]);
    const planned = expand(newsWith([{ slack_channels: [channel(1), channel(2)] }]), book({ slackChannels }));
    expect(planned.map(({ recipient }) => recipient.name)).toEqual(["#reports", channel(2)]);
    expect(planned.map(({ address }) => address)).toEqual([channel(1), channel(2)]);
  });

  it("is not told by a plan without Slack; without a connection it waits for one", () => {
    const news = newsWith([{ slack_channels: [channel(1)] }]);
    expect(told(news, book({ slack: "not_in_plan" }))).toEqual([["slack", channel(1), "plan"]]);
    expect(told(news, book({ slack: "not_connected" }))).toEqual([["slack", channel(1), "told"]]);
  });
});

describe("an endpoint", () => {
  const listener = (more: Partial<Listener> = {}): Listener => ({
    ...{ id: hook(1), name: "Ops", isEnabled: true, hasAsked: false },
    ...more,
  });

  it("is told once, though two notifications name it and it asked as well", () => {
    const news = newsWith([{ webhooks: [hook(1)] }, { webhooks: [hook(1)], capture: "png" }]);
    const planned = expand(news, book({ listeners: [listener({ hasAsked: true })] }));
    expect(planned).toMatchObject([{ channel: "webhook", notification: null, wants: "png", suppressed: null }]);
  });

  it("is told of a test only if it is named", () => {
    const known = book({ listeners: [listener({ hasAsked: true }), listener({ id: hook(2), hasAsked: true })] });
    expect(told(newsWith([{ webhooks: [hook(1)] }], { isTest: true }), known)).toEqual([["webhook", hook(1), "told"]]);
    expect(told(newsWith([{ users: [BOB] }], { isTest: true }), known)).toEqual([["email", BOB, "told"]]);
  });

  it.each<[DeliveryReason, readonly Listener[]]>([
    ["endpoint_missing", []],
    ["endpoint_disabled", [listener({ isEnabled: false })]],
  ])("is not told, and the ledger says so: %s", (reason, listeners) => {
    expect(told(newsWith([{ webhooks: [hook(1)] }]), book({ listeners }))).toEqual([["webhook", hook(1), reason]]);
  });
});

describe("whoever looks after a project", () => {
  const failedBy = (by: "email" | "slack" | "webhook", reason: DeliveryReason, whom = uuid(50)): Unreached => ({
    channel: by,
    recipient: { kind: by === "webhook" ? "webhook" : "user", id: whom, name: "somebody" },
    failure: { reason, message: "No." },
    delivery: null,
  });
  const hears = (
    unreached: readonly Unreached[],
    facts: Partial<Reader> = {},
    slack: AddressBook["slack"] = "connected",
  ) => {
    const news = newsWith([], { event: "delivery.failed", audience: "owners", unreached });
    return told(news, book({ keepers: [reader(facts)], slack })).map(([by]) => by);
  };

  it.each<[string, readonly Unreached[], Partial<Reader>, AddressBook["slack"], readonly string[]]>([
    ["of a webhook, by mail", [failedBy("webhook", "endpoint_refused")], {}, "connected", ["email"]],
    ["of Slack, by mail", [failedBy("slack", "channel_archived")], {}, "connected", ["email"]],
    ["of a mail, in Slack", [failedBy("email", "address_refused")], {}, "connected", ["slack"]],
    [
      "of another's mail, by mail where they are not linked",
      [failedBy("email", "address_refused")],
      { slackAddress: null },
      "connected",
      ["email"],
    ],
    [
      "of their own mail, by mail all the same where nothing else is left",
      [failedBy("email", "address_refused", BOB)],
      { slackAddress: null },
      "connected",
      ["email"],
    ],
    [
      "of mail that goes nowhere, by mail all the same: it may be mended by then",
      [failedBy("email", "mail_not_configured")],
      {},
      "not_connected",
      ["email"],
    ],
    [
      "whatever they prefer",
      [failedBy("webhook", "endpoint_refused")],
      { prefers: { email: false, slack: false }, isUnsubscribed: true },
      "connected",
      ["email"],
    ],
  ])("hears %s", (_, unreached, facts, slack, channels) => {
    expect(hears(unreached, facts, slack)).toEqual(channels);
  });

  it.each<[string, Partial<Reader>, AddressBook["slack"], Unreached, readonly (readonly string[])[]]>([
    [
      "leaves it to the other admins when it is their own mail",
      { slackAddress: null },
      "connected",
      failedBy("email", "address_refused", BOB),
      [["email", EVE]],
    ],
    [
      "leaves it to the admin who is in Slack when all mail is broken",
      { slackAddress: null },
      "connected",
      failedBy("email", "sender_not_configured"),
      [["slack", EVE]],
    ],
    [
      "hears with the other admins where there is no way but mail, and it is broken",
      { slackAddress: null },
      "not_connected",
      failedBy("email", "sender_not_configured"),
      [
        ["email", BOB],
        ["email", EVE],
      ],
    ],
    ["hears alone where they can be told", {}, "connected", failedBy("webhook", "endpoint_refused"), [["email", BOB]]],
  ])("%s", (_, facts, slack, unreached, expected) => {
    const slackOfEve = unreached.failure.reason === "address_refused" ? null : "U2";
    const eve = reader({ id: EVE, email: "eve@acme.test", slackAddress: slackOfEve });
    const news = newsWith([], { event: "delivery.failed", audience: "owners", unreached: [unreached] });
    const heard = told(news, book({ keepers: [reader(facts)], admins: [reader(facts), eve], slack }));
    expect(heard.map(([by, whom]) => [by, whom])).toEqual(expected);
  });

  it("does not hear once they were deactivated", () => {
    expect(hears([failedBy("webhook", "endpoint_refused")], { state: "deactivated" })).toEqual([]);
  });
});

describe("any news to anybody", () => {
  it("has each delivery once: by notification, channel and recipient, and of an endpoint by the news", () => {
    fc.assert(
      fc.property(someNews, someBook, (news, known) => {
        const planned = expand(news, known);
        expect(new Set(planned.map(({ id }) => id)).size).toBe(planned.length);
        const names = planned.map(({ notification, channel, recipient }) =>
          channel === "webhook" ? recipient.id : `${notification}/${channel}/${recipient.kind}/${recipient.id}`,
        );
        expect(new Set(names).size).toBe(names.length);
        expect(expand(news, known)).toEqual(planned);
      }),
    );
  });

  it("is sent to no person who may not or does not want to hear of runs, by no channel that they turned off", () => {
    fc.assert(
      fc.property(someNews, someBook, (news, known) => {
        for (const { channel, recipient, suppressed, notification } of expand(news, known)) {
          if (suppressed !== null || recipient.kind !== "user" || notification === null) continue;
          const found = known.readers.get(readMemberId(recipient.id));
          expect(found).toMatchObject({ state: "active", isUnsubscribed: false });
          expect(found?.access).not.toBe("none");
          if (channel === "slack") expect([found?.prefers.slack, known.slack]).toEqual([true, "connected"]);
          else expect(found?.prefers.email || found?.prefers.slack).toBe(true);
        }
      }),
    );
  });

  it("leaves nobody who is named without a row", () => {
    fc.assert(
      fc.property(someNews, someBook, (news, known) => {
        if (news.audience !== "endpoints") return;
        const ids = new Set(expand(news, known).map(({ recipient }) => recipient.id));
        for (const one of news.notifications)
          for (const id of [...(one?.users ?? []), ...(one?.slackChannels ?? []), ...(one?.webhooks ?? [])])
            expect(ids).toContain(id);
        for (const id of news.notifications.flatMap((one) => one?.groups ?? [])) {
          const members = known.groups.get(id)?.members ?? [];
          expect(members.length === 0 ? [id] : members).toSatisfy((all: readonly string[]) =>
            all.every((one) => ids.has(one as never)),
          );
        }
      }),
    );
  });
});
