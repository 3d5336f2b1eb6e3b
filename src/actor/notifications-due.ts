/** Whom the schedules that are due soon will tell: asked before the hour, to see whether they can be reached. */
import { newsScheduleOf } from "../domain/news/news.ts";
import { countRecipients } from "../domain/notification.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { DueNotifications } from "./rpc.ts";
import type { ProjectState } from "./state.ts";

/** Rows of the queue that one look takes: a project may have thousands of schedules due in an hour. */
const LOOKED_AT_MOST = 500;

/** Each schedule once, the soonest first. */
export function notificationsDue(state: ProjectState, until: Instant): readonly DueNotifications[] {
  const due = new Set(state.due.upTo(until, LOOKED_AT_MOST).map(({ scheduleId }) => scheduleId));
  return [...due].flatMap((id) => {
    const schedule = state.schedules.get(id);
    if (schedule?.state !== "active") return [];
    const notifications = (schedule.spec.notifications ?? []).filter((one) => countRecipients(one) > 0);
    return notifications.length === 0 ? [] : [{ schedule: newsScheduleOf(schedule), notifications }];
  });
}
