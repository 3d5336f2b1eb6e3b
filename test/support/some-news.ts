/** News to anybody, by chance: a few people, groups, channels and endpoints, so that they meet often. */
import fc from "fast-check";
import { ACCESS_LEVELS } from "../../src/domain/access.ts";
import {
  type MemberId,
  readGroupId,
  readMemberId,
  readNewsId,
  readWebhookId,
  type WebhookId,
} from "../../src/domain/ids.ts";
import type { AddressBook, Reader } from "../../src/domain/news/expansion.ts";
import { NEWS_EVENTS, type News, newsOf } from "../../src/domain/news/news.ts";
import { readSlackChannelId } from "../../src/domain/news/slack-channel.ts";
import { type NotificationInput, readNotification } from "../../src/domain/notification.ts";

export const uuid = (place: number): string => `01930000-0000-7000-8000-${String(place).padStart(12, "0")}`;
export const member = (place: number): MemberId => readMemberId(uuid(place));
export const group = (place: number) => readGroupId(uuid(100 + place));
export const hook = (place: number): WebhookId => readWebhookId(uuid(200 + place));
export const channel = (place: number) => readSlackChannelId(`C000000${place}`);

const NEWS = readNewsId(uuid(999));

/** News with these notifications, each at its place. */
export const newsWith = (notifications: readonly (NotificationInput | null)[], more: Partial<News> = {}): News =>
  newsOf(more.event ?? "run.succeeded", {
    ...{ id: NEWS, at: 1, notifications: notifications.map((one) => one && readNotification(one)) },
    ...more,
  });

const places = fc.uniqueArray(fc.integer({ min: 0, max: 5 }));
const someNotification = fc.record({
  on: fc.constantFrom("success", "failure", "both"),
  users: places.map((all) => all.map(member)),
  groups: places.map((all) => all.map(group)),
  slack_channels: places.map((all) => all.map(channel)),
  webhooks: places.map((all) => all.map(hook)),
  capture: fc.constantFrom("none", "png", "pdf"),
}) as fc.Arbitrary<NotificationInput>;

const someReader = (place: number): fc.Arbitrary<Reader> =>
  fc.record({
    id: fc.constant(member(place)),
    email: fc.constant(`m${place}@acme.test`),
    state: fc.constantFrom("invited", "active", "deactivated"),
    access: fc.constantFrom(...ACCESS_LEVELS),
    prefers: fc.record({ email: fc.boolean(), slack: fc.boolean() }),
    slackAddress: fc.constantFrom(null, `U${place}`),
    timezone: fc.constant(null),
    isUnsubscribed: fc.boolean(),
  });

export const someBook: fc.Arbitrary<AddressBook> = fc.record({
  readers: fc.tuple(...[0, 1, 2, 3, 4].map(someReader)).map((all) => new Map(all.map((one) => [one.id, one]))),
  groups: fc
    .array(places, { minLength: 4, maxLength: 4 })
    .map((all) => new Map(all.map((some, place) => [group(place), { name: `G${place}`, members: some.map(member) }]))),
  slackChannels: fc.constant(new Map()),
  listeners: places.chain((all) =>
    fc.tuple(
      ...all.map((place) =>
        fc.record({
          ...{ id: fc.constant(hook(place)), name: fc.constant("Ops") },
          ...{ isEnabled: fc.boolean(), hasAsked: fc.boolean() },
        }),
      ),
    ),
  ),
  keepers: fc.array(fc.integer({ min: 0, max: 5 }).chain(someReader), { maxLength: 2 }).map((all) => all.slice(0, 1)),
  admins: fc.array(fc.integer({ min: 0, max: 5 }).chain(someReader), { maxLength: 1 }),
  slack: fc.constantFrom("connected", "not_connected", "not_in_plan"),
});

export const someNews = fc
  .record({
    notifications: fc.array(fc.option(someNotification), { maxLength: 4 }),
    event: fc.constantFrom(...NEWS_EVENTS),
    isTest: fc.boolean(),
    audience: fc.constantFrom("endpoints", "owners", "admins"),
  })
  .map(({ notifications, ...more }) => newsWith(notifications, more as Partial<News>));
