/** News in words: every event, said the same on every channel. */
import { describe, expect, it } from "vitest";
import { NEWS_EVENTS } from "../../../src/domain/news/news.ts";
import {
  badgeOf,
  explanation,
  facts,
  headline,
  titleOf,
  toneOf,
  unreachedLines,
  whyYouHear,
  withoutPicture,
} from "../../../src/domain/news/wording.ts";
import { readNotification } from "../../../src/domain/notification.ts";
import { UNRUN_REASONS } from "../../../src/domain/run.ts";
import { DUE, makeNews, makeRun, PROJECT } from "../../support/make-news.ts";

const ZONE = "Europe/Berlin";
const ERROR = { reason: "http_status", message: "The function answered 503." };
const UNREACHED = {
  delivery: null,
  channel: "slack",
  recipient: { kind: "slack_channel", id: "C1", name: "#reports" },
  failure: { reason: "channel_archived", message: "Slack answered is_archived" },
} as const;

const said = (news: Parameters<typeof makeNews>[0]) => {
  const one = makeNews(news);
  return [badgeOf(one), toneOf(one), headline(one, PROJECT), ...explanation(one, ZONE)].join(" | ");
};

describe("what happened", () => {
  it.each([
    [{}, "Succeeded | good | daily-report in Sales succeeded"],
    [{ run: makeRun({ fn: null }) }, "Succeeded | good | Sales succeeded"],
    [
      { event: "run.failed", run: makeRun({ status: "failed", error: ERROR }) },
      "Failed | bad | daily-report in Sales failed | The function answered 503.",
    ],
    [
      { event: "run.failed", run: makeRun({ status: "timed_out" }) },
      "Timed out | bad | daily-report in Sales ran out of time",
    ],
    [
      { event: "run.failed", run: makeRun({ status: "pending_retry", error: ERROR, retryAt: DUE }) },
      "Failed, to be retried | bad | daily-report in Sales failed, and is tried again | The function answered 503. | It is tried again at 15 Jan 2027, 09:00 Europe/Berlin (08:00 UTC).",
    ],
    [
      { event: "run.missed", run: makeRun({ status: "missed", unrun: "catchup_window", count: 3 }) },
      "Missed | bad | daily-report in Sales missed 3 runs | When it was noticed, it was too late to be caught up.",
    ],
    [
      { event: "run.skipped", run: makeRun({ status: "skipped", unrun: "overlap" }) },
      "Skipped | quiet | daily-report in Sales skipped a run | The run before it was still going on.",
    ],
    [
      { event: "schedule.paused", run: null, reason: "The plan allows one schedule." },
      "Paused | quiet | The schedule of daily-report in Sales was paused | The plan allows one schedule. | It does not run until somebody resumes it.",
    ],
    [
      { event: "delivery.failed", unreached: [UNREACHED] },
      "Not delivered | bad | News of daily-report in Sales did not reach #reports | The run itself is not touched by this.",
    ],
    [
      { event: "delivery.at_risk", run: null, unreached: [UNREACHED, UNREACHED] },
      "At risk | bad | News of daily-report in Sales will not reach 2 recipients | The next run is due soon, and its news would come to nothing:",
    ],
  ] as const)("%#: is said", (news, words) => {
    expect(said(news)).toBe(words);
  });

  it("has words for every event and every reason not to run", () => {
    for (const event of NEWS_EVENTS) expect(said({ event })).not.toContain("undefined");
    for (const unrun of UNRUN_REASONS)
      expect(said({ event: "run.skipped", run: makeRun({ unrun }) })).toContain(". ".trim());
  });
});

describe("a title", () => {
  const title = (subject: string | null, isTest = false) =>
    titleOf(makeNews({ isTest }), PROJECT, { subject, on: "success" });

  it("is the notification's own, or what happened, and says of a test that it is one", () => {
    expect(title("Numbers are in")).toBe("Numbers are in");
    expect(title(null)).toBe("daily-report in Sales succeeded");
    expect(title(null, true)).toBe("[Test] daily-report in Sales succeeded");
  });

  it("is one line, in which nothing is turned around", () => {
    expect(title("a\r\nBcc: b\u2028c\u0000\u202Etxt")).toBe("a Bcc: b ctxt");
  });
});

describe("facts", () => {
  const table = (news: Parameters<typeof makeNews>[0], zone = ZONE) =>
    Object.fromEntries(facts(makeNews(news), PROJECT, zone).map(({ label, value }) => [label, value]));

  it("tell what ran, when it was due and ran in the reader's zone and in UTC, how long it took, which attempt", () => {
    expect(table({ run: makeRun({ attempt: 2, error: ERROR }) })).toEqual({
      Project: "Sales",
      Schedule: "Every day at 9:00 AM",
      Function: "daily-report",
      Due: "15 Jan 2027, 09:00 Europe/Berlin (08:00 UTC)",
      Ran: "15 Jan 2027, 09:00 Europe/Berlin (08:00 UTC)",
      Took: "12 s",
      Attempt: "3, after 2 that failed",
      Version: "7",
      Reason: "http_status",
    });
    expect(table({}, "Pacific/Auckland").Due).toBe("15 Jan 2027, 21:00 Pacific/Auckland (08:00 UTC)");
  });

  it("leave out what there is not", () => {
    const never = makeRun({ startedAt: null, finishedAt: null, version: null, fn: null, count: 2 });
    expect(table({ run: never, schedule: null })).toEqual({
      Project: "Sales",
      Function: "the whole project",
      "Asked for": "15 Jan 2027, 09:00 Europe/Berlin (08:00 UTC)",
    });
    expect(table({ run: null })).toEqual({
      Project: "Sales",
      Schedule: "Every day at 9:00 AM",
      When: "15 Jan 2027, 09:00 Europe/Berlin (08:00 UTC)",
    });
  });
});

it("Whom it did not reach is told with why and what mends it", () => {
  expect(unreachedLines({ unreached: [UNREACHED] })).toEqual([
    "#reports (in Slack): Slack answered is_archived. Unarchive the channel in Slack, or choose another.",
  ]);
});

it("What of a capture does not go along is told", () => {
  const failure = { reason: "picture_failed", message: "It was blank" } as const;
  expect(withoutPicture("png", { kind: "late" })).toBe("The picture of the app was not there in time.");
  expect(withoutPicture("pdf", { kind: "failed", failure })).toBe(
    "The PDF of the app could not be taken: It was blank.",
  );
  expect(withoutPicture("png", { kind: "preview" })).toContain("a smaller one");
  expect(withoutPicture("png", { kind: "link" })).toContain("too large");
});

it("Why somebody hears is told: a notification names them, or they look after the project", () => {
  const notification = readNotification({});
  expect(whyYouHear(makeNews(), notification)).toContain('the schedule "Every day at 9:00 AM" names you');
  expect(whyYouHear(makeNews({ schedule: null }), notification)).toContain("these runs");
  expect(whyYouHear(makeNews({ isTest: true }), notification)).toContain("tried out");
  expect(whyYouHear(makeNews(), notification, "slack_channel")).toContain("names this channel");
  expect(whyYouHear(makeNews({ event: "delivery.failed" }), null)).toContain("look after the project");
});
