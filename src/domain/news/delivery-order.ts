/** What travels through the queue `deliveries`. Pure. The ledger is what counts: a message that comes twice finds its work done. */
import type { DeliveryId, NewsId, ProjectId, WorkspaceId } from "../ids.ts";
import type { Instant } from "../time/instant.ts";
import type { Delivery } from "./delivery.ts";
import type { News } from "./news.ts";

interface OfProject {
  readonly workspace: WorkspaceId;
  readonly project: ProjectId;
}

/** Expand news into deliveries. */
export type AnnounceOrder = OfProject & { readonly kind: "announce"; readonly news: News };
/** Make one delivery. */
export type DeliverOrder = OfProject & {
  readonly kind: "deliver";
  readonly news: NewsId;
  readonly delivery: DeliveryId;
  /** See `isLight`; absent: it may be heavy. */
  readonly isLight?: boolean;
};

/**
 * Whether many such deliveries may be under way at the same time: they carry no picture, which would fill the memory. Not
 * those of Slack, which counts calls.
 */
export const isLight = ({ channel, wants }: Pick<Delivery, "channel" | "wants">): boolean =>
  channel === "webhook" || (channel === "email" && wants === null);

/** Make those deliveries of the news that waited: its captures have come, or are not waited for any longer. */
export type ReleaseOrder = OfProject & { readonly kind: "release"; readonly news: NewsId };
/** Look whether the recipients of schedules that are due soon can be reached. */
export type CheckRecipientsOrder = OfProject & { readonly kind: "check_recipients" };
/** Fetch one page of the channels of the connected Slack team. */
export type SyncChannelsOrder = {
  readonly kind: "sync_channels";
  readonly workspace: WorkspaceId;
  /** When this sync began: channels that no page of it names are gone. */
  readonly begunAt: number;
  /** First the channels that the app is in, then all that it can see. */
  readonly stage: "joined" | "all";
  /** Absent: the first page of the stage. */
  readonly cursor?: string;
  /** How often in a row Slack has asked for patience with this page; absent: not yet. */
  readonly waits?: number;
};

/** The order that begins a sync. */
export const firstSyncOrder = (workspace: WorkspaceId, now: Instant): SyncChannelsOrder => ({
  kind: "sync_channels",
  workspace,
  begunAt: now,
  stage: "joined",
});

export type DeliveryOrder = AnnounceOrder | DeliverOrder | ReleaseOrder | CheckRecipientsOrder | SyncChannelsOrder;

export const DELIVERY_ORDER_KINDS = [
  "announce",
  "deliver",
  "release",
  "check_recipients",
  "sync_channels",
] as const satisfies readonly DeliveryOrder["kind"][];
