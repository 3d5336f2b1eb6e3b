/** A member as JSON. */
import { z } from "@hono/zod-openapi";
import type { Person } from "../directory/groups.ts";
import type { HandedOver } from "../directory/handing-over.ts";
import { MEMBER_STATES, type Member } from "../directory/members.ts";
import { ROLES } from "../domain/access.ts";
import { toIso } from "../domain/time/instant.ts";
import { EmailField, Id, InstantText, isoOrNull, OptionalNameField } from "./fields.ts";

const OptionalName = OptionalNameField.openapi({ example: "Ada Lovelace" });
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
    invitation_url: z.string().nullable().openapi({
      description:
        "Where no mail went out: shown once, to be handed over. Whoever has it can join as this member, so that null is all that you get when the mail brings it.",
    }),
    expires_at: InstantText,
    mailed: z.boolean(),
    not_mailed_because: z.string().nullable().openapi({ description: "Null when the mail went out." }),
  })
  .openapi("Invited");

const HandedOverList = z
  .array(
    z.strictObject({
      project: z.strictObject({ id: Id, slug: z.string(), name: z.string() }),
      to: z.strictObject({ id: Id, email: z.string() }),
    }),
  )
  .openapi({ description: "Projects that nobody would have full access to any more, and who has it now." });

/** A member who left, and the projects that somebody else holds now. */
export const DepartureJson = z.strictObject({ member: MemberJson, handed_over: HandedOverList }).openapi("Departure");

/** A member who was changed, and the projects that somebody else holds now. */
export const ChangedMemberJson = MemberJson.extend({ handed_over: HandedOverList }).openapi("ChangedMember");

/** The projects that somebody else holds now. */
export const HandedOverJson = z.strictObject({ handed_over: HandedOverList }).openapi("HandedOver");

export const personJson = ({ id, email, name, role, state }: Person): z.output<typeof PersonJson> => ({
  id,
  email,
  name,
  role,
  state,
});

export const handedOverJson = (handedOver: readonly HandedOver[]): z.output<typeof HandedOverList> =>
  handedOver.map(({ project, to }) => ({ project, to: { id: to.id, email: to.email } }));

export const memberJson = (member: Member): z.output<typeof MemberJson> => ({
  ...personJson(member),
  created_at: toIso(member.createdAt),
  updated_at: toIso(member.updatedAt),
  joined_at: isoOrNull(member.joinedAt),
  deactivated_at: isoOrNull(member.deactivatedAt),
});
