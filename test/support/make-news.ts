/** News for one recipient, all of it well; each test spoils one part. */
import type { NewsForRecipient, NewsLinks, Picture } from "../../src/delivery/channel.ts";
import { newsOfRun, readDeliveryId, readRunId, readScheduleId } from "../../src/domain/ids.ts";
import { type News, type NewsRun, newsOf } from "../../src/domain/news/news.ts";
import { type NotificationInput, readNotification } from "../../src/domain/notification.ts";

export const RUN = readRunId("0193d9a0-0000-7000-8000-000000000001");
export const SCHEDULE = readScheduleId("0193d9a0-0000-7000-8000-000000000002");
const DELIVERY = readDeliveryId("0193d9a0-0000-7000-8000-000000000003");
export const DUE = Date.UTC(2027, 0, 15, 8, 0);
export const PROJECT = { id: "0193d9a0-0000-7000-8000-000000000004", slug: "sales", name: "Sales" };

export const makeRun = (run: Partial<NewsRun> = {}): NewsRun => ({
  ...{ id: RUN, scheduleId: SCHEDULE, fn: "daily-report", version: 7, context: "scheduled", cause: "occurrence" },
  ...{ status: "succeeded", attempt: 0, originRunId: null, scheduledFor: DUE, startedAt: DUE + 2_000 },
  ...{ finishedAt: DUE + 14_000, retryAt: null, unrun: null, count: 1, error: null },
  ...run,
});

export const makeNews = (news: Partial<News> = {}): News =>
  newsOf(news.event ?? "run.succeeded", {
    ...{ id: newsOfRun(RUN), at: DUE + 14_000, run: makeRun() },
    schedule: {
      ...{
        id: SCHEDULE,
        expression: "every day at 9am",
        description: "Every day at 9:00 AM",
        timezone: "Europe/Berlin",
      },
      fn: "daily-report",
    },
    ...news,
  });

export const LINKS: NewsLinks = {
  run: "https://carillon.test/v1/projects/sales/runs/1",
  app: "https://carillon.test/v1/projects/sales/runs/1/app",
  capture: "https://carillon.test/v1/projects/sales/runs/1/captures/png",
  unsubscribe: "https://carillon.test/unsubscribe/t0ken",
};

interface Given extends Partial<Omit<NewsForRecipient, "news" | "notification" | "links">> {
  readonly news?: Partial<News>;
  readonly notification?: NotificationInput | null;
  readonly links?: Partial<NewsLinks>;
}

export const makeGiven = ({ news, notification = {}, links, ...given }: Given = {}): NewsForRecipient => ({
  delivery: DELIVERY,
  round: 0,
  project: PROJECT,
  target: {
    channel: "email",
    recipient: { kind: "user", id: "0193d9a0-0000-7000-8000-000000000005", name: "ada@acme.test" },
    address: "ada@acme.test",
    timezone: null,
  },
  picture: null,
  timezone: "Europe/Berlin",
  ...given,
  news: makeNews(news),
  notification: notification === null ? null : readNotification(notification),
  links: { ...LINKS, ...links },
});

/** A capture of so many bytes. */
export const makePicture = (picture: Partial<Extract<Picture, { kind: "there" }>> = {}): Picture => ({
  ...{ kind: "there", format: "png", step: "full", contentType: "image/png", size: 4, filename: "daily-report.png" },
  ...{ width: 800, height: 600, alt: "The app of Sales", read: async () => new Uint8Array([1, 2, 3, 4]) },
  ...picture,
});
