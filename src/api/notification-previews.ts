/** `/v1/projects/{p}/notification-previews`: what saving notifications would come to, before they are saved. */
import { z } from "@hono/zod-openapi";
import { invalid } from "../domain/errors.ts";
import { type NamedRecipient, NOTHING_AHEAD } from "../domain/news/foresight.ts";
import { issuesOfNotifications } from "../domain/notification.ts";
import { fail, ok } from "../domain/result.ts";
import { reply } from "./answer.ts";
import { DeliveryFailureJson, deliveryFailureJson } from "./delivery-json.ts";
import { inProject } from "./door.ts";
import { lookAhead } from "./foreseeing.ts";
import { NotificationsField } from "./notification-json.ts";
import { type Api, InputIssueJson } from "./operation.ts";
import { problemOf } from "./problem.ts";

const RecipientJson = z
  .strictObject({ kind: z.enum(["user", "group", "slack_channel", "webhook"]), id: z.string(), name: z.string() })
  .openapi("NamedRecipient");

const PreviewJson = z
  .strictObject({
    errors: z
      .array(InputIssueJson)
      .openapi({ description: "Recipients that cannot be named: saving would be refused." }),
    grants: z
      .array(RecipientJson.extend({ access: z.literal("app_only") }))
      .openapi({ description: "Who has no access to the project, and would be given it." }),
    unreachable: z
      .array(z.strictObject({ recipient: RecipientJson, failure: DeliveryFailureJson }))
      .openapi({ description: "Whom nothing would reach as things are, and what mends it." }),
  })
  .openapi("NotificationPreview");

const NewPreview = z.strictObject({ notifications: NotificationsField }).openapi("NewNotificationPreview");

export function mountNotificationPreviews(api: Api): void {
  inProject(
    api,
    {
      method: "post",
      tag: "Schedules",
      path: "/v1/projects/{p}/notification-previews",
      id: "previewNotifications",
      needs: "can_edit",
      summary: "See what saving notifications would come to",
      description:
        "Nothing is saved and nobody is told. Slack is asked about its channels, 20 at most: others are answered as `not_checked`.",
      body: NewPreview,
      example: { notifications: [{ on: "both", users: ["01930000-0000-7000-8000-000000000000"] }] },
      problems: ["limit_reached"],
      answers: { 200: { description: "What it would come to.", schema: PreviewJson } },
    },
    async ({ env, project, body }) => {
      const issues = issuesOfNotifications(body.notifications);
      if (issues.length > 0) return fail(problemOf(invalid(...issues)));
      const [ahead = ok(NOTHING_AHEAD)] = await lookAhead(env, project, [body.notifications]);
      if (!ahead.ok) return fail(problemOf(ahead.error));
      const { issues: errors, grants, unreachable } = ahead.value;
      return ok(
        reply(200, {
          errors: [...errors],
          grants: grants.map((one) => ({ ...recipientJson(one), access: "app_only" })),
          unreachable: unreachable.map(({ recipient, failure }) => ({
            recipient: recipientJson(recipient),
            failure: deliveryFailureJson(failure),
          })),
        }),
      );
    },
  );
}

const recipientJson = ({ kind, id, name }: NamedRecipient): z.output<typeof RecipientJson> => ({ kind, id, name });
