/** A webhook endpoint as JSON: everything but its secrets, and of its address only the host for those who do not manage it. */
import { z } from "@hono/zod-openapi";
import { type Caller, isAble } from "../directory/callers.ts";
import { WEBHOOK_EVENTS } from "../domain/news/news.ts";
import {
  hostOf,
  WEBHOOK_DISABLED_REASONS,
  WEBHOOK_PROJECTS_MAX,
  WEBHOOK_SIGNATURES,
  type Webhook,
} from "../domain/news/webhook.ts";
import { toIso } from "../domain/time/instant.ts";
import { Id, InstantText, isoOrNull, NameField } from "./fields.ts";

const UrlField = z
  .string()
  .openapi({ description: "A public https address that takes POSTs.", example: "https://example.com/hooks/carillon" });
const EventsField = z.array(z.enum(WEBHOOK_EVENTS)).max(WEBHOOK_EVENTS.length).openapi({
  description: "What it is called for. Empty: only for the runs of schedules whose notifications name it.",
});
const ProjectsField = z
  .array(z.string())
  .min(1)
  .max(WEBHOOK_PROJECTS_MAX)
  .nullable()
  .openapi({ description: "Ids or slugs of the projects whose events it asks for; null: all of them, new ones too." });
const SignaturesField = z.enum(WEBHOOK_SIGNATURES).openapi({
  description: "`v1`: HMAC with the shared secret; `v1a`: Ed25519, checked with the public key; or both.",
});

/** What a caller sends to make an endpoint. */
export const NewWebhook = z
  .strictObject({
    name: NameField.openapi({ example: "Data platform" }),
    url: UrlField,
    events: EventsField,
    projects: ProjectsField.default(null),
    signatures: SignaturesField.default("v1"),
    enabled: z.boolean().default(true),
  })
  .openapi("NewWebhook");

/** What a caller sends to change one. */
export const WebhookChangeBody = z
  .strictObject({
    name: NameField.optional(),
    url: UrlField.optional(),
    events: EventsField.optional(),
    projects: ProjectsField.optional(),
    signatures: SignaturesField.optional(),
    enabled: z.boolean().optional().openapi({
      description: "True lets one that was disabled begin anew: what failed before does not count against it.",
    }),
  })
  .openapi("WebhookChange");

/** What a caller gets. */
export const WebhookJson = z
  .strictObject({
    id: Id,
    name: z.string(),
    host: z.string().openapi({ example: "example.com" }),
    url: z.string().nullable().openapi({ description: "For those who manage the workspace." }),
    events: z.array(z.enum(WEBHOOK_EVENTS)),
    all_projects: z.boolean(),
    projects: z
      .array(Id)
      .nullable()
      .openapi({ description: "Those it is limited to, for those who manage the workspace." }),
    signatures: z.enum(WEBHOOK_SIGNATURES),
    enabled: z.boolean(),
    disabled_reason: z.enum(WEBHOOK_DISABLED_REASONS).nullable().openapi({
      description:
        "`by_hand`; `gone`: it answered 410; `failing`: for five days nothing arrived, from the first message that failed for good.",
    }),
    disabled_at: InstantText.nullable(),
    failing_since: InstantText.nullable().openapi({
      description: "When the first message failed for good since one last arrived.",
    }),
    created_at: InstantText,
    updated_at: InstantText,
  })
  .openapi("Webhook");

/** What receivers check signatures with. */
export const WebhookSecretJson = z
  .strictObject({
    secret: z.string().openapi({ description: "A Standard Webhooks secret, for `v1`.", example: "whsec_..." }),
    public_key: z.string().openapi({ description: "The public half of the key pair, for `v1a`.", example: "whpk_..." }),
    previous_valid_until: InstantText.nullable().openapi({
      description: "After a rotation calls carry signatures of both until then.",
    }),
  })
  .openapi("WebhookSecret");

/** What the maker of an endpoint gets. */
export const MadeWebhookJson = WebhookJson.extend({
  secret: WebhookSecretJson.shape.secret,
  public_key: WebhookSecretJson.shape.public_key,
}).openapi("MadeWebhook");

/** The endpoint as this caller sees it. */
export function webhookJson(webhook: Webhook, caller: Caller): z.output<typeof WebhookJson> {
  const isManager = isAble(caller, "manage_workspace");
  const { projects } = webhook;
  return {
    id: webhook.id,
    name: webhook.name,
    host: hostOf(webhook.url),
    url: isManager ? webhook.url : null,
    events: [...webhook.events],
    all_projects: projects === null,
    projects: projects !== null && isManager ? [...projects] : null,
    signatures: webhook.signatures,
    enabled: webhook.state === "enabled",
    disabled_reason: webhook.disabledReason,
    disabled_at: isoOrNull(webhook.disabledAt),
    failing_since: isoOrNull(webhook.failingSince),
    created_at: toIso(webhook.createdAt),
    updated_at: toIso(webhook.updatedAt),
  };
}
