/** The kinds of fields that several resources share. */
import { z } from "@hono/zod-openapi";
import { normalEmail } from "../directory/memberships.ts";
import { FUNCTION_NAME } from "../domain/function.ts";
import {
  isUuid,
  readDeliveryId,
  readGroupId,
  readMemberId,
  readRunId,
  readScheduleId,
  readSessionId,
  readTokenId,
  readWebhookId,
  readWorkspaceId,
} from "../domain/ids.ts";
import type { Json } from "../domain/json.ts";
import { type Instant, toIso } from "../domain/time/instant.ts";

const ARGS_MAX_DEPTH = 64;
const NAME_MAX_LENGTH = 200;
const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;

const idText = () => z.string().refine(isUuid, { error: "It is not an id." });

/** `{s}` */
export const ScheduleIdParam = idText().transform(readScheduleId).openapi({ format: "uuid" });
/** `{r}` */
export const RunIdParam = idText().transform(readRunId).openapi({ format: "uuid" });
/** `{m}` */
export const MemberIdParam = idText().transform(readMemberId).openapi({ format: "uuid" });
/** `{g}` */
export const GroupIdParam = idText().transform(readGroupId).openapi({ format: "uuid" });
/** `{s}`, where it names a session */
export const SessionIdParam = idText().transform(readSessionId).openapi({ format: "uuid" });
/** `{t}` */
export const TokenIdParam = idText().transform(readTokenId).openapi({ format: "uuid" });
/** `{w}` */
export const WorkspaceIdParam = idText().transform(readWorkspaceId).openapi({ format: "uuid" });
/** `{w}`, where it names a webhook endpoint */
export const WebhookIdParam = idText().transform(readWebhookId).openapi({ format: "uuid" });
/** `{d}` */
export const DeliveryIdParam = idText().transform(readDeliveryId).openapi({ format: "uuid" });
/** `{v}` */
export const VersionParam = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .transform(Number)
  .openapi({ type: "integer", minimum: 1 });

/** An id in an answer. */
export const Id = z.string().openapi({ format: "uuid" });

/** An instant in an answer. */
export const InstantText = z.string().openapi({ format: "date-time", example: "2027-01-15T10:30:00.000Z" });

/** An instant in a request, with its offset. */
export const InstantField = z.iso
  .datetime({ offset: true, error: "It is not an ISO 8601 instant with an offset, such as 2027-01-15T10:30:00Z." })
  .transform((text) => Date.parse(text))
  .openapi({ example: "2027-01-15T10:30:00Z" });

/** The name of a function, in a request. */
export const FunctionName = z
  .string()
  .regex(FUNCTION_NAME, {
    error: "It is not a function name: letters, digits and - _ . / : only, such as daily-report, at most 128.",
  })
  .openapi({ example: "daily-report" });

/** Any JSON, not nested too deeply to be walked. */
export const JsonValue = z
  .custom<Json>((value) => isShallow(value, ARGS_MAX_DEPTH), {
    error: `It is nested deeper than ${ARGS_MAX_DEPTH} levels.`,
  })
  .openapi({ type: ["object", "array", "string", "number", "boolean", "null"], description: "Any JSON." });

/** Read by the domain, which knows the names and what was probably meant. */
export const TimezoneField = z.string().openapi({
  description: "An IANA time zone.",
  example: "Europe/Berlin",
});

/** Milliseconds, or a duration. */
export const LengthField = z.union([z.int().min(0), z.string()]).openapi({
  description: "Milliseconds, or a duration such as `10 minutes`.",
});

/** The query of every list. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
  cursor: z.string().optional().openapi({ description: "The next_cursor of the page before." }),
});

/** Control and format characters and line breaks: names go into mails and pages, and must not be able to forge a line of one. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const nameText = (minLength: number) =>
  z
    .string()
    .trim()
    .min(minLength)
    .max(NAME_MAX_LENGTH)
    .refine((text) => !UNSEEN.test(text), {
      error: "It holds a line break, or another character that cannot be seen. A name is one line of visible text.",
    });

/** The name of something that people name, in a request. */
export const NameField = nameText(1);

/** The name of a person, who may have none. */
export const OptionalNameField = nameText(0);

/** The address of a person, in a request. */
export const EmailField = z
  .string()
  .transform((text, context) => {
    const email = normalEmail(text);
    if (email !== null) return email;
    context.addIssue({ code: "custom", message: "It is not the email address of a person, such as ada@example.com." });
    return z.NEVER;
  })
  .openapi({ type: "string", format: "email", example: "ada@example.com" });

/** A query parameter that is `true` or `false`. */
export const FlagParam = z.enum(["true", "false"]).default("false");

/** An instant in an answer, where there may be none. */
export const isoOrNull = (instant: Instant | null): string | null => (instant === null ? null : toIso(instant));

/** A page of a list. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    items: z.array(item),
    next_cursor: z.string().nullable().openapi({ description: "Null on the last page." }),
  });

const isShallow = (value: unknown, levels: number): boolean => {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
};
