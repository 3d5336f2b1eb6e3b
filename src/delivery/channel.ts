/** What every channel is handed, whichever it is: news, ready to be put into the channel's own form. */
import type { CaptureFormat } from "../domain/captures/capture.ts";
import type { NewsStep } from "../domain/captures/news-size.ts";
import type { DeliveryId } from "../domain/ids.ts";
import type { DeliveryTarget } from "../domain/news/delivery.ts";
import type { DeliveryFailure } from "../domain/news/delivery-failure.ts";
import type { News } from "../domain/news/news.ts";
import type { Notification } from "../domain/notification.ts";

/** The capture that goes along, or why none does. */
export type Picture =
  | {
      readonly kind: "there";
      readonly format: CaptureFormat;
      /** What of it the channel carries. `link`: nothing but the address. */
      readonly step: NewsStep;
      /** Of what is carried: the capture itself, or its preview. */
      readonly contentType: string;
      /** Bytes of what is carried; 0 with `link`. */
      readonly size: number;
      /** Such as `daily-report-2027-01-15.png`. */
      readonly filename: string;
      /** In pixels; absent of a PDF. */
      readonly width?: number;
      readonly height?: number;
      /** What is on it, for whoever does not see it. */
      readonly alt: string;
      /** Reads the bytes; null when they are gone. Not called with `link`. */
      readonly read: () => Promise<Uint8Array | null>;
    }
  /** It may still come: Slack says so, and lets it follow. */
  | { readonly kind: "late"; readonly format: CaptureFormat }
  | { readonly kind: "failed"; readonly format: CaptureFormat; readonly failure: DeliveryFailure };

/** Addresses that lead into the deployment; null where it does not know its own. */
export interface NewsLinks {
  /** The run, for whoever may see it; of news without a run, the project. */
  readonly run: string | null;
  /** The app as the run left it. */
  readonly app: string | null;
  /** The capture; null where none is wanted. */
  readonly capture: string | null;
  /** A page that asks, and one-click by POST; null of a recipient who is no person. */
  readonly unsubscribe: string | null;
}

/** News for one recipient. */
export interface NewsForRecipient {
  /** Stays the same over retries and redeliveries. */
  readonly delivery: DeliveryId;
  /** How often somebody had it sent again. */
  readonly round: number;
  readonly news: News;
  readonly project: { readonly id: string; readonly slug: string; readonly name: string };
  /** The notification that asked for it; null where none had to. */
  readonly notification: Notification | null;
  readonly target: DeliveryTarget;
  readonly links: NewsLinks;
  readonly picture: Picture | null;
  /** The zone to say times in: the reader's own, else the schedule's. */
  readonly timezone: string;
}
