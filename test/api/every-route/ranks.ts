/** Who comes just before whom: written out, not derived, so that a slip in the source's own tables is seen. */
import type { Ability, AccessLevel, Role } from "../../../src/domain/access.ts";

/** The level that is not quite enough. */
export const LEVEL_BELOW: Readonly<Record<Exclude<AccessLevel, "none">, AccessLevel>> = {
  app_only: "none",
  can_explore: "app_only",
  can_view: "can_explore",
  can_edit: "can_view",
  full_access: "can_edit",
};

/** The mightiest role that may not. */
export const MIGHTIEST_WITHOUT: Readonly<Record<Ability, Role>> = {
  manage_workspace: "manager",
  manage_members: "editor",
  manage_groups: "editor",
  share_any_project: "manager",
  manage_workspace_tokens: "manager",
  read_audit: "manager",
  read_usage: "explorer",
  create_projects: "explorer",
  create_tokens: "viewer",
  see_people: "guest",
};

/** The least role that may. */
export const LEAST_WITH: Readonly<Record<Ability, Role>> = {
  manage_workspace: "admin",
  manage_members: "manager",
  manage_groups: "manager",
  share_any_project: "admin",
  manage_workspace_tokens: "admin",
  read_audit: "admin",
  read_usage: "editor",
  create_projects: "editor",
  create_tokens: "explorer",
  see_people: "viewer",
};

export const isAbility = (needs: string): needs is Ability => needs in LEAST_WITH;
export const isLevel = (needs: string): needs is Exclude<AccessLevel, "none"> => needs in LEVEL_BELOW;
