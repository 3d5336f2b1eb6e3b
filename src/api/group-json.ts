/** A group as JSON. */
import { z } from "@hono/zod-openapi";
import type { Group } from "../directory/groups.ts";
import { toIso } from "../domain/time/instant.ts";
import { Id, InstantText, NameField, pageOf } from "./fields.ts";
import { PersonJson } from "./member-json.ts";

const GroupName = NameField.openapi({ description: "Once in the workspace.", example: "Finance" });

/** What a caller sends to make a group. */
export const NewGroup = z.strictObject({ name: GroupName }).openapi("NewGroup");

/** What a caller sends to rename one. */
export const GroupChange = z.strictObject({ name: GroupName.optional() }).openapi("GroupChange");

/** What a caller gets. */
export const GroupJson = z
  .strictObject({
    id: Id,
    name: z.string(),
    size: z.int().openapi({ description: "How many members are in it." }),
    created_at: InstantText,
    updated_at: InstantText,
  })
  .openapi("Group");

export const GroupWithMembersJson = GroupJson.extend({ members: pageOf(PersonJson) }).openapi("GroupWithMembers");

export const groupJson = ({ id, name, size, createdAt, updatedAt }: Group): z.output<typeof GroupJson> => ({
  id,
  name,
  size,
  created_at: toIso(createdAt),
  updated_at: toIso(updatedAt),
});
