/** Members of the workspace, as the console reads them. */
import { z } from "@hono/zod-openapi";
import { InstantAnswer } from "./fields.ts";
import { NamedMember } from "./people.ts";

export const MEMBER_STATES = ["invited", "active", "deactivated"] as const;

export const MemberAnswer = NamedMember.extend({
  state: z.enum(MEMBER_STATES),
  created_at: InstantAnswer,
  joined_at: InstantAnswer.nullable(),
  deactivated_at: InstantAnswer.nullable(),
});

export type MemberAnswer = z.output<typeof MemberAnswer>;

/** The answer to an invitation: the link is null where a mail brings it. */
export const InvitedAnswer = z.object({
  member: MemberAnswer,
  invitation_url: z.string().nullable(),
  expires_at: InstantAnswer,
  not_mailed_because: z.string().nullable(),
});

export type InvitedAnswer = z.output<typeof InvitedAnswer>;

const HandedOverList = z.array(
  z.object({
    project: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
    to: z.object({ id: z.string(), email: z.string() }),
  }),
);

/** Projects that somebody else has full access to now. */
export const HandedOverAnswer = z.object({ handed_over: HandedOverList });

export type HandedOverAnswer = z.output<typeof HandedOverAnswer>;
