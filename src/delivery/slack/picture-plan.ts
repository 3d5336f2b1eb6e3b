/** What becomes of a picture, decided when the text goes: it is in the text. */
import type { PictureState } from "../../domain/news/delivery.ts";
import type { DeliveryFailure } from "../../domain/news/delivery-failure.ts";
import type { Picture } from "../channel.ts";
import type { PictureWord } from "./message.ts";

/** What the text says, and what the ledger keeps. */
export interface PicturePlan {
  readonly word: PictureWord;
  readonly state?: PictureState;
  readonly without?: DeliveryFailure;
}

const NO_SCOPE: DeliveryFailure = {
  reason: "slack_scope_missing",
  message: "The connection to Slack may not send files.",
  code: "missing_scope",
};
const TOO_LARGE: DeliveryFailure = {
  reason: "picture_too_large",
  message: "The capture is larger than Slack shows.",
};

/** The text that stands alone, and why. */
export const staysAway = (failure: DeliveryFailure): PicturePlan => ({
  word: { kind: "stays_away", why: { kind: "failed", failure } },
  state: "dropped",
  without: failure,
});

/** Of the picture as it is when the text goes. */
export function planPicture(picture: Picture | null, maySendFiles: boolean): PicturePlan {
  if (picture === null) return { word: { kind: "none" } };
  if (picture.kind === "failed") return staysAway(picture.failure);
  if (!maySendFiles) return staysAway(NO_SCOPE);
  if (picture.kind === "late") return { word: { kind: "late" }, state: "due" };
  if (picture.step === "link")
    return { word: { kind: "stays_away", why: { kind: "link" } }, state: "dropped", without: TOO_LARGE };
  return { word: { kind: "follows", isPreview: picture.step === "preview" }, state: "due" };
}
