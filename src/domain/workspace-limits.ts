/** How much one workspace may hold, whatever its plan: numbers that no team comes near, and a runaway program does. Pure. */
import type { Failure } from "./errors.ts";

/** Of living things: what is deleted, deactivated, revoked or expired does not count. */
export const WORKSPACE_LIMITS = {
  projects: 5_000,
  members: 10_000,
  groups: 1_000,
  tokens: 5_000,
  webhooks: 50,
  /** Of one member. */
  personal_tokens: 100,
} as const;
export type WorkspaceLimit = keyof typeof WORKSPACE_LIMITS;

/** The refusal that names the limit and the use it would come to. No plan lifts it. */
export const workspaceRefusal = (limit: WorkspaceLimit, used: number): Failure => ({
  code: "limit_reached",
  limit,
  allowed: WORKSPACE_LIMITS[limit],
  used,
});
