/**
 * News in words, the same on every channel. Pure. What it gives back is plain text: a channel escapes it as its own form wants,
 * and shortens it where it must.
 *
 * - `badgeOf(news)`: one word or two for a status header, `Failed`; `toneOf(news)`: `good`, `bad` or `quiet`, for its colour.
 * - `headline(news, project)`: what happened in one line, `daily-report in Sales failed`.
 * - `titleOf(news, project, notification)`: the headline, or the notification's own subject; with `[Test]` in front of a test.
 * - `explanation(news, timezone)`: sentences of what happened and why; empty where the headline says all.
 * - `facts(news, project, timezone)`: rows of a label and a value: schedule, due, ran, took, attempt, version.
 * - `unreachedLines(news)`: one line for each recipient that news did not or will not reach, with what mends it.
 * - `withoutPicture(format, without)`: why no capture goes along, or what of it does.
 * - `buttonLabel(news)`: what the button to the run, or else to the project, says.
 * - `whyYouHear(news, notification, recipient)`: why a person, or a channel, gets this, for the foot of it.
 * - `oneLine(text)`: a text without line breaks and characters that nobody sees.
 * - `TEST_NOTE`: what a test says of itself.
 */
import type { CaptureFormat } from "../captures/capture.ts";
import type { Notification } from "../notification.ts";
import type { UnrunReason } from "../run.ts";
import { lengthOf, sayMoment } from "../time/saying.ts";
import type { RecipientKind } from "./delivery.ts";
import { type DeliveryFailure, deliveryFix } from "./delivery-failure.ts";
import type { News, NewsEvent, NewsRun, Unreached } from "./news.ts";

export type Tone = "good" | "bad" | "quiet";

export interface Fact {
  readonly label: string;
  readonly value: string;
}

interface Named {
  readonly name: string;
}

export const TEST_NOTE =
  "This is a test. Somebody wanted to see how news of this schedule looks; it tells of nothing that happened.";

const TONES: Readonly<Record<NewsEvent, Tone>> = {
  "run.succeeded": "good",
  "run.failed": "bad",
  "run.missed": "bad",
  "run.skipped": "quiet",
  "delivery.failed": "bad",
  "schedule.paused": "quiet",
  "delivery.at_risk": "bad",
};

export const toneOf = ({ event }: Pick<News, "event">): Tone => TONES[event];

const BADGES: Readonly<Record<NewsEvent, string>> = {
  "run.succeeded": "Succeeded",
  "run.failed": "Failed",
  "run.missed": "Missed",
  "run.skipped": "Skipped",
  "delivery.failed": "Not delivered",
  "schedule.paused": "Paused",
  "delivery.at_risk": "At risk",
};

/** One word or two, such as `Failed`. */
export function badgeOf({ event, run }: Pick<News, "event" | "run">): string {
  if (run?.status === "timed_out") return "Timed out";
  return run?.status === "pending_retry" ? "Failed, to be retried" : BADGES[event];
}

/** What happened, in one line. */
export function headline(news: News, project: Named): string {
  const { event, run, unreached } = news;
  const what = subjectOf(news, project);
  switch (event) {
    case "run.succeeded":
      return `${what} succeeded`;
    case "run.failed":
      return failureLine(what, run);
    case "run.missed":
      return `${what} missed ${countOf(run, "run")}`;
    case "run.skipped":
      return `${what} skipped ${countOf(run, "run")}`;
    case "schedule.paused":
      return `The schedule of ${what} was paused`;
    case "delivery.failed":
      return news.audience === "admins" ? brokenLine(unreached) : `News of ${what} did not reach ${whomOf(unreached)}`;
    case "delivery.at_risk":
      return `News of ${what} will not reach ${whomOf(unreached)}`;
  }
}

/** The function in its project, or the project whose functions all ran. */
function subjectOf({ run, schedule }: News, project: Named): string {
  const fn = run === null ? (schedule?.fn ?? null) : run.fn;
  return fn === null ? project.name : `${fn} in ${project.name}`;
}

function failureLine(what: string, run: NewsRun | null): string {
  if (run?.status === "timed_out") return `${what} ran out of time`;
  if (run?.status === "pending_retry") return `${what} failed, and is tried again`;
  return `${what} failed`;
}

const countOf = (run: NewsRun | null, what: string): string =>
  run === null || run.count === 1 ? `a ${what}` : `${run.count} ${what}s`;

function whomOf(unreached: readonly Unreached[]): string {
  const [first, ...others] = unreached;
  if (first === undefined) return "its recipients";
  return others.length === 0 ? first.recipient.name : `${unreached.length} recipients`;
}

/** What has broken for all projects. */
function brokenLine([first]: readonly Unreached[]): string {
  if (first?.channel === "webhook") return `The webhook endpoint ${first.recipient.name} was disabled`;
  return `Nothing goes to ${first?.recipient.name ?? "Slack"} any more`;
}

type Titled = Pick<Notification, "subject" | "on">;

/** The notification's own subject, else the headline; what went wrong, and a test, say so before it. One line. */
export function titleOf(news: News, project: Named, notification: Titled | null): string {
  const own = notification?.subject ?? null;
  // Written for both, it was most likely written for the good news.
  const isMarked = notification?.on === "both" && news.event === "run.failed";
  const title = own === null ? headline(news, project) : isMarked ? `Failed: ${own}` : own;
  return oneLine(news.isTest ? `[Test] ${title}` : title);
}

/** The text without line breaks and characters that nobody sees: a title must not be able to forge a line of its own. */
export const oneLine = (text: string): string =>
  text
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/gu, "")
    .trim();

/** Why an occurrence did not run. */
export const UNRUN: Readonly<Record<UnrunReason, string>> = {
  overlap: "The run before it was still going on.",
  buffer_full: "As many runs were waiting as may wait.",
  requested: "Somebody asked to skip it.",
  paused: "The schedule was paused.",
  limit: "A limit was reached.",
  catchup_window: "When it was noticed, it was too late to be caught up.",
  superseded: "When it was noticed, a newer one had taken its place.",
};

/** What happened and why, a sentence or two each; empty where the headline says all. */
export function explanation(news: News, timezone: string): readonly string[] {
  const { event, run, reason } = news;
  switch (event) {
    case "run.succeeded":
      return [];
    case "run.failed":
      return failureLines(run, timezone);
    case "run.missed":
    case "run.skipped":
      return run?.unrun ? [UNRUN[run.unrun]] : [];
    case "schedule.paused":
      return [reason ?? "No reason was given.", "It does not run until somebody resumes it."];
    case "delivery.failed":
      return ["The run itself is not touched by this."];
    case "delivery.at_risk":
      return ["The next run is due soon, and its news would come to nothing:"];
  }
}

function failureLines(run: NewsRun | null, timezone: string): readonly string[] {
  if (run === null) return [];
  const why = run.error === null ? [] : [run.error.message];
  if (run.status !== "pending_retry") return why;
  return [
    ...why,
    run.retryAt === null ? "It is tried again." : `It is tried again at ${sayMoment(run.retryAt, timezone)}.`,
  ];
}

/** What there is to know of it, in the order that people look for it. */
export function facts(news: News, project: Named, timezone: string): readonly Fact[] {
  const { run, schedule, at } = news;
  return [
    { label: "Project", value: project.name },
    ...fact("Schedule", schedule?.description),
    ...(run === null || isOfDeliveries(news)
      ? [{ label: "When", value: sayMoment(at, timezone) }]
      : runFacts(run, schedule !== null, timezone)),
  ];
}

/** What it tells of is not the run, whose own troubles would read as those of its news. */
const isOfDeliveries = ({ event }: Pick<News, "event">): boolean =>
  event === "delivery.failed" || event === "delivery.at_risk";

function runFacts(run: NewsRun, isScheduled: boolean, timezone: string): readonly Fact[] {
  const { startedAt, finishedAt, attempt, version, error } = run;
  const ran = startedAt ?? null;
  return [
    { label: "Function", value: run.fn ?? "the whole project" },
    { label: dueLabel(run, isScheduled), value: sayMoment(run.scheduledFor, timezone) },
    ...fact("Ran", ran === null ? null : sayMoment(ran, timezone)),
    ...fact("Took", ran === null || finishedAt === null ? null : lengthOf(finishedAt - ran)),
    ...fact("Attempt", attempt === 0 ? null : `${attempt + 1}, after ${attempt} that failed`),
    ...fact("Version", version === null ? null : String(version)),
    ...fact("Reason", error?.reason),
  ];
}

function dueLabel({ count }: NewsRun, isScheduled: boolean): string {
  if (!isScheduled) return "Asked for";
  return count > 1 ? "First due" : "Due";
}

const fact = (label: string, value: string | null | undefined): readonly Fact[] =>
  value === null || value === undefined || value === "" ? [] : [{ label, value }];

const CHANNEL_WORDS = { email: "by email", slack: "in Slack", webhook: "by webhook" } as const;

/** Each recipient that news did not reach or will not: why, and what mends it. */
export const unreachedLines = ({ unreached }: Pick<News, "unreached">): readonly string[] =>
  unreached.map(
    ({ channel, recipient, failure }) =>
      `${recipient.name} (${CHANNEL_WORDS[channel]}): ${sentence(failure.message)} ${deliveryFix(failure.reason)}`,
  );

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** What of a capture goes along: nothing and why, a smaller picture, or a link. `late`: it may still come. */
export type Without =
  | { readonly kind: "late" }
  | { readonly kind: "failed"; readonly failure: DeliveryFailure }
  | { readonly kind: "preview" }
  | { readonly kind: "link" };

const FORMAT_WORDS: Readonly<Record<CaptureFormat, string>> = { png: "picture", pdf: "PDF" };

/** A sentence of what is missing and why. */
export function withoutPicture(format: CaptureFormat, without: Without): string {
  const what = `The ${FORMAT_WORDS[format]} of the app`;
  switch (without.kind) {
    case "late":
      return `${what} was not there in time.`;
    case "failed":
      return `${what} could not be taken: ${sentence(without.failure.message)}`;
    case "preview":
      return `${what} is too large to go along, so this is a smaller one.`;
    case "link":
      return `${what} is too large to go along.`;
  }
}

export const buttonLabel = ({ run }: Pick<News, "run">): string => (run === null ? "See the project" : "See the run");

/** Why somebody gets this, or everybody in a channel does. */
export function whyYouHear(
  { event, schedule, isTest }: News,
  notification: Notification | null,
  recipient: RecipientKind = "user",
): string {
  if (isTest) return "You get this because somebody tried out a notification.";
  if (event === "delivery.failed" || event === "delivery.at_risk" || notification === null)
    return "You get this because you look after the project.";
  const what = schedule === null ? "these runs" : `the schedule "${schedule.description}"`;
  return recipient === "user"
    ? `You get this because a notification of ${what} names you or a group that you are in.`
    : `This is here because a notification of ${what} names this channel.`;
}
