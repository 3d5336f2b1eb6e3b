/** What the audit knows: who did what to which thing, from where. Pure. */
import type { MemberId, ProjectId, ScheduleId, SessionId, TokenId } from "./ids.ts";
import type { Json } from "./json.ts";
import type { Instant } from "./time/instant.ts";

/** Who did it. The system acts of its own accord: it repairs an alarm, pauses what a plan does not allow. */
export type Doer =
  | { readonly kind: "member"; readonly id: MemberId; readonly name: string }
  | { readonly kind: "token"; readonly id: TokenId; readonly name: string }
  | { readonly kind: "operator" }
  | { readonly kind: "system" };

export const DOER_KINDS = ["member", "token", "operator", "system"] as const satisfies readonly Doer["kind"][];

/** Who acts, from where and when: what an entry says beside the act itself. */
export interface Doing {
  readonly doer: Doer;
  readonly at: Instant;
  readonly requestId: string | null;
  readonly address: string | null;
}

/** Every act that is written down. `<thing>.<what happened to it>`. */
export const ACTS = [
  "workspace.created",
  "workspace.changed",
  "workspace.plan_changed",
  "workspace.deleted",
  "member.invited",
  "member.invitation_renewed",
  "member.joined",
  "member.changed",
  "member.deactivated",
  "member.reactivated",
  "member.signed_in",
  "member.signed_out",
  "member.signed_out_everywhere",
  "member.preferences_changed",
  "group.created",
  "group.changed",
  "group.deleted",
  "group.member_added",
  "group.member_removed",
  "token.created",
  "token.revoked",
  "project.created",
  "project.changed",
  "project.deleted",
  "project.emptied",
  "project.handed_over",
  "access.changed",
  "access.granted_automatically",
  "settings.changed",
  "secret.rotated",
  "version.created",
  "version.published",
  "schedule.saved",
  "schedules.saved",
  "schedule.changed",
  "schedule.cancelled",
  "schedules.cancelled",
  "schedule.paused",
  "schedule.paused_by_plan",
  "schedule.resumed",
  "schedule.resumed_by_plan",
  "schedule.skipped_next",
  "schedule.backfilled",
  "run.started",
  "run.cancelled",
  "capture.ordered",
  "delivery.repeated",
  "delivery.tested",
  "member.unsubscribed",
  "member.resubscribed",
  "webhook.created",
  "webhook.changed",
  "webhook.deleted",
  "webhook.disabled",
  "webhook.secret_rotated",
  "webhook.replayed",
  "slack.connected",
  "slack.disconnected",
  "slack.linked",
  "slack.unlinked",
  "event.sent",
  "alarm.repaired",
] as const;
export type Act = (typeof ACTS)[number];

/** The thing that was acted on. */
export interface Target {
  readonly kind: string;
  readonly id: string;
  readonly name?: string | undefined;
}

/** One entry, before it has an id. */
export interface Entry {
  readonly act: Act;
  readonly target: Target;
  /** The project it happened in; absent for acts on the workspace. */
  readonly project?: ProjectId | undefined;
  /** What an auditor wants to know of it: before and after, what moved. Never a secret. */
  readonly detail?: Json | undefined;
}

/** How somebody proved who they are. */
export type Credential =
  | { readonly kind: "token"; readonly id: TokenId }
  | { readonly kind: "session"; readonly id: SessionId };

/** What a change of plan did to a project's schedules, as the system's own acts. */
export const planEntries = (
  project: ProjectId,
  change: {
    readonly paused: readonly { readonly id: ScheduleId; readonly reason: string }[];
    readonly resumed: readonly ScheduleId[];
  },
): readonly Entry[] => [
  ...change.paused.map(
    ({ id, reason }): Entry => ({
      act: "schedule.paused_by_plan",
      target: { kind: "schedule", id },
      project,
      detail: { reason },
    }),
  ),
  ...change.resumed.map(
    (id): Entry => ({ act: "schedule.resumed_by_plan", target: { kind: "schedule", id }, project }),
  ),
];
