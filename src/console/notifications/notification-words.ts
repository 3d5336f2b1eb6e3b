/** A notification in a sentence. People, groups and channels are counted and not named: not everybody may see who they are. */
import type { NotificationAttempts, NotificationCapture, NotificationEvent } from "../../domain/notification.ts";

/** What there is to say of one: of whom it tells, how many there are. */
interface Told {
  readonly on: NotificationEvent;
  readonly attempts: NotificationAttempts;
  readonly capture: NotificationCapture;
  readonly users: readonly unknown[];
  readonly groups: readonly unknown[];
  readonly slack_channels: readonly unknown[];
  readonly webhooks: readonly unknown[];
}

const OCCASIONS: Readonly<Record<NotificationEvent, string>> = {
  success: "When a run succeeds",
  failure: "When a run fails",
  both: "When a run ends",
};

const CAPTURES = { none: null, png: "a picture of the app", pdf: "a PDF of the app" } as const;

/** Such as `When a run succeeds, 2 members and 1 Slack channel are told, with a picture of the app.` */
export function sayNotification(notification: Told): string {
  const { on, attempts, capture, users, groups, slack_channels, webhooks } = notification;
  const occasion =
    on !== "success" && attempts === "every" ? `${OCCASIONS[on]}, and at every failed attempt` : OCCASIONS[on];
  const whom = [
    ...counted(users.length, "member"),
    ...counted(groups.length, "group"),
    ...counted(slack_channels.length, "Slack channel"),
    ...counted(webhooks.length, "webhook endpoint"),
  ];
  const what = CAPTURES[capture];
  if (whom.length === 0) return `${occasion}, ${what ?? "nothing"} is kept.`;
  const isOne = users.length + groups.length + slack_channels.length + webhooks.length === 1;
  return `${occasion}, ${joined(whom)} ${isOne ? "is" : "are"} told${what === null ? "" : `, with ${what}`}.`;
}

const counted = (count: number, what: string): readonly string[] =>
  count === 0 ? [] : [`${count} ${what}${count === 1 ? "" : "s"}`];

const joined = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
