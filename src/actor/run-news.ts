/** The news that the end of a run is, and that a pause is: with all that people are told of it, as it is at that moment. */
import { NEWS_BUDGET_MS } from "../domain/captures/capture.ts";
import { newsOfRun } from "../domain/ids.ts";
import {
  deriveNewsId,
  eventOf,
  type News,
  newsOf,
  newsRunOf,
  newsScheduleOf,
  type WebhookEvent,
  wantedFormats,
} from "../domain/news/news.ts";
import { countRecipients, type Notification, restoreNotification, tells } from "../domain/notification.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { LiveRun } from "./run-row.ts";
import type { StoredSchedule } from "./schedule-table.ts";

/** Who may want to hear: the notifications of the run or its schedule, and the events that endpoints asked for. */
export interface Hearers {
  readonly notifications: readonly Notification[];
  readonly events: readonly WebhookEvent[];
}

/** The news of a run that ended, or of an attempt that failed; null when nobody asked to hear of it. */
export function newsOfEnd(
  run: LiveRun,
  schedule: StoredSchedule | null,
  { notifications, events }: Hearers,
): News | null {
  const event = eventOf(run);
  if (event === null || isVisit(run)) return null;
  const telling = notifications
    .map(restoreNotification)
    .map((one) => (tells(one, run) && countRecipients(one) > 0 ? one : null));
  // Endpoints hear of ends: an attempt that another one follows is told to whoever asked for every attempt.
  const isAsked = events.some((one) => one === event) && run.retryAt === null && run.cause !== "backfill";
  if (!isAsked && telling.every((one) => one === null)) return null;
  const at = run.finishedAt ?? run.queuedAt;
  const news = newsOf(event, {
    id: newsOfRun(run.id),
    at,
    run: newsRunOf(run),
    schedule: schedule === null ? null : newsScheduleOf(schedule),
    notifications: telling,
  });
  return wantedFormats(news).length === 0 ? news : { ...news, waitsUntil: at + NEWS_BUDGET_MS };
}

/** A visitor's own run of the app is theirs alone. */
const isVisit = (run: LiveRun): boolean => run.context === "app" && !run.ofPublication;

/** The news that a schedule was paused at `at`. */
export const newsOfPause = (schedule: StoredSchedule, reason: string | null, at: Instant): News =>
  newsOf("schedule.paused", {
    id: deriveNewsId("schedule.paused", at, schedule.id),
    at,
    schedule: newsScheduleOf(schedule),
    reason,
  });
