/** Members and groups by their names, for fields that choose among them. */
import { z } from "@hono/zod-openapi";
import { ROLES } from "../../domain/access.ts";

/** Of a list of members, what it takes to name one. */
export const NamedMember = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  state: z.string(),
});

export type NamedMember = z.output<typeof NamedMember>;

/** Of a list of groups, what it takes to name one. */
export const NamedGroup = z.object({ id: z.string(), name: z.string() });

export type NamedGroup = z.output<typeof NamedGroup>;

/** The name of a member, and the address, which nobody else has. */
export const nameOf = ({ name, email }: Pick<NamedMember, "name" | "email">): string =>
  name === "" ? email : `${name} (${email})`;
