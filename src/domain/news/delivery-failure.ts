/** Why a delivery was not made, by name, with whose affair it is and what mends it in words. Pure. */

/** Whose affair it is. */
export const DELIVERY_FAULTS = ["recipient", "connection", "content", "elsewhere", "carillon", "choice"] as const;
export type DeliveryFault = (typeof DELIVERY_FAULTS)[number];

interface Kind {
  /**
   * `recipient`: this one cannot be reached this way; `connection`: nobody can, until an admin mends it; `content`: what we
   * wrote was refused; `elsewhere`: the other side, for now; `carillon`: us; `choice`: somebody did not want it.
   */
  readonly fault: DeliveryFault;
  /** What mends it, for whoever looks after the schedule. */
  readonly fix: string;
}

/** Every reason there is. */
export const DELIVERY_REASONS = {
  // Email
  address_refused: {
    fault: "recipient",
    fix: "Mail to this address bounced or was complained about before, or the deployment may not write to it. Correct the member's address, or take it off the suppression list of the mail service.",
  },
  mail_not_configured: {
    fault: "connection",
    fix: "Set MAIL_FROM and the send_email binding in wrangler.toml, or SMTP_URL.",
  },
  sender_not_configured: {
    fault: "connection",
    fix: "The mail service does not take mail from MAIL_FROM. Onboard its domain in Email Service, or correct the user and password in SMTP_URL.",
  },
  mail_refused: { fault: "recipient", fix: "Read what the mail service says, and send it again." },
  mail_too_large: { fault: "content", fix: "Take a smaller capture: less width, or PDF in place of PNG." },
  mail_limit: { fault: "elsewhere", fix: "The mail service takes no more mail today. It goes out after midnight UTC." },
  // Slack
  slack_not_connected: { fault: "connection", fix: "An admin connects Slack: POST /v1/slack/connection." },
  slack_disconnected: {
    fault: "connection",
    fix: "An admin connects Slack again (POST /v1/slack/connection); what was held then goes out.",
  },
  slack_scope_missing: {
    fault: "connection",
    fix: "An admin connects Slack again, and grants all that it asks for.",
  },
  slack_not_linked: { fault: "recipient", fix: "The member links their Slack account: POST /v1/slack/links." },
  slack_person_gone: {
    fault: "recipient",
    fix: "They choose email, or link another account.",
  },
  channel_not_found: {
    fault: "recipient",
    fix: "The channel does not exist, or it is private and the app was not invited: in the channel, type /invite and the app's name, then check again.",
  },
  channel_archived: { fault: "recipient", fix: "Unarchive the channel in Slack, or choose another." },
  not_in_channel: { fault: "recipient", fix: "Invite the app to the channel: type /invite and its name there." },
  posting_restricted: {
    fault: "recipient",
    fix: "The channel lets only some people post. Allow the app to, or choose another channel.",
  },
  slack_files_refused: {
    fault: "content",
    fix: "The Slack workspace does not take this file. The text went with a link instead.",
  },
  slack_content_refused: {
    fault: "content",
    fix: "Shorten the notification's own subject and text.",
  },
  // Webhooks
  endpoint_missing: { fault: "recipient", fix: "Take it out of the notification, or make it anew and name that." },
  endpoint_disabled: {
    fault: "recipient",
    fix: "Enable the endpoint again when it works; then replay what it missed.",
  },
  endpoint_gone: {
    fault: "recipient",
    fix: "Give it another address and enable it again, or delete it.",
  },
  endpoint_refused: {
    fault: "recipient",
    fix: "Look at the endpoint's log for this delivery's webhook-id.",
  },
  endpoint_redirects: {
    fault: "recipient",
    fix: "Give the endpoint the address that it redirects to: no redirect is followed.",
  },
  address_not_allowed: {
    fault: "recipient",
    fix: "Give the endpoint a public https address.",
  },
  aborted_by_endpoint: { fault: "choice", fix: "Nothing is to be done: the endpoint does not want this one." },
  // All
  rate_limited: { fault: "elsewhere", fix: "The other side takes no more for the moment. It is tried again." },
  unreachable: {
    fault: "elsewhere",
    fix: "There was no connection. It is tried again; if it stays so, check the address.",
  },
  no_answer: {
    fault: "elsewhere",
    fix: "There was no answer in time. A webhook should answer first and work afterwards.",
  },
  out_of_order: { fault: "elsewhere", fix: "The other side is out of order. It is tried again." },
  answer_lost: { fault: "elsewhere", fix: "It may have arrived: look there before you send it again." },
  not_prepared: {
    fault: "carillon",
    fix: "Whoever runs the deployment looks into its log. If CARILLON_KEY was changed, endpoints need new secrets and Slack is connected again.",
  },
  lost: { fault: "carillon", fix: "Whoever sent it stopped in between. Look there before you send it again." },
  // Looking ahead
  not_checked: {
    fault: "carillon",
    fix: "Look ahead at fewer channels at a time: POST /v1/projects/{p}/notification-previews.",
  },
  // Suppressed
  recipient_missing: {
    fault: "recipient",
    fix: "Take it out of the notification; of a group, put somebody in.",
  },
  not_joined: { fault: "recipient", fix: "Invite them again." },
  deactivated: { fault: "recipient", fix: "Take them out of the notification, or reactivate them." },
  no_access: {
    fault: "recipient",
    fix: "Share the project with them; app_only is enough.",
  },
  unsubscribed: {
    fault: "choice",
    fix: "They can subscribe again: DELETE /v1/me/unsubscriptions/{s}.",
  },
  preferences_off: {
    fault: "choice",
    fix: "They can turn one on: PATCH /v1/me/preferences.",
  },
  plan: { fault: "connection", fix: "A larger plan has them." },
  // Pictures
  picture_failed: {
    fault: "carillon",
    fix: "The run says why. The text went with a link.",
  },
  picture_late: { fault: "carillon", fix: "The text went with a link, which shows it when it is there." },
  picture_unreadable: {
    fault: "carillon",
    fix: "The store of captures did not answer. It is tried again.",
  },
  picture_too_large: {
    fault: "content",
    fix: "The text went with a link. Less width, or PDF in place of PNG, makes it smaller.",
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type DeliveryReason = keyof typeof DELIVERY_REASONS;

export const isDeliveryReason = (text: string): text is DeliveryReason => Object.hasOwn(DELIVERY_REASONS, text);

/** Why one attempt failed, or why none was made. */
export interface DeliveryFailure {
  readonly reason: DeliveryReason;
  /** What happened, in a sentence for whoever looks after the schedule. */
  readonly message: string;
  /** The vendor's own code or the HTTP status, for whoever looks it up. */
  readonly code?: string;
}

/** What mends it. */
export const deliveryFix = (reason: DeliveryReason): string => DELIVERY_REASONS[reason].fix;

/** Whose affair it is. */
export const faultOf = (reason: DeliveryReason): DeliveryFault => DELIVERY_REASONS[reason].fault;
