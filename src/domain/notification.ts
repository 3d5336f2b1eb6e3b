/** A notification: a rule on a schedule that says of which runs people hear, and with what picture. Pure. */
import { type CaptureFormat, inOrder } from "./captures/capture.ts";
import type { InputIssue } from "./errors.ts";
import type { RunCause, RunStatus } from "./run.ts";

export const NOTIFICATION_EVENTS = ["success", "failure", "both"] as const;
export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

export const NOTIFICATION_CAPTURES = ["none", "png", "pdf"] as const;
export type NotificationCapture = (typeof NOTIFICATION_CAPTURES)[number];

/** What a person gives for a notification. */
export interface NotificationInput {
  /** `success` by default. */
  readonly on?: NotificationEvent | undefined;
  /** Of runs that went well; `none` by default. */
  readonly capture?: NotificationCapture | undefined;
}

/** A notification with its defaults filled in. */
export interface Notification {
  readonly on: NotificationEvent;
  readonly capture: NotificationCapture;
}

/** Notifications of one schedule. */
export const NOTIFICATIONS_MAX = 20;

export const readNotification = ({ on = "success", capture = "none" }: NotificationInput): Notification => ({
  on,
  capture,
});

/** What is wrong with notifications, if anything is: each must have something to do. */
export function issuesOfNotifications(inputs: readonly NotificationInput[]): readonly InputIssue[] {
  return inputs.map(readNotification).flatMap(({ on, capture }, index) => {
    if (on === "failure" && capture !== "none") return [captureOfFailure(index)];
    return capture === "none" ? [nothingToDo(index)] : [];
  });
}

const captureOfFailure = (index: number): InputIssue => ({
  path: `/notifications/${index}/capture`,
  message: "A notification of failures takes no capture: captures are taken of runs that succeeded.",
  expected: "none, or on: success or both",
});

const nothingToDo = (index: number): InputIssue => ({
  path: `/notifications/${index}`,
  message: "The notification would do nothing: it takes no capture.",
  expected: "a capture: png or pdf",
  suggestion: '{"capture":"png"}',
});

/** The captures that the notifications of a schedule want of a run that ended so. Repeating the past asks for none. */
export function wantedCaptures(
  notifications: readonly Notification[],
  { status, cause }: { readonly status: RunStatus; readonly cause: RunCause },
): readonly CaptureFormat[] {
  if (status !== "succeeded" || cause === "backfill") return [];
  return inOrder(notifications.flatMap(({ on, capture }) => (on === "failure" || capture === "none" ? [] : [capture])));
}
