/**
 * What Slack's codes mean for a delivery: the one table of them (docs.slack.dev/reference/methods, the pages of
 * chat.postMessage, conversations.open, files.getUploadURLExternal and files.completeUploadExternal). Pure.
 */
import type { SendOutcome } from "../../domain/news/delivery.ts";
import type { DeliveryFailure, DeliveryReason } from "../../domain/news/delivery-failure.ts";
import { HOUR_MS, type Milliseconds } from "../../domain/time/instant.ts";
import { OWN_CODES, type SlackTrouble } from "./api.ts";

/**
 * - `connection`: nothing goes to the team until an admin mends it. Held.
 * - `target`: this channel or person. Not tried again.
 * - `files`: the text stands, and the picture is dropped.
 * - `content`: what we wrote. Once more as plain text.
 * - `again`: surely not done.
 * - `ambiguous`: of a write nobody knows; a read is made again.
 */
export type SlackFaultClass = "connection" | "target" | "files" | "content" | "again" | "ambiguous";

interface Entry {
  readonly kind: SlackFaultClass;
  readonly reason: DeliveryReason;
  /** The least wait before another try. */
  readonly after?: Milliseconds;
}

const LONG_WAIT_MS: Milliseconds = HOUR_MS;

const all = (codes: readonly string[], entry: Entry): Readonly<Record<string, Entry>> =>
  Object.fromEntries(codes.map((code) => [code, entry]));

/** By code. Families of codes: `FAMILIES`. */
export const SLACK_FAULTS: Readonly<Record<string, Entry>> = {
  ...all(
    [
      "invalid_auth",
      "not_authed",
      "account_inactive",
      "token_revoked",
      "token_expired",
      "not_allowed_token_type",
      "team_access_not_granted",
      "access_denied",
      "two_factor_setup_required",
      "ekm_access_denied",
      "enterprise_is_restricted",
    ],
    { kind: "connection", reason: "slack_disconnected" },
  ),
  ...all(["missing_scope", "no_permission"], { kind: "connection", reason: "slack_scope_missing" }),

  ...all(["channel_not_found", "invalid_channel", "team_not_found"], { kind: "target", reason: "channel_not_found" }),
  is_archived: { kind: "target", reason: "channel_archived" },
  not_in_channel: { kind: "target", reason: "not_in_channel" },
  ...all(
    [
      "posting_to_channel_denied",
      "messages_tab_disabled",
      "channel_is_limited_access",
      "method_not_supported_for_channel_type",
    ],
    { kind: "target", reason: "posting_restricted" },
  ),
  // `users_not_found` and `cannot_dm_bot`: how conversations.open says so.
  ...all(["user_disabled", "user_not_found", "user_not_visible", "users_not_found", "cannot_dm_bot"], {
    kind: "target",
    reason: "slack_person_gone",
  }),

  ...all(
    [
      "file_uploads_disabled",
      "file_uploads_except_images_disabled",
      "file_type_not_allowed",
      "file_upload_size_restricted",
      "storage_limit_reached",
      "slack_connect_file_link_sharing_blocked",
    ],
    { kind: "files", reason: "slack_files_refused" },
  ),

  ...all(
    [
      "invalid_blocks",
      "invalid_blocks_format",
      "msg_blocks_too_long",
      "no_text",
      "too_many_attachments",
      "markdown_text_conflict",
      "metadata_too_large",
      "alt_txt_too_large",
      "missing_argument",
      "invalid_arguments",
      "invalid_form_data",
      "invalid_post_type",
      "invalid_charset",
      "invalid_arg_name",
    ],
    { kind: "content", reason: "slack_content_refused" },
  ),

  ...all(["ratelimited", "rate_limited"], { kind: "again", reason: "rate_limited" }),
  message_limit_exceeded: { kind: "again", reason: "rate_limited", after: LONG_WAIT_MS },
  ...all(["accesslimited", "org_login_required", "file_not_found", "file_update_failed"], {
    kind: "again",
    reason: "out_of_order",
  }),
  ...all(["team_added_to_org"], { kind: "again", reason: "out_of_order", after: LONG_WAIT_MS }),

  ...all(["internal_error", "fatal_error", "service_unavailable", "request_timeout"], {
    kind: "ambiguous",
    reason: "answer_lost",
  }),
};

/** Codes that come with many endings. */
const FAMILIES: readonly (readonly [RegExp, Entry])[] = [
  [/^restricted_action/, { kind: "target", reason: "posting_restricted" }],
  [/^invalid_metadata_/, { kind: "content", reason: "slack_content_refused" }],
];

/** What a read comes to whose trouble was only ours or the way's. */
const READ_REASONS: Readonly<Record<string, DeliveryReason>> = {
  [OWN_CODES.timeout]: "no_answer",
  [OWN_CODES.network]: "unreachable",
  [OWN_CODES.address]: "unreachable",
};

/** What a trouble means. */
export interface SlackFault {
  readonly kind: SlackFaultClass;
  readonly failure: DeliveryFailure;
  readonly after?: Milliseconds;
}

/**
 * Judges a trouble. A code that is not in the table: a read is made again, since that costs nothing; of a write it counts as
 * ambiguous, since what we do not know may be one of those after which a part was done, and a report is not sent twice.
 */
export function judgeSlack(trouble: SlackTrouble, act: "read" | "write"): SlackFault {
  const { kind, reason, after } = entryOf(trouble, act);
  const wait = Math.max(after ?? 0, trouble.retryAfter ?? 0);
  return {
    kind,
    failure: { reason, message: wordsOf(trouble, kind), code: codeOf(trouble) },
    ...(kind === "again" && wait > 0 ? { after: wait } : {}),
  };
}

function entryOf(trouble: SlackTrouble, act: "read" | "write"): Entry {
  if (trouble.phase === "not_sent") return { kind: "again", reason: "unreachable" };
  const known = trouble.phase === "refused" ? entryOfCode(trouble.code) : undefined;
  if (known !== undefined && (known.kind !== "ambiguous" || act === "write")) return known;
  if (act === "read") return { kind: "again", reason: READ_REASONS[trouble.code] ?? "out_of_order" };
  return { kind: "ambiguous", reason: "answer_lost" };
}

const entryOfCode = (code: string): Entry | undefined =>
  Object.hasOwn(SLACK_FAULTS, code) ? SLACK_FAULTS[code] : FAMILIES.find(([family]) => family.test(code))?.[1];

/** As the ledger keeps it: Slack's code, or the HTTP status. */
const codeOf = ({ code, httpStatus }: SlackTrouble): string =>
  code === OWN_CODES.status ? `http_${httpStatus}` : code;

function wordsOf(trouble: SlackTrouble, kind: SlackFaultClass): string {
  const { code, httpStatus, needed, phase } = trouble;
  if (phase === "not_sent") return "Slack could not be reached.";
  if (code === OWN_CODES.timeout) return "Slack did not answer in time.";
  if (code === OWN_CODES.network) return "The connection to Slack broke off.";
  if (code === OWN_CODES.status) return `Slack answered with the HTTP status ${httpStatus}.`;
  if (code === OWN_CODES.unreadable) return "Slack's answer could not be read.";
  if (code === "missing_scope" && needed !== undefined) return `Slack wants the permission ${needed}.`;
  return kind === "ambiguous" ? `Slack had trouble of its own: ${code}.` : `Slack answered ${code}.`;
}

/** The outcome of a sending that ended in this fault. */
export function outcomeOf({ kind, failure, after }: SlackFault): SendOutcome {
  switch (kind) {
    case "connection":
    case "again":
      return { kind: "again", failure, ...(after === undefined ? {} : { after }) };
    case "target":
    case "files":
    case "content":
      return { kind: "failed", failure };
    case "ambiguous":
      return { kind: "unknown", failure };
  }
}

/** Why an attempt says that the connection is broken; null when it does not: for `breakSlackConnection`. */
export const brokenBy = (outcome: SendOutcome): DeliveryFailure | null =>
  outcome.kind === "again" && isBroken(outcome.failure) ? outcome.failure : null;

/** Why deliveries are held until somebody connects the workspace: that sends them. */
export const HELD_REASONS: readonly DeliveryReason[] = [
  "slack_not_connected",
  "slack_disconnected",
  "slack_scope_missing",
];

/** Of what was never connected there is nothing to break. */
const isBroken = ({ reason }: DeliveryFailure): boolean =>
  reason === "slack_disconnected" || reason === "slack_scope_missing";
