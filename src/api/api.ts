/** The API: its resources, and what holds for every request whichever resource it is about. */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppPages } from "../domain/app-view.ts";
import { mountAccess } from "./access.ts";
import { mountApp } from "./app.ts";
import { mountAppRuns } from "./app-runs.ts";
import { mountAudit } from "./audit.ts";
import { mountBackfills } from "./backfills.ts";
import { mountCaptureFiles } from "./capture-files.ts";
import { mountCaptures } from "./captures.ts";
import { mountCompletions } from "./completions.ts";
import { mountWorkspaceDeletion } from "./deleting-workspaces.ts";
import { mountDeliveries } from "./deliveries.ts";
import { mountDocs } from "./docs.tsx";
import { documentOf, mountDocument } from "./document.ts";
import { envelope } from "./envelope.ts";
import { mountEvents } from "./events.ts";
import { answerFault } from "./fault.ts";
import { mountGroups } from "./groups.ts";
import { mountHealth } from "./health.ts";
import { mountHistoricApp } from "./historic-app.ts";
import { mountLive } from "./live.ts";
import { mountMe } from "./me.ts";
import { mountMember } from "./member.ts";
import { mountMembers } from "./members.ts";
import { answerUnrouted } from "./methods.ts";
import { mountNotificationPreviews } from "./notification-previews.ts";
import type { Api, ApiEnv } from "./operation.ts";
import { mountOperatorWorkspaces } from "./operator-workspaces.ts";
import { mountOutputs } from "./outputs.ts";
import { mountOverview } from "./overview.ts";
import { mountOwnSessions } from "./own-sessions.ts";
import { mountPauses } from "./pauses.ts";
import { mountPreferences } from "./preferences.ts";
import { mountPreviews } from "./previews.ts";
import { mountProjectUpcoming } from "./project-upcoming.ts";
import { mountProjects } from "./projects.ts";
import { mountPublished } from "./published.ts";
import { mountRun } from "./run.ts";
import { mountRunPage } from "./run-page.ts";
import { mountRuns } from "./runs.ts";
import { mountSchedule } from "./schedule.ts";
import { mountScheduleBatches } from "./schedule-batches.ts";
import { mountSchedules } from "./schedules.ts";
import { mountSecret } from "./secret.ts";
import { mountSettings } from "./settings.ts";
import { mountSkips } from "./skips.ts";
import { mountSlackChannels } from "./slack-channels.ts";
import { mountSlackConnection } from "./slack-connection.ts";
import { mountSlackEvents } from "./slack-events.ts";
import { mountSlackLinks } from "./slack-links.ts";
import { mountTestDelivery } from "./test-delivery.ts";
import { mountTokens } from "./tokens.ts";
import { mountUnsubscriptions } from "./unsubscriptions.ts";
import { mountUpcoming } from "./upcoming.ts";
import { mountUsage } from "./usage.ts";
import { mountVersions } from "./versions.ts";
import { mountWebhookDeliveries } from "./webhook-deliveries.ts";
import { mountWebhookSecret } from "./webhook-secret.ts";
import { mountWebhookTest } from "./webhook-test.ts";
import { mountWebhooks } from "./webhooks.ts";
import { mountWorkspace } from "./workspace.ts";

/** What the API is handed: rooms of its own floor, which it does not know. */
export interface ApiParts {
  readonly app: AppPages;
}

/** In the order of the document. */
const RESOURCES: readonly ((api: Api, parts: ApiParts) => void)[] = [
  mountPreviews,
  mountProjects,
  mountOverview,
  mountAccess,
  mountVersions,
  mountPublished,
  mountSchedules,
  mountScheduleBatches,
  mountSchedule,
  mountNotificationPreviews,
  mountPauses,
  mountUpcoming,
  mountProjectUpcoming,
  mountSkips,
  mountBackfills,
  mountRuns,
  mountRun,
  mountLive,
  mountOutputs,
  mountCompletions,
  mountApp,
  mountAppRuns,
  mountHistoricApp,
  mountRunPage,
  mountCaptures,
  mountCaptureFiles,
  mountDeliveries,
  mountTestDelivery,
  mountEvents,
  mountSettings,
  mountSecret,
  mountMe,
  mountPreferences,
  mountUnsubscriptions,
  mountOwnSessions,
  mountTokens,
  mountMembers,
  mountMember,
  mountGroups,
  mountWebhooks,
  mountWebhookSecret,
  mountWebhookTest,
  mountWebhookDeliveries,
  mountWorkspace,
  mountWorkspaceDeletion,
  mountSlackConnection,
  mountSlackLinks,
  mountSlackChannels,
  mountAudit,
  mountUsage,
  mountOperatorWorkspaces,
  mountHealth,
];

/** Builds the API. Once for an isolate: the schemas are made here, not on a request. */
export function createApi(parts: ApiParts): Api {
  const api = new OpenAPIHono<ApiEnv>();
  api.use(envelope);
  api.onError(answerFault);
  for (const mountResource of RESOURCES) mountResource(api, parts);
  mountSlackEvents(api);
  const document = documentOf(api);
  mountDocument(api, document);
  mountDocs(api, document);
  api.notFound(answerUnrouted(api));
  return api;
}
