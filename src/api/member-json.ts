/** A member as JSON. */
import { z } from "@hono/zod-openapi";
import type { Person } from "../directory/groups.ts";
import { MEMBER_STATES, type Member } from "../directory/members.ts";
import { ROLES } from "../domain/access.ts";
import { toIso } from "../domain/time/instant.ts";
import { EmailField, Id, InstantText } from "./fields.ts";

const NAME_MAX_LENGTH = 200;

const OptionalName = z.string().trim().max(NAME_MAX_LENGTH).openapi({ example: "Ada Lovelace" });
const RoleField = z.enum(ROLES).openapi({ description: "The most that projects can give them, and their abilities." });

/** What a caller sends to invite somebody. */
export const NewMember = z
  .strictObject({ email: EmailField, role: RoleField, name: OptionalName.default("") })
  .openapi("NewMember");

/** What a caller sends to change a member. */
export const MemberChange = z
  .strictObject({ role: RoleField.optional(), name: OptionalName.optional() })
  .openapi("MemberChange");

/** What a caller sends to change their own name. */
export const OwnChange = z.strictObject({ name: OptionalName.optional() }).openapi("OwnChange");

/** A member in a list of people. */
export const PersonJson = z
  .strictObject({ id: Id, email: z.string(), name: z.string(), role: z.enum(ROLES), state: z.enum(MEMBER_STATES) })
  .openapi("Person");

/** What a caller gets. */
export const MemberJson = z
  .strictObject({
    ...PersonJson.shape,
    created_at: InstantText,
    updated_at: InstantText,
    joined_at: InstantText.nullable(),
    deactivated_at: InstantText.nullable(),
  })
  .openapi("Member");

/** Beside the member, the link that lets them in. */
export const InvitedJson = z
  .strictObject({
    member: MemberJson,
    invitation_url: z.string().openapi({
      description: "Shown once, to be handed over where no mail is sent. Whoever has it can join as this member.",
    }),
    expires_at: InstantText,
    mailed: z.boolean(),
    not_mailed_because: z.string().nullable().openapi({ description: "Null when the mail went out." }),
  })
  .openapi("Invited");

/** A member who left, and the projects that somebody else holds now. */
export const DepartureJson = z
  .strictObject({
    member: MemberJson,
    handed_over: z.array(
      z.strictObject({
        project: z.strictObject({ id: Id, slug: z.string(), name: z.string() }),
        to: z.strictObject({ id: Id, email: z.string() }),
      }),
    ),
  })
  .openapi("Departure");

export const personJson = ({ id, email, name, role, state }: Person): z.output<typeof PersonJson> => ({
  id,
  email,
  name,
  role,
  state,
});

export const memberJson = (member: Member): z.output<typeof MemberJson> => ({
  ...personJson(member),
  created_at: toIso(member.createdAt),
  updated_at: toIso(member.updatedAt),
  joined_at: isoOrNull(member.joinedAt),
  deactivated_at: isoOrNull(member.deactivatedAt),
});

const isoOrNull = (instant: number | null): string | null => (instant === null ? null : toIso(instant));
