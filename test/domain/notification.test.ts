import { describe, expect, it } from "vitest";
import { type MemberId, readMemberId } from "../../src/domain/ids.ts";
import {
  issuesOfNotifications,
  NOTIFICATION_CAPTURES,
  NOTIFICATION_EVENTS,
  type Notification,
  type NotificationAttempts,
  type NotificationEvent,
  type NotificationInput,
  RECIPIENTS_MAX,
  readNotification,
  restoreNotification,
  tells,
  wantedCaptures,
} from "../../src/domain/notification.ts";
import { RUN_CAUSES, RUN_STATUSES } from "../../src/domain/run.ts";

const WELL = { status: "succeeded", cause: "occurrence", retryAt: null } as const;
const ADA = readMemberId("01930000-0000-7000-8000-00000000000a");
const people = (count: number): readonly MemberId[] =>
  Array.from({ length: count }, (_, index) =>
    readMemberId(`01930000-0000-7000-8000-${String(index).padStart(12, "0")}`),
  );
const DEFAULTS = {
  attempts: "last",
  ...{ users: [], groups: [], slackChannels: [], webhooks: [] },
  ...{ subject: null, body: null },
};

describe("a notification", () => {
  it("is of runs that went well and takes nothing, unless it says otherwise", () => {
    expect(readNotification({})).toEqual({ ...DEFAULTS, on: "success", capture: "none" });
    expect(readNotification({ on: "both", capture: "pdf" })).toEqual({ ...DEFAULTS, on: "both", capture: "pdf" });
  });

  it("names each recipient once", () => {
    expect(readNotification({ users: [ADA, ADA] }).users).toEqual([ADA]);
  });

  it("that was kept before there were recipients has none", () => {
    expect(restoreNotification({ on: "both", capture: "png" })).toEqual({ ...DEFAULTS, on: "both", capture: "png" });
  });

  it.each<[NotificationInput]>([
    [{ capture: "png" }],
    [{ on: "both", capture: "pdf" }],
    [{ users: [ADA] }],
    [{ on: "failure", attempts: "every", users: [ADA] }],
    [{ users: people(RECIPIENTS_MAX) }],
  ])("that has something to do is right: %j", (input) => {
    expect(issuesOfNotifications([input])).toEqual([]);
  });

  it("that would do nothing is refused, at its place and with what would be right", () => {
    expect(issuesOfNotifications([{ capture: "png" }, { on: "both" }])).toEqual([
      expect.objectContaining({ path: "/notifications/1", suggestion: '{"capture":"png"}' }),
    ]);
  });

  it("of failures that takes a capture is refused: there is nothing to show", () => {
    expect(issuesOfNotifications([{ on: "failure", capture: "png" }])).toEqual([
      expect.objectContaining({ path: "/notifications/0/capture" }),
    ]);
  });

  it("of successes that would tell of failed attempts is refused", () => {
    expect(issuesOfNotifications([{ attempts: "every", users: [ADA] }])).toEqual([
      expect.objectContaining({ path: "/notifications/0/attempts" }),
    ]);
  });

  it("with more recipients than one may have is refused, and says what takes more", () => {
    expect(issuesOfNotifications([{ users: people(RECIPIENTS_MAX + 1) }])).toEqual([
      expect.objectContaining({ path: "/notifications/0", expected: expect.stringContaining("group") }),
    ]);
  });
});

describe("whether people hear of a run", () => {
  const on = (event: NotificationEvent, attempts: NotificationAttempts = "last") =>
    readNotification({ on: event, attempts, users: [ADA] });

  it.each([
    ["succeeded", "success", true],
    ["succeeded", "both", true],
    ["succeeded", "failure", false],
    ["failed", "failure", true],
    ["timed_out", "both", true],
    ["failed", "success", false],
    ["cancelled", "both", false],
    ["skipped", "both", false],
    ["missed", "both", false],
    ["running", "both", false],
  ] as const)("that is %s, where they asked for %s: %s", (status, event, expected) => {
    expect(tells(on(event), { ...WELL, status })).toBe(expected);
  });

  it.each(["pending_retry", "failed", "timed_out"] as const)(
    "whose attempt is %s and is tried again: only where they asked for every attempt",
    (status) => {
      const attempt = { ...WELL, status, retryAt: 1 };
      expect(tells(on("failure"), attempt)).toBe(false);
      expect(tells(on("failure", "every"), attempt)).toBe(true);
      expect(tells(on("both", "every"), { ...attempt, cause: "backfill" })).toBe(false);
    },
  );
});

describe("the captures that notifications want", () => {
  const all: readonly Notification[] = NOTIFICATION_EVENTS.flatMap((on) =>
    NOTIFICATION_CAPTURES.map((capture) => readNotification({ on, capture })),
  );

  it("are each format once, the picture first", () => {
    expect(wantedCaptures(all, WELL)).toEqual(["png", "pdf"]);
    expect(wantedCaptures([readNotification({ capture: "pdf" })], WELL)).toEqual(["pdf"]);
  });

  it("are none where none is wanted", () => {
    expect(wantedCaptures([], WELL)).toEqual([]);
    expect(wantedCaptures([readNotification({ on: "both" })], WELL)).toEqual([]);
    expect(wantedCaptures([readNotification({ on: "failure", capture: "png" })], WELL)).toEqual([]);
  });

  it.each(RUN_STATUSES.filter((status) => status !== "succeeded"))("are none of a run that is %s", (status) => {
    expect(wantedCaptures(all, { ...WELL, status })).toEqual([]);
  });

  it.each(RUN_CAUSES)("of a run whose cause is %s are none only when it repeats the past", (cause) => {
    expect(wantedCaptures(all, { ...WELL, cause })).toHaveLength(cause === "backfill" ? 0 : 2);
  });
});
