/** Levels of access, as pages say them. */
import type { AccessLevel } from "../../domain/access.ts";

export const LEVEL_NAMES: Readonly<Record<AccessLevel, string>> = {
  none: "no access",
  app_only: "the app only",
  can_explore: "can explore",
  can_view: "can view",
  can_edit: "can edit",
  full_access: "full access",
};
