/** On one's own machine: a team that is none, whose messages go to the outbox. */
import type { SendOutcome } from "../../domain/news/delivery.ts";
import type { DeliveryFailure } from "../../domain/news/delivery-failure.ts";
import type { NewsForRecipient } from "../channel.ts";
import { composeSlack } from "./message.ts";
import { planPicture } from "./picture-plan.ts";
import { type SlackProgress, toProgress } from "./progress.ts";
import type { SlackOutbox } from "./via.ts";

export const LOCAL_TEAM = { id: "T0LOCAL", name: "On this machine" } as const;

/** Its channels: one of each kind, so that each can be tried. */
export const LOCAL_CHANNELS = [
  { id: "C0LOCALGENERAL", name: "general", isPrivate: false, isMember: true, isArchived: false },
  { id: "C0LOCALREPORTS", name: "reports", isPrivate: false, isMember: true, isArchived: false },
  { id: "C0LOCALALERTS", name: "alerts", isPrivate: false, isMember: false, isArchived: false },
  { id: "C0LOCALLEADS", name: "leads", isPrivate: true, isMember: true, isArchived: false },
  { id: "C0LOCALOLD", name: "old-reports", isPrivate: false, isMember: false, isArchived: true },
] as const;

const ARCHIVED: DeliveryFailure = {
  reason: "channel_archived",
  message: "Slack would answer is_archived.",
  code: "is_archived",
};
const GONE: DeliveryFailure = { reason: "picture_failed", message: "The capture is not there any more." };

/** Keeps the text as it would have been posted. */
export async function keepText(outbox: SlackOutbox, given: NewsForRecipient): Promise<SendOutcome> {
  const { target, news } = given;
  const channel = target.address ?? target.recipient.id;
  if (LOCAL_CHANNELS.some(({ id, isArchived }) => id === channel && isArchived))
    return { kind: "failed", failure: ARCHIVED };
  const plan = planPicture(given.picture, true);
  const { title, text, blocks } = composeSlack(given, plan.word);
  await outbox.keep({
    recipient: recipientOf(given),
    title,
    // Blocks are JSON, which their type does not say.
    body: { channel, ts: news.id, text, blocks: JSON.parse(JSON.stringify(blocks)) },
    files: [],
  });
  return {
    kind: "sent",
    progress: toProgress({ channel, ts: news.id }),
    ...(plan.state === undefined ? {} : { picture: plan.state }),
    ...(plan.without === undefined ? {} : { without: plan.without }),
  };
}

/** Keeps the picture, as a message of its own in the thread. */
export async function keepPicture(
  outbox: SlackOutbox,
  given: NewsForRecipient,
  at: SlackProgress,
): Promise<SendOutcome> {
  const { picture } = given;
  const progress = toProgress(at);
  if (picture?.kind === "failed") return { kind: "sent", progress, picture: "dropped", without: picture.failure };
  const bytes = picture?.kind === "there" && picture.step !== "link" ? await picture.read() : null;
  if (picture?.kind !== "there" || bytes === null) return { kind: "sent", progress, picture: "dropped", without: GONE };
  const { filename, contentType, alt } = picture;
  await outbox.keep({
    recipient: recipientOf(given),
    title: filename,
    body: { channel: at.channel, text: alt, blocks: [], thread: at.ts },
    files: [{ filename, contentType, contentId: null, bytes }],
  });
  return { kind: "sent", progress, picture: "sent" };
}

const recipientOf = ({ target: { recipient } }: NewsForRecipient): string =>
  recipient.kind === "slack_channel" ? `#${recipient.name.replace(/^#/, "")}` : recipient.name;
