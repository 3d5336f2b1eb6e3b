import { describe, expect, it } from "vitest";
import { sayNotification } from "../../../src/console/notifications/notification-words.ts";
import { readGroupId, readMemberId, readWebhookId } from "../../../src/domain/ids.ts";
import { type NotificationInput, readNotification } from "../../../src/domain/notification.ts";
import { newId } from "../../../src/system.ts";

const user = () => readMemberId(newId());
const said = (input: NotificationInput): string => sayNotification({ ...readNotification(input), slack_channels: [] });

describe("a notification in a sentence", () => {
  it("says on what occasion how many of which kind are told, and what goes along", () => {
    expect(said({ users: [user()], capture: "pdf" })).toBe(
      "When a run succeeds, 1 member is told, with a PDF of the app.",
    );
    expect(
      said({
        on: "failure",
        users: [user(), user()],
        groups: [readGroupId(newId())],
        webhooks: [readWebhookId(newId())],
      }),
    ).toBe("When a run fails, 2 members, 1 group and 1 webhook endpoint are told.");
  });

  it("says that failed attempts are told, and that a capture is kept for nobody", () => {
    expect(said({ on: "failure", attempts: "every", users: [user()] })).toBe(
      "When a run fails, and at every failed attempt, 1 member is told.",
    );
    expect(said({ capture: "png" })).toBe("When a run succeeds, a picture of the app is kept.");
  });
});
