/** A token as JSON: everything but its text, which is shown once. */
import { z } from "@hono/zod-openapi";
import { TOKEN_KINDS, TOKEN_MODES, type Token } from "../directory/tokens.ts";
import { toIso } from "../domain/time/instant.ts";
import { Id, InstantField, InstantText, isoOrNull, NameField } from "./fields.ts";

const PROJECTS_MAX = 100;

/** What a caller sends to make a token. */
export const NewToken = z
  .strictObject({
    name: NameField.openapi({ example: "Nightly import" }),
    kind: z.enum(TOKEN_KINDS).optional().openapi({
      description:
        "A personal one acts as you, and ends when you leave; one of the workspace is nobody's, and acts as an admin. By default as the caller: personal for a member.",
    }),
    mode: z.enum(TOKEN_MODES).default("write"),
    projects: z.array(z.string()).min(1).max(PROJECTS_MAX).optional().openapi({
      description:
        "Ids or slugs of the projects that it is held to; absent: all that the one it acts as has access to.",
    }),
    expires_at: InstantField.optional(),
  })
  .openapi("NewToken");

/** What a caller gets. */
export const TokenJson = z
  .strictObject({
    id: Id,
    name: z.string(),
    kind: z.enum(TOKEN_KINDS),
    member: z.strictObject({ id: Id, email: z.string() }).nullable().openapi({ description: "Whom it acts as." }),
    mode: z.enum(TOKEN_MODES),
    projects: z.array(Id).nullable().openapi({ description: "Those it is held to; null: not held." }),
    created_at: InstantText,
    expires_at: InstantText.nullable(),
    last_used_at: InstantText.nullable().openapi({ description: "To the minute." }),
    revoked_at: InstantText.nullable(),
  })
  .openapi("Token");

/** What the maker of a token gets, once. */
export const MadeTokenJson = TokenJson.extend({
  token: z.string().openapi({ description: "Shown here and never again.", example: "car_..." }),
}).openapi("MadeToken");

export const tokenJson = (token: Token): z.output<typeof TokenJson> => ({
  id: token.id,
  name: token.name,
  kind: token.member === null ? "workspace" : "personal",
  member: token.member,
  mode: token.mode,
  projects: token.projects === null ? null : [...token.projects],
  created_at: toIso(token.createdAt),
  expires_at: isoOrNull(token.expiresAt),
  last_used_at: isoOrNull(token.lastUsedAt),
  revoked_at: isoOrNull(token.revokedAt),
});
