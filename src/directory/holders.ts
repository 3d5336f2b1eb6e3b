/** Holders of a project: the active members who have full access to it, counted as `effectiveAccess` counts. */
import { ROLE_CAPS, ROLES } from "../domain/access.ts";

const CAPABLE = ROLES.filter((role) => ROLE_CAPS[role] === "full_access")
  .map((role) => `'${role}'`)
  .join(", ");

/** SQL for whether a row of `members` is of somebody whom a grant of full access makes a holder. */
export const isCapable = (member: string): string => `${member}.state = 'active' AND ${member}.role IN (${CAPABLE})`;

/** SQL for whether `grants AS held` reaches the member whose id the expression names. */
export const heldReaches = (member: string): string =>
  `(held.grantee_id IN (${member}, held.workspace_id)
    OR held.grantee_id IN (SELECT group_id FROM group_members WHERE member_id = ${member}))`;

/** SQL for whether anybody holds the project; both arguments are SQL expressions. */
export const isHeld = (project: string, workspace: string): string =>
  `EXISTS (
     SELECT 1
     FROM grants AS held
     JOIN members AS holder ON holder.workspace_id = held.workspace_id
     WHERE held.project_id = ${project} AND held.workspace_id = ${workspace} AND held.access = 'full_access'
       AND ${isCapable("holder")} AND ${heldReaches("holder.id")})`;
