/** A webhook endpoint: an address of a workspace that is called when something happens. Pure. */
import type { ProjectId, WebhookId } from "../ids.ts";
import type { Instant, Milliseconds } from "../time/instant.ts";
import { DAY_MS } from "../time/instant.ts";
import { WEBHOOK_EVENTS, type WebhookEvent } from "./news.ts";

/** What calls are signed with: a secret that both sides know, a key pair of which the receiver has the public half, or both. */
export const WEBHOOK_SIGNATURES = ["v1", "v1a", "both"] as const;
export type WebhookSignatures = (typeof WEBHOOK_SIGNATURES)[number];

export const WEBHOOK_STATES = ["enabled", "disabled"] as const;
export type WebhookState = (typeof WEBHOOK_STATES)[number];

/**
 * Why an endpoint is not called.
 * - `by_hand`: somebody disabled it.
 * - `gone`: it answered 410.
 * - `failing`: for days every message that it was sent failed for good.
 */
export const WEBHOOK_DISABLED_REASONS = ["by_hand", "gone", "failing"] as const;
export type WebhookDisabledReason = (typeof WEBHOOK_DISABLED_REASONS)[number];

/** Projects to which one endpoint can be limited. */
export const WEBHOOK_PROJECTS_MAX = 100;

/** After a rotation both secrets sign for so long, unless the caller asks for another length. */
export const OVERLAP_DEFAULT_MS: Milliseconds = DAY_MS;
export const OVERLAP_MAX_MS: Milliseconds = 7 * DAY_MS;

/** Whether an endpoint is called, and how it has done lately. */
export interface WebhookHealth {
  readonly state: WebhookState;
  /** Null while it is enabled. */
  readonly disabledReason: WebhookDisabledReason | null;
  readonly disabledAt: Instant | null;
  /** When the first of its messages failed for good since one last arrived; null when none has. */
  readonly failingSince: Instant | null;
}

/** An endpoint as its workspace sees it: everything but its secrets. */
export interface Webhook extends WebhookHealth {
  readonly id: WebhookId;
  readonly name: string;
  readonly url: string;
  /** What it asks for; what notifications name it in comes beside. */
  readonly events: readonly WebhookEvent[];
  /** Those whose events it asks for; null: all of them. Notifications name it wherever they are. */
  readonly projects: readonly ProjectId[] | null;
  readonly signatures: WebhookSignatures;
  /** Until then the secret before this one signs too; null when there is none that does. */
  readonly previousUntil: Instant | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** The events in the order of their list, each once: the same wish is always the same text. */
export const inOrderOfEvents = (events: readonly WebhookEvent[]): readonly WebhookEvent[] =>
  WEBHOOK_EVENTS.filter((event) => events.includes(event));

/** Events as the directory keeps them; one that this version does not know is left out. */
export function readWebhookEvents(json: string): readonly WebhookEvent[] {
  const names: unknown = JSON.parse(json);
  return Array.isArray(names) ? WEBHOOK_EVENTS.filter((event) => names.includes(event)) : [];
}

/** As people know an endpoint that they do not manage: its address may hold a secret, its host does not. */
export const hostOf = (url: string): string => new URL(url).host;
