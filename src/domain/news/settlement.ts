/** What a delivery is after an outcome: its state, what is left to do, and when. Pure; chance comes in as a die. */
import { GIVE_UP_AFTER_MS } from "../captures/capture.ts";
import type { Json } from "../json.ts";
import { type Instant, MINUTE_MS, type Milliseconds, SECOND_MS } from "../time/instant.ts";
import type { Delivery, DeliveryState, PictureState, SendOutcome } from "./delivery.ts";
import type { DeliveryFailure } from "./delivery-failure.ts";
import { isUrgent, type News } from "./news.ts";
import { mayRepeatUnknown, nextAttemptAt } from "./retrying.ts";

/** What a delivery is after a step. */
export interface Settlement {
  readonly state: DeliveryState;
  /** When somebody looks at it next; null: never. */
  readonly nextAt: Instant | null;
  readonly failure: DeliveryFailure | null;
  readonly picture: PictureState | null;
  readonly progress: Json | null;
}

/** How often a picture that follows is looked after, beside when its capture is settled. */
const PICTURE_LOOK_MS: Milliseconds = 5 * MINUTE_MS;
/** The least wait before a picture is tried again. */
const PICTURE_AGAIN_MS: Milliseconds = 30 * SECOND_MS;
/** Pictures that follow are given up soon after their captures are. */
export const PICTURE_GIVEN_UP_MS: Milliseconds = GIVE_UP_AFTER_MS + 5 * MINUTE_MS;

/** Decides. A delivery that is `sent` already is one whose picture was to follow. `die` is chance in [0, 1). */
export const settlementOf = (
  delivery: Delivery,
  news: Pick<News, "event">,
  outcome: SendOutcome,
  { at, die }: { readonly at: Instant; readonly die: number },
): Settlement =>
  delivery.state === "sent" ? afterPicture(delivery, outcome, at) : afterSending(delivery, news, outcome, at, die);

function afterSending(
  delivery: Delivery,
  news: Pick<News, "event">,
  outcome: SendOutcome,
  at: Instant,
  die: number,
): Settlement {
  const { progress } = delivery;
  switch (outcome.kind) {
    case "sent": {
      const picture = outcome.picture ?? null;
      const nextAt = picture === "due" ? at + PICTURE_LOOK_MS : null;
      const failure = outcome.without ?? null;
      return { state: "sent", nextAt, failure, picture, progress: outcome.progress ?? progress };
    }
    case "failed":
      return { state: "failed", nextAt: null, failure: outcome.failure, picture: null, progress };
    case "unknown":
      if (mayRepeatUnknown(delivery, isUrgent(news))) return afterFault(delivery, outcome, at, die);
      return { state: "unknown", nextAt: null, failure: outcome.failure, picture: null, progress };
    case "again":
      return afterFault(delivery, outcome, at, die);
  }
}

type Faulty = Pick<Extract<SendOutcome, { kind: "again" }>, "failure" | "after" | "progress">;

function afterFault(delivery: Delivery, { failure, after, progress }: Faulty, at: Instant, die: number): Settlement {
  const { channel, attempts, begunAt } = delivery;
  const nextAt = nextAttemptAt({ channel, attempts, reason: failure.reason, after, begunAt }, at, die);
  const state = nextAt === null ? "failed" : "retrying";
  return { state, nextAt, failure, picture: null, progress: progress ?? delivery.progress };
}

/** Whatever becomes of the picture, the text was sent. */
function afterPicture(delivery: Delivery, outcome: SendOutcome, at: Instant): Settlement {
  const { progress, failure, begunAt } = delivery;
  const settled = { state: "sent", nextAt: null, progress } as const;
  switch (outcome.kind) {
    case "sent": {
      const picture = outcome.picture ?? "sent";
      const nextAt = picture === "due" ? at + PICTURE_LOOK_MS : null;
      return { ...settled, nextAt, picture, failure: outcome.without ?? null, progress: outcome.progress ?? progress };
    }
    case "failed":
      return { ...settled, picture: "dropped", failure: outcome.failure };
    case "unknown":
      return { ...settled, picture: "unconfirmed", failure };
    case "again": {
      // Tried as long as its capture would have been waited for; then the text stands alone.
      const nextAt = at + Math.max(outcome.after ?? 0, PICTURE_AGAIN_MS);
      const isOver = nextAt > begunAt + PICTURE_GIVEN_UP_MS;
      const rest = { failure: outcome.failure, progress: outcome.progress ?? progress };
      return { ...settled, ...rest, nextAt: isOver ? null : nextAt, picture: isOver ? "dropped" : "due" };
    }
  }
}
