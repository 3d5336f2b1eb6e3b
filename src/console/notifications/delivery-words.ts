/** Deliveries in words: by what way, and what became of them. */
import type { Channel, DeliveryState, PictureState } from "../../domain/news/delivery.ts";

export const CHANNEL_WORDS: Readonly<Record<Channel, string>> = {
  email: "by email",
  slack: "in Slack",
  webhook: "by webhook",
};

export const STATE_WORDS: Readonly<Record<DeliveryState, string>> = {
  pending: "on its way",
  retrying: "not yet; tried again",
  sent: "sent",
  failed: "did not arrive",
  unknown: "may have arrived",
  suppressed: "not sent",
};

export const PICTURE_WORDS: Readonly<Record<PictureState, string>> = {
  due: "The picture follows.",
  sent: "The picture is there.",
  unconfirmed: "The picture was published; nobody saw it appear.",
  dropped: "It went without the picture.",
};
