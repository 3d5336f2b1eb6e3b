/** Who has access to a project, as the console reads it. */
import { z } from "@hono/zod-openapi";
import { ACCESS_LEVELS, ACCESS_REASONS, GRANTEE_KINDS, ROLES } from "../../domain/access.ts";
import { pageOf } from "./fields.ts";

const Level = z.enum(ACCESS_LEVELS);
const ACCESS = {
  access: Level,
  role_cap: Level,
  granted: Level,
  through: z.object({ kind: z.enum(GRANTEE_KINDS), id: z.string().nullable() }).nullable(),
  reason: z.enum(ACCESS_REASONS),
};

const ShareAnswer = z.object({
  grantee: z.object({ kind: z.enum(GRANTEE_KINDS), id: z.string().nullable(), name: z.string() }),
  access: Level,
  lowered_to: Level.nullable(),
});

export type ShareAnswer = z.output<typeof ShareAnswer>;

const PersonAccessAnswer = z.object({
  member: z.object({ id: z.string(), email: z.string(), name: z.string(), role: z.enum(ROLES) }),
  ...ACCESS,
});

export type PersonAccessAnswer = z.output<typeof PersonAccessAnswer>;

export const SharingAnswer = z.object({
  grants: z.array(ShareAnswer),
  yours: z.object(ACCESS),
  people: pageOf(PersonAccessAnswer),
});

export type SharingAnswer = z.output<typeof SharingAnswer>;
