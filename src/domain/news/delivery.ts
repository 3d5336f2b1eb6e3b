/** A delivery: one sending of news to one recipient on one channel. Pure. */
import type { CaptureFormat } from "../captures/capture.ts";
import { type DeliveryId, deriveId, type NewsId, readDeliveryId, uuidInstant } from "../ids.ts";
import type { Json } from "../json.ts";
import type { Instant, Milliseconds } from "../time/instant.ts";
import type { DeliveryFailure } from "./delivery-failure.ts";
import type { NewsEvent } from "./news.ts";

export const CHANNELS = ["email", "slack", "webhook"] as const;
export type Channel = (typeof CHANNELS)[number];

/** A group is expanded into its members: of a group there is a delivery only where nobody is in it, which is suppressed. */
export const RECIPIENT_KINDS = ["user", "group", "slack_channel", "webhook"] as const;
export type RecipientKind = (typeof RECIPIENT_KINDS)[number];

/**
 * - `pending`: not tried yet; it waits for its turn, or for its captures.
 * - `retrying`: a try failed, and another one follows.
 * - `sent`: the channel took it.
 * - `failed`: for good, with a named reason.
 * - `unknown`: the answer to a sending that must not be repeated blindly was lost: it may have arrived.
 * - `suppressed`: not sent on purpose, with the reason.
 */
export const DELIVERY_STATES = ["pending", "retrying", "sent", "failed", "unknown", "suppressed"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Every change of state there is, but for a redelivery, which begins anew at `pending`. */
export const DELIVERY_TRANSITIONS: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  pending: ["sent", "retrying", "failed", "unknown", "suppressed"],
  retrying: ["sent", "retrying", "failed", "unknown", "suppressed"],
  sent: [],
  failed: [],
  unknown: [],
  suppressed: [],
};

export const isSettled = (state: DeliveryState): boolean => DELIVERY_TRANSITIONS[state].length === 0;

/**
 * What becomes of the picture where a channel sends it by itself, after the text (Slack).
 * - `due`: it follows as soon as it is there.
 * - `sent`: it was published, and seen there.
 * - `unconfirmed`: it was published, and nobody saw it appear.
 * - `dropped`: the text stands alone, with the reason.
 */
export const PICTURE_STATES = ["due", "sent", "unconfirmed", "dropped"] as const;
export type PictureState = (typeof PICTURE_STATES)[number];

/** Where a delivery goes. */
export interface DeliveryTarget {
  readonly channel: Channel;
  readonly recipient: {
    readonly kind: RecipientKind;
    readonly id: string;
    /** As people know it: an address, the name of a channel, the address of an endpoint. */
    readonly name: string;
  };
  /** Where the channel sends it: an email address, Slack's id of a channel or person; null of a webhook, and where none is known. */
  readonly address: string | null;
  /** The zone that a person wants times to be said in; null: the schedule's. */
  readonly timezone: string | null;
}

/** One attempt, as the ledger keeps it. */
export interface Attempt {
  readonly at: Instant;
  readonly tookMs: Milliseconds;
  readonly outcome: "sent" | "again" | "failed" | "unknown";
  readonly failure: DeliveryFailure | null;
}

/** Attempts that the ledger keeps of one delivery; the oldest go first. */
export const ATTEMPTS_KEPT = 12;

/** By one channel: who was told that a delivery failed. */
export interface Told {
  readonly channel: Channel;
  /** Names of those who were told. */
  readonly to: readonly string[];
}

export interface Delivery extends DeliveryTarget {
  readonly id: DeliveryId;
  readonly news: NewsId;
  readonly event: NewsEvent;
  /** The place of the notification in the schedule's list; null: the endpoint asked for the event, or nobody had to ask. */
  readonly notification: number | null;
  /** The picture that goes along. */
  readonly wants: CaptureFormat | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** When somebody looks at it next; null: nothing is left to do. */
  readonly nextAt: Instant | null;
  readonly createdAt: Instant;
  /** When it was planned, or when somebody had it sent again: its attempts are counted from there. */
  readonly begunAt: Instant;
  /** How often somebody had it sent again. */
  readonly round: number;
  /** When its state became final. */
  readonly settledAt: Instant | null;
  /** Why it was not sent, or was sent with less than was wanted. */
  readonly failure: DeliveryFailure | null;
  readonly picture: PictureState | null;
  /** What a channel has to remember between two attempts: Slack's time stamp of a message, a file's id. */
  readonly progress: Json | null;
  readonly log: readonly Attempt[];
  /** Whoever looks after the project, by the ways that they were told; none where nobody was. */
  readonly told: readonly Told[];
}

/** What one delivery is the delivery of. Two with equal parts are the same: it is made once, however often news is told. */
export interface DeliveryIdentity {
  readonly news: NewsId;
  /** Null of a webhook, which is called once for each event, whoever asked for it. */
  readonly notification: number | null;
  readonly channel: Channel;
  readonly recipient: { readonly kind: RecipientKind; readonly id: string };
}

export const deriveDeliveryId = ({ news, notification, channel, recipient }: DeliveryIdentity): DeliveryId =>
  readDeliveryId(deriveId(uuidInstant(news), news, notification ?? "", channel, recipient.kind, recipient.id));

/** What came of one attempt to send. */
export type SendOutcome =
  /** The channel took it. `without`: it went with less than was wanted. */
  | {
      readonly kind: "sent";
      readonly progress?: Json;
      readonly picture?: PictureState;
      readonly without?: DeliveryFailure;
    }
  /** For good. */
  | { readonly kind: "failed"; readonly failure: DeliveryFailure }
  /** Surely not sent: it may be tried again, not before `after` when the other side named a time. */
  | {
      readonly kind: "again";
      readonly failure: DeliveryFailure;
      readonly after?: Milliseconds;
      readonly progress?: Json;
    }
  /** Nobody knows whether it arrived. */
  | { readonly kind: "unknown"; readonly failure: DeliveryFailure };
