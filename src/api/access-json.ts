/** Shares of a project, and what they come to for each person, as JSON. */
import { z } from "@hono/zod-openapi";
import type { PersonAccess } from "../directory/people-access.ts";
import type { Share } from "../directory/sharing.ts";
import {
  ACCESS_LEVELS,
  ACCESS_REASONS,
  type EffectiveAccess,
  GRANTEE_KINDS,
  type Grant,
  type Grantee,
  ROLE_CAPS,
  ROLES,
  smaller,
} from "../domain/access.ts";
import { isUuid, readGroupId, readMemberId } from "../domain/ids.ts";
import { Id, pageOf } from "./fields.ts";

const GRANTS_MAX = 500;

const Level = z.enum(ACCESS_LEVELS);
const IdField = z.string().refine(isUuid, { error: "It is not an id." });

/** What a caller sends of one grant. */
export const GrantField = z
  .strictObject({
    user: IdField.transform(readMemberId).optional().openapi({ format: "uuid", description: "A member." }),
    group: IdField.transform(readGroupId).optional().openapi({ format: "uuid" }),
    workspace: z.literal(true).optional().openapi({ description: "Every member who is not a guest." }),
    access: Level,
  })
  .refine(({ user, group, workspace }) => [user, group, workspace].filter((one) => one !== undefined).length === 1, {
    error: "A grant is to one of user, group or workspace.",
  })
  .openapi("NewGrant");

/** What a caller sends to replace all grants. */
export const GrantList = z.strictObject({ grants: z.array(GrantField).max(GRANTS_MAX) }).openapi("GrantList");

/** The grant that was sent. */
export function readGrant({ user, group, access }: z.output<typeof GrantField>): Grant {
  if (user !== undefined) return { grantee: { kind: "user", id: user }, access };
  return { grantee: group === undefined ? { kind: "workspace" } : { kind: "group", id: group }, access };
}

const GranteeJson = z.strictObject({
  kind: z.enum(GRANTEE_KINDS),
  id: Id.nullable().openapi({ description: "Null for the workspace." }),
});

const ShareJson = z
  .strictObject({
    grantee: GranteeJson.extend({ name: z.string().openapi({ description: "The address of a member." }) }),
    access: Level,
    lowered_to: Level.nullable().openapi({ description: "What the member's role leaves of it, when that is less." }),
  })
  .openapi("Grant");

/** Somebody's access, with both numbers that it is the smaller of. */
export const AccessJson = z
  .strictObject({
    access: Level.openapi({ description: "The smaller of granted and role_cap." }),
    role_cap: Level.openapi({ description: "The most that the role allows." }),
    granted: Level.openapi({ description: "The largest grant that reaches them." }),
    through: GranteeJson.nullable().openapi({ description: "Whose grant it is; null when none reaches them." }),
    reason: z.enum(ACCESS_REASONS),
  })
  .openapi("Access");

export const PersonAccessJson = z
  .strictObject({
    member: z.strictObject({ id: Id, email: z.string(), name: z.string(), role: z.enum(ROLES) }),
    ...AccessJson.shape,
  })
  .openapi("PersonAccess");

export const SharingJson = z
  .strictObject({
    grants: z.array(ShareJson),
    yours: AccessJson,
    people: pageOf(PersonAccessJson).openapi({ description: "Active members, and what the grants come to." }),
  })
  .openapi("Sharing");

export const shareJson = ({ grantee, access, name, role }: Share): z.output<typeof ShareJson> => {
  const left = role === null ? access : smaller(ROLE_CAPS[role], access);
  return { grantee: { ...granteeJson(grantee), name }, access, lowered_to: left === access ? null : left };
};

export const accessJson = ({
  access,
  cap,
  granted,
  through,
  reason,
}: EffectiveAccess): z.output<typeof AccessJson> => ({
  access,
  role_cap: cap,
  granted,
  through: through === null ? null : granteeJson(through),
  reason,
});

export const personAccessJson = ({
  id,
  email,
  name,
  role,
  found,
}: PersonAccess): z.output<typeof PersonAccessJson> => ({ member: { id, email, name, role }, ...accessJson(found) });

const granteeJson = (grantee: Grantee): z.output<typeof GranteeJson> => ({
  kind: grantee.kind,
  id: "id" in grantee ? grantee.id : null,
});
