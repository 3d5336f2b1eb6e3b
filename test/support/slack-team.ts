/** A team of the small Slack (`slack-fake.ts`), a connection to it, and news to send there. */
import { env } from "cloudflare:workers";
import type { NewsForRecipient } from "../../src/delivery/channel.ts";
import { SLACK_SCOPES } from "../../src/delivery/slack/scopes.ts";
import type { SlackConnected } from "../../src/delivery/slack/via.ts";
import { newsOfRun, readDeliveryId, readRunId, readScheduleId } from "../../src/domain/ids.ts";
import { newsOf } from "../../src/domain/news/news.ts";
import { readNotification } from "../../src/domain/notification.ts";
import { fail } from "../../src/domain/result.ts";
import { newId } from "../../src/system.ts";
import type { FakeScript, FakeTeam } from "./slack-fake.ts";

export interface TeamAtFake {
  readonly via: SlackConnected;
  /** What has been waited for, in milliseconds. */
  readonly waits: number[];
  /** All that happened there. */
  readonly seen: () => Promise<FakeTeam>;
}

/** A team that fails as the script says. */
export async function makeSlackTeam(script: FakeScript = {}, more: Partial<SlackConnected> = {}): Promise<TeamAtFake> {
  const box = `${env.SLACK_FAKE}/${newId()}`;
  await fetch(box, { method: "PUT", body: JSON.stringify(script) });
  const waits: number[] = [];
  const known = new Map<string, string>();
  const via: SlackConnected = {
    kind: "connected",
    url: box,
    token: "xoxb-fake",
    rules: { allowLoopback: true, ownHosts: [] },
    team: { id: "T0FAKE", name: "Fake" },
    botUserId: "U0BOT",
    scopes: new Set(SLACK_SCOPES),
    connectedAt: 1,
    conversations: {
      find: async (person) => known.get(person) ?? null,
      keep: async (person, conversation) => {
        known.set(person, conversation);
      },
    },
    renew: async () => fail({ code: "token_expired", httpStatus: 200, phase: "refused" }),
    pause: async (time) => {
      waits.push(time);
    },
    ...more,
  };
  return { via, waits, seen: async () => (await fetch(box)).json() };
}

const AT = Date.parse("2027-01-15T09:30:00Z");
export const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 0xff, 0xfe]);

/** A picture that is there. */
export const pictureThere = {
  kind: "there",
  format: "png",
  step: "full",
  contentType: "image/png",
  size: PNG.byteLength,
  filename: "reports-2027-01-15.png",
  alt: "The app of Reports",
  read: async () => PNG,
} as const;

/** News of a run that failed, or as the test says, for the channel #reports. */
export function makeNews(
  more: Partial<NewsForRecipient> = {},
  event: "run.failed" | "run.succeeded" = "run.failed",
): NewsForRecipient {
  const id = readRunId(newId());
  const failed = event === "run.failed";
  return {
    round: 0,
    delivery: readDeliveryId(newId()),
    news: newsOf(event, {
      id: newsOfRun(id),
      at: AT,
      run: {
        id,
        scheduleId: null,
        fn: "daily-report",
        version: 3,
        context: "scheduled",
        cause: "occurrence",
        status: failed ? "failed" : "succeeded",
        attempt: 0,
        originRunId: null,
        scheduledFor: AT,
        startedAt: AT + 1_000,
        finishedAt: AT + 5_000,
        retryAt: null,
        unrun: null,
        count: 1,
        error: failed ? { reason: "http_status", message: "The endpoint answered 500." } : null,
      },
      schedule: {
        id: readScheduleId(newId()),
        expression: "every day at 9:30 am",
        description: "Every day at 09:30",
        timezone: "Europe/Berlin",
        fn: "daily-report",
      },
    }),
    project: { id: newId(), slug: "sales", name: "Sales" },
    notification: readNotification({ on: "both", capture: "png" }),
    target: {
      channel: "slack",
      recipient: { kind: "slack_channel", id: "C0REPORTS", name: "reports" },
      address: "C0REPORTS",
      timezone: null,
    },
    links: {
      run: "https://carillon.test/runs/1",
      app: "https://carillon.test/app",
      capture: "https://carillon.test/capture.png",
      unsubscribe: null,
    },
    picture: null,
    timezone: "Europe/Berlin",
    ...more,
  };
}
