/** The channel `slack`: text first, then the picture in its thread, as two steps of one delivery. */
import type { Json } from "../../domain/json.ts";
import type { SendOutcome } from "../../domain/news/delivery.ts";
import type { DeliveryFailure } from "../../domain/news/delivery-failure.ts";
import type { NewsForRecipient } from "../channel.ts";
import { keepPicture, keepText } from "./local.ts";
import { sendPicture } from "./picture.ts";
import { readProgress } from "./progress.ts";
import { sendText } from "./text.ts";
import type { SlackVia } from "./via.ts";

/**
 * Makes one step. After `text` was `sent` with the picture `due`, the step `picture` follows with the progress that it left;
 * that one is `sent` with what became of the picture, or `again`. `remember` keeps progress before what cannot be repeated:
 * without it, a picture whose sender is killed in between may come twice.
 */
export async function deliverBySlack(
  via: SlackVia,
  given: NewsForRecipient,
  step: "text" | "picture",
  progress: Json | null,
  remember: (progress: Json) => Promise<void> = async () => {},
): Promise<SendOutcome> {
  if (step === "text") return via.kind === "outbox" ? keepText(via, given) : sendText(via, given);
  const at = readProgress(progress);
  // A picture of its own would have no text around it.
  if (at === null) return { kind: "sent", picture: "dropped", without: NO_TEXT };
  return via.kind === "outbox" ? keepPicture(via, given, at) : sendPicture({ via, given, at, remember });
}

const NO_TEXT: DeliveryFailure = {
  reason: "lost",
  message: "It is not known which message the picture belongs to.",
};
