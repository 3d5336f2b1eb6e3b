/** When an endpoint is given up: the rule of Standard Webhooks senders, in one place. Pure. */
import { DAY_MS, type Instant, type Milliseconds } from "../time/instant.ts";
import type { WebhookHealth } from "./webhook.ts";

/** An endpoint to which nothing has arrived for so long, from the first message that failed for good, is disabled. */
export const FAILING_MAX_MS: Milliseconds = 5 * DAY_MS;

/**
 * How one message ended.
 * - `sent`: it arrived.
 * - `exhausted`: it failed for good, after the last of its attempts.
 * - `gone`: the endpoint answered 410, which no other attempt will change.
 */
export const WEBHOOK_OUTCOMES = ["sent", "exhausted", "gone"] as const;
export type WebhookOutcome = (typeof WEBHOOK_OUTCOMES)[number];

/** An endpoint's health after the end of one message. One that is disabled stays so until somebody enables it. */
export function healthAfter(health: WebhookHealth, outcome: WebhookOutcome, now: Instant): WebhookHealth {
  if (outcome === "sent") return { ...health, failingSince: null };
  if (health.state === "disabled") return health;
  if (outcome === "gone") return { ...health, state: "disabled", disabledReason: "gone", disabledAt: now };
  const failingSince = Math.min(health.failingSince ?? now, now);
  if (now - failingSince < FAILING_MAX_MS) return { ...health, failingSince };
  return { state: "disabled", disabledReason: "failing", disabledAt: now, failingSince };
}

/** Enabled by hand, an endpoint begins anew: what failed before does not count against it. */
export const ENABLED: WebhookHealth = { state: "enabled", disabledReason: null, disabledAt: null, failingSince: null };
