/** The console: its pages, one after the other. */
import { Hono } from "hono";
import { now } from "../system.ts";
import type { AnswerRequest } from "./client.ts";
import type { ConsoleEnv, Pages } from "./door.tsx";
import { mountIcon } from "./icon.ts";
import { mountPreferences } from "./me/preferences.tsx";
import { mountUnsubscribing } from "./me/unsubscribing.tsx";
import { mountProjectNotifications } from "./notifications/project-notifications.tsx";
import { mountSavingNotification } from "./notifications/saving-notification.tsx";
import { mountScheduleNotifications } from "./notifications/schedule-notifications.tsx";
import { mountNowhere } from "./nowhere.tsx";
import { mountOutbox } from "./outbox/outbox.tsx";
import { mountEveryProject } from "./projects/every-project.tsx";
import { mountHome } from "./projects/home.tsx";
import { mountNewProject } from "./projects/new-project.tsx";
import { mountProject } from "./projects/project.tsx";
import { mountProjectAccess } from "./projects/project-access.tsx";
import { mountProjectApp } from "./projects/project-app.tsx";
import { mountProjectSecret } from "./projects/project-secret.tsx";
import { mountProjectSettings } from "./projects/project-settings.tsx";
import { mountSpreading } from "./projects/spreading.tsx";
import { mountNewRun } from "./runs/new-run.tsx";
import { mountRun } from "./runs/run.tsx";
import { mountRuns } from "./runs/runs.tsx";
import { mountCancellingSchedule } from "./schedules/cancelling-schedule.tsx";
import { mountEditSchedule } from "./schedules/edit-schedule.tsx";
import { mountNewSchedule } from "./schedules/new-schedule.tsx";
import { mountSchedule } from "./schedules/schedule.tsx";
import { mountScheduleActs } from "./schedules/schedule-acts.tsx";
import { mountScheduleReading } from "./schedules/schedule-reading.tsx";
import { mountSchedules } from "./schedules/schedules.tsx";
import { mountScript } from "./script-file.ts";
import { showThrown } from "./showing-refusals.tsx";
import { mountInvitations } from "./signing-in/invitations.tsx";
import { mountSignIn } from "./signing-in/sign-in.tsx";
import { mountSignOut } from "./signing-in/sign-out.tsx";
import { mountWorkspaceChoice } from "./signing-in/workspace-choice.tsx";
import { mountSlack } from "./slack/slack.tsx";
import { mountSlackConnection } from "./slack/slack-connection.tsx";
import { mountSlackLinking } from "./slack/slack-linking.tsx";
import { mountStyle } from "./style-file.ts";
import { mountNewVersion } from "./versions/new-version.tsx";
import { mountVersion } from "./versions/version.tsx";
import { mountVersions } from "./versions/versions.tsx";
import { mountNewWebhook } from "./webhooks/new-webhook.tsx";
import { mountWebhook } from "./webhooks/webhook.tsx";
import { mountWebhookDeliveries } from "./webhooks/webhook-deliveries.tsx";
import { mountWebhookSecret } from "./webhooks/webhook-secret.tsx";
import { mountWebhookTrial } from "./webhooks/webhook-trial.tsx";
import { mountWebhooks } from "./webhooks/webhooks.tsx";
import { mountAudit } from "./workspace/audit.tsx";
import { mountGroup } from "./workspace/group.tsx";
import { mountGroups } from "./workspace/groups.tsx";
import { mountMember } from "./workspace/member.tsx";
import { mountMembers } from "./workspace/members.tsx";
import { mountNewMember } from "./workspace/new-member.tsx";
import { mountNewToken } from "./workspace/new-token.tsx";
import { mountPlan } from "./workspace/plan.tsx";
import { mountTokens } from "./workspace/tokens.tsx";
import { mountWorkspace } from "./workspace/workspace.tsx";

/** The choice comes before the links, whose pattern its address would fit; what is nowhere comes last. */
const PAGES: readonly ((pages: Pages) => void)[] = [
  mountHome,
  mountWorkspaceChoice,
  mountSignIn,
  mountSignOut,
  mountInvitations,
  mountNewProject,
  mountEveryProject,
  mountProject,
  mountSpreading,
  mountProjectSettings,
  mountProjectSecret,
  mountProjectAccess,
  mountProjectApp,
  mountProjectNotifications,
  mountVersions,
  mountNewVersion,
  mountVersion,
  mountSchedules,
  mountNewSchedule,
  mountScheduleReading,
  mountSchedule,
  mountScheduleActs,
  mountEditSchedule,
  mountCancellingSchedule,
  mountScheduleNotifications,
  mountSavingNotification,
  mountRuns,
  mountNewRun,
  mountRun,
  mountSlack,
  mountMembers,
  mountNewMember,
  mountMember,
  mountGroups,
  mountGroup,
  mountTokens,
  mountNewToken,
  mountSlackConnection,
  mountSlackLinking,
  mountWebhooks,
  mountNewWebhook,
  mountWebhook,
  mountWebhookSecret,
  mountWebhookTrial,
  mountWebhookDeliveries,
  mountPlan,
  mountAudit,
  mountWorkspace,
  mountPreferences,
  mountUnsubscribing,
  mountOutbox,
  mountIcon,
  mountStyle,
  mountScript,
  mountNowhere,
];

/** What the console is handed: a room of its own floor, which it does not know. */
export interface ConsoleParts {
  readonly answerRequest: AnswerRequest;
}

/** Builds the console. It has no answer of its own to unknown addresses: that is for what it is mounted into. */
export function createConsole({ answerRequest }: ConsoleParts): Pages {
  const pages: Pages = new Hono<ConsoleEnv>();
  pages.use("*", async (c, next) => {
    const begun = now();
    c.set("answerRequest", answerRequest);
    await next();
    c.header("server-timing", `page;dur=${now() - begun}`);
  });
  showThrown(pages);
  for (const mountPages of PAGES) mountPages(pages);
  return pages;
}
