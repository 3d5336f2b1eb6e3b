/** Groups, as the console reads them. */
import { z } from "@hono/zod-openapi";
import { pageOf } from "./fields.ts";
import { NamedGroup, NamedMember } from "./people.ts";

export const GroupAnswer = NamedGroup.extend({ size: z.int() });

export type GroupAnswer = z.output<typeof GroupAnswer>;

export const GroupWithMembersAnswer = GroupAnswer.extend({ members: pageOf(NamedMember) });

export type GroupWithMembersAnswer = z.output<typeof GroupWithMembersAnswer>;
