/** One row of the ledger of deliveries, as it lies in SQL. */
import type { CaptureFormat } from "../domain/captures/capture.ts";
import { readDeliveryId, readNewsId } from "../domain/ids.ts";
import type { Json } from "../domain/json.ts";
import type {
  Attempt,
  Channel,
  Delivery,
  DeliveryState,
  PictureState,
  RecipientKind,
  Told,
} from "../domain/news/delivery.ts";
import type { DeliveryFailure } from "../domain/news/delivery-failure.ts";
import type { NewsEvent } from "../domain/news/news.ts";

export type DeliveryRow = {
  news_id: string;
  id: string;
  event: string;
  notification: number | null;
  channel: string;
  recipient_kind: string;
  recipient_id: string;
  recipient_name: string;
  address: string | null;
  timezone: string | null;
  wants: string | null;
  state: string;
  attempts: number;
  next_at: number | null;
  created_at: number;
  begun_at: number;
  round: number;
  settled_at: number | null;
  failure: string | null;
  picture: string | null;
  progress: string | null;
  log: string;
  told: string | null;
};

export const DELIVERY_COLUMNS = `news_id, id, event, notification, channel, recipient_kind, recipient_id, recipient_name, address, timezone,
  wants, state, attempts, next_at, created_at, begun_at, round, settled_at, failure, picture, progress, log, told`;

/** What names one delivery, by the first four parameters of a statement. */
export const ONE_DELIVERY = "workspace_id = ?1 AND project_id = ?2 AND news_id = ?3 AND id = ?4";

/** The columns are what this room wrote, and the CHECKs hold their values. */
export function parseDelivery(row: DeliveryRow): Delivery {
  return {
    id: readDeliveryId(row.id),
    news: readNewsId(row.news_id),
    event: row.event as NewsEvent,
    notification: row.notification,
    channel: row.channel as Channel,
    recipient: { kind: row.recipient_kind as RecipientKind, id: row.recipient_id, name: row.recipient_name },
    address: row.address,
    timezone: row.timezone,
    wants: row.wants as CaptureFormat | null,
    state: row.state as DeliveryState,
    attempts: row.attempts,
    nextAt: row.next_at,
    createdAt: row.created_at,
    begunAt: row.begun_at,
    round: row.round,
    settledAt: row.settled_at,
    failure: row.failure === null ? null : (JSON.parse(row.failure) as DeliveryFailure),
    picture: row.picture as PictureState | null,
    progress: row.progress === null ? null : (JSON.parse(row.progress) as Json),
    log: JSON.parse(row.log) as readonly Attempt[],
    told: row.told === null ? [] : (JSON.parse(row.told) as readonly Told[]),
  };
}
