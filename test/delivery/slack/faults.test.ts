/** What each of Slack's codes means for a delivery: every row of the table is written out here once more. */
import { describe, expect, it } from "vitest";
import { OWN_CODES, type SlackTrouble } from "../../../src/delivery/slack/api.ts";
import { brokenBy, judgeSlack, outcomeOf, type SlackFaultClass } from "../../../src/delivery/slack/faults.ts";

const refused = (code: string, more: Partial<SlackTrouble> = {}): SlackTrouble => ({
  code,
  httpStatus: 200,
  phase: "refused",
  ...more,
});

const TABLE: Readonly<Record<SlackFaultClass, string>> = {
  connection: `invalid_auth not_authed account_inactive token_revoked token_expired not_allowed_token_type
    team_access_not_granted access_denied missing_scope no_permission two_factor_setup_required ekm_access_denied
    enterprise_is_restricted`,
  target: `channel_not_found invalid_channel is_archived not_in_channel posting_to_channel_denied restricted_action
    restricted_action_read_only_channel restricted_action_thread_only_channel restricted_action_non_threadable_channel
    messages_tab_disabled channel_is_limited_access user_disabled user_not_found user_not_visible team_not_found
    method_not_supported_for_channel_type`,
  files: `file_uploads_disabled file_uploads_except_images_disabled file_type_not_allowed file_upload_size_restricted
    storage_limit_reached slack_connect_file_link_sharing_blocked`,
  content: `invalid_blocks invalid_blocks_format msg_blocks_too_long no_text too_many_attachments markdown_text_conflict
    invalid_metadata_format invalid_metadata_schema metadata_too_large alt_txt_too_large missing_argument invalid_arguments
    invalid_form_data invalid_post_type invalid_charset invalid_arg_name`,
  again: `ratelimited rate_limited message_limit_exceeded accesslimited org_login_required team_added_to_org file_not_found
    file_update_failed`,
  ambiguous: "internal_error fatal_error service_unavailable request_timeout",
};
const ROWS = Object.entries(TABLE).flatMap(([kind, codes]) => codes.split(/\s+/).map((code) => [code, kind] as const));

const OUTCOMES = {
  connection: "again",
  target: "failed",
  files: "failed",
  content: "failed",
  again: "again",
  ambiguous: "unknown",
} as const;

describe("a code of Slack's", () => {
  it.each(ROWS)("%s, of a write, is of the class %s", (code, kind) => {
    const fault = judgeSlack(refused(code), "write");
    expect(fault.kind).toBe(kind);
    expect(fault.failure.code).toBe(code);
    expect(fault.failure.message).toMatch(/^Slack .*\.$/);
    expect(outcomeOf(fault).kind).toBe(OUTCOMES[fault.kind]);
  });

  it.each(ROWS.filter(([, kind]) => kind === "ambiguous"))("%s, of a read, is asked again", (code) => {
    expect(judgeSlack(refused(code), "read")).toMatchObject({ kind: "again", failure: { reason: "out_of_order" } });
  });

  it.each([
    ["channel_not_found", "channel_not_found"],
    ["is_archived", "channel_archived"],
    ["not_in_channel", "not_in_channel"],
    ["restricted_action_thread_only_channel", "posting_restricted"],
    ["user_disabled", "slack_person_gone"],
    ["storage_limit_reached", "slack_files_refused"],
    ["msg_blocks_too_long", "slack_content_refused"],
    ["token_revoked", "slack_disconnected"],
    ["missing_scope", "slack_scope_missing"],
    ["internal_error", "answer_lost"],
    ["ratelimited", "rate_limited"],
  ])("%s has the reason %s", (code, reason) => {
    expect(judgeSlack(refused(code), "write").failure.reason).toBe(reason);
  });

  it.each(["message_limit_exceeded", "team_added_to_org"])("%s waits long", (code) => {
    expect(judgeSlack(refused(code), "write").after).toBeGreaterThanOrEqual(3_600_000);
  });

  it("names the permission that is missing", () => {
    const fault = judgeSlack(refused("missing_scope", { needed: "files:write" }), "write");
    expect(fault.failure.message).toContain("files:write");
  });

  it("waits as long as Slack asks for", () => {
    expect(judgeSlack(refused("ratelimited", { httpStatus: 429, retryAfter: 42_000 }), "write").after).toBe(42_000);
  });

  it("that nobody knows is ambiguous of a write, and is asked again of a read", () => {
    expect(judgeSlack(refused("a_new_code"), "write").kind).toBe("ambiguous");
    expect(judgeSlack(refused("a_new_code"), "read").kind).toBe("again");
    expect(judgeSlack(refused("toString"), "write").kind).toBe("ambiguous");
  });
});

describe("a trouble on the way", () => {
  it.each([
    ["a timeout", { code: OWN_CODES.timeout, httpStatus: null, phase: "ambiguous" }, "ambiguous"],
    ["HTTP 500", { code: OWN_CODES.status, httpStatus: 500, phase: "ambiguous" }, "ambiguous"],
    ["a connection that broke off", { code: OWN_CODES.network, httpStatus: null, phase: "ambiguous" }, "ambiguous"],
    ["a page in place of JSON", { code: OWN_CODES.unreadable, httpStatus: 200, phase: "ambiguous" }, "ambiguous"],
    ["a connection that was refused", { code: OWN_CODES.network, httpStatus: null, phase: "not_sent" }, "again"],
    ["HTTP 521", { code: OWN_CODES.status, httpStatus: 521, phase: "not_sent" }, "again"],
  ] as const)("%s, of a write, is %s", (_, trouble, kind) => {
    expect(judgeSlack(trouble, "write").kind).toBe(kind);
    expect(judgeSlack(trouble, "read").kind).toBe("again");
  });
});

describe("a broken connection", () => {
  it("is told by the outcomes that are held for it, and by no others", () => {
    expect(brokenBy(outcomeOf(judgeSlack(refused("token_revoked"), "write")))?.reason).toBe("slack_disconnected");
    expect(brokenBy(outcomeOf(judgeSlack(refused("missing_scope"), "write")))?.reason).toBe("slack_scope_missing");
    for (const code of ["ratelimited", "channel_not_found", "internal_error"])
      expect(brokenBy(outcomeOf(judgeSlack(refused(code), "write")))).toBeNull();
  });
});
