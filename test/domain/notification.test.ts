import { describe, expect, it } from "vitest";
import {
  issuesOfNotifications,
  NOTIFICATION_CAPTURES,
  NOTIFICATION_EVENTS,
  type Notification,
  readNotification,
  wantedCaptures,
} from "../../src/domain/notification.ts";
import { RUN_CAUSES, RUN_STATUSES } from "../../src/domain/run.ts";

const WELL = { status: "succeeded", cause: "occurrence" } as const;

describe("a notification", () => {
  it("is of runs that went well and takes nothing, unless it says otherwise", () => {
    expect(readNotification({})).toEqual({ on: "success", capture: "none" });
    expect(readNotification({ on: "both", capture: "pdf" })).toEqual({ on: "both", capture: "pdf" });
  });

  it.each([[{ capture: "png" }], [{ on: "both", capture: "pdf" }]] as const)(
    "that takes something of a run that went well is right: %j",
    (input) => {
      expect(issuesOfNotifications([input])).toEqual([]);
    },
  );

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
});

describe("the captures that notifications want", () => {
  const all: readonly Notification[] = NOTIFICATION_EVENTS.flatMap((on) =>
    NOTIFICATION_CAPTURES.map((capture) => ({ on, capture })),
  );

  it("are each format once, the picture first", () => {
    expect(wantedCaptures(all, WELL)).toEqual(["png", "pdf"]);
    expect(wantedCaptures([{ on: "success", capture: "pdf" }], WELL)).toEqual(["pdf"]);
  });

  it("are none where none is wanted", () => {
    expect(wantedCaptures([], WELL)).toEqual([]);
    expect(wantedCaptures([{ on: "both", capture: "none" }], WELL)).toEqual([]);
    expect(wantedCaptures([{ on: "failure", capture: "png" }], WELL)).toEqual([]);
  });

  it.each(RUN_STATUSES.filter((status) => status !== "succeeded"))("are none of a run that is %s", (status) => {
    expect(wantedCaptures(all, { ...WELL, status })).toEqual([]);
  });

  it.each(RUN_CAUSES)("of a run whose cause is %s are none only when it repeats the past", (cause) => {
    expect(wantedCaptures(all, { ...WELL, cause })).toHaveLength(cause === "backfill" ? 0 : 2);
  });
});
