/**
 * The second step of a delivery by Slack: the picture, in the thread of its text. Publishing is the one call that must not be
 * made twice; of it Slack tells exactly whether it was done, by the file's id, which is remembered before.
 */
import type { Json } from "../../domain/json.ts";
import type { SendOutcome } from "../../domain/news/delivery.ts";
import type { DeliveryFailure } from "../../domain/news/delivery-failure.ts";
import { type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";
import type { NewsForRecipient, Picture } from "../channel.ts";
import type { SlackTrouble } from "./api.ts";
import { judgeSlack, outcomeOf, type SlackFault } from "./faults.ts";
import { lookForFile, publishFile, type Sighting, type SlackFile, uploadFile } from "./files.ts";
import { composeSlack } from "./message.ts";
import { staysAway } from "./picture-plan.ts";
import { type SlackProgress, toProgress } from "./progress.ts";
import { callVia, has, type SlackConnected } from "./via.ts";

/** Waits between looks for a file that was published: Slack shares it a little later. Seven seconds in all. */
const LOOKS: readonly Milliseconds[] = [SECOND_MS, 2 * SECOND_MS, 4 * SECOND_MS];
/** Tickets that one attempt takes: what goes wrong before the publication is begun anew. */
const TICKETS = 2;

type Sendable = Extract<Picture, { kind: "there" }>;

/** What the step works with. */
interface Step {
  readonly via: SlackConnected;
  readonly given: NewsForRecipient;
  readonly at: SlackProgress;
  /** Keeps what the next attempt must know, before what cannot be repeated. */
  readonly remember: (progress: Json) => Promise<void>;
}

/** Publishes the picture in the thread of the text that was posted. Never answers `failed` or `unknown`: the text is sent. */
export async function sendPicture(step: Step): Promise<SendOutcome> {
  const { via, given, at } = step;
  const { picture } = given;
  const before = at.file === undefined ? "absent" : await sight(via, at.file, at.channel);
  if (before === "shared") return done(at, "sent");
  if (before === "published") return confirm(via, { ...at, file: at.file ?? "" }, false);
  // It was sent, and there is no way to see whether it arrived: never a second time.
  if (before === "unknown") return has(via, "files:read") ? again(at, NOT_SEEN) : done(at, "unconfirmed");
  if (picture === null) return drop(step, GONE);
  if (picture.kind === "late") return again(at, LATE);
  if (picture.kind === "failed") return drop(step, picture.failure);
  const bytes = picture.step === "link" ? null : await picture.read();
  if (bytes === null || bytes.byteLength === 0) return drop(step, picture.step === "link" ? TOO_LARGE : GONE);
  return carry(step, picture, bytes);
}

async function carry(step: Step, { filename, alt }: Sendable, bytes: Uint8Array): Promise<SendOutcome> {
  let file: SlackFile = { filename, alt, bytes };
  for (let ticket = 1; ; ticket += 1) {
    const tried = await tryOnce(step, file);
    if (tried.kind === "settled") return tried.outcome;
    if (ticket === TICKETS) return giveUp(step, tried.fault);
    // What Slack refused of ours can only be its description: all else is a name and a number.
    if (tried.fault.kind === "content") file = { ...file, alt: null };
  }
}

type Tried =
  | { readonly kind: "settled"; readonly outcome: SendOutcome }
  /** Nothing was published: another ticket may do. */
  | { readonly kind: "anew"; readonly fault: SlackFault };

const settled = (outcome: SendOutcome): Tried => ({ kind: "settled", outcome });

/** One ticket, from beginning to end. */
async function tryOnce(step: Step, file: SlackFile): Promise<Tried> {
  const { via, remember } = step;
  const uploaded = await uploadFile(via, file);
  if (!uploaded.ok) return refused(step, judgeSlack(uploaded.error, "read"));
  const at = { channel: step.at.channel, ts: step.at.ts, file: uploaded.value };
  await remember(toProgress(at));
  const named = { id: at.file, title: file.filename };
  const first = await publishFile(via, at, named);
  const published =
    !first.ok && (await joins(via, first.error, at.channel)) ? await publishFile(via, at, named) : first;
  if (published.ok) return settled(await confirm(via, at, published.value));
  const fault = judgeSlack(published.error, "write");
  return fault.kind === "ambiguous" ? lostAnswer(step, at, fault) : refused(step, fault);
}

/** Of public channels the app can become a member by itself, which files take, and messages do not. */
async function joins(via: SlackConnected, { code }: SlackTrouble, channel: string): Promise<boolean> {
  if (code !== "not_in_channel" || !has(via, "channels:join")) return false;
  return (await callVia(via, "conversations.join", { channel })).ok;
}

/** The answer to the publication was lost: Slack is asked what became of it. */
async function lostAnswer(
  { via }: Step,
  at: SlackProgress & { readonly file: string },
  fault: SlackFault,
): Promise<Tried> {
  switch (await sight(via, at.file, at.channel)) {
    case "shared":
      return settled(done(at, "sent"));
    case "published":
      return settled(await confirm(via, at, false));
    case "absent":
      return { kind: "anew", fault };
    case "unknown":
      return settled(has(via, "files:read") ? again(at, NOT_SEEN) : done(at, "unconfirmed"));
  }
}

/** Nothing was published. */
async function refused(step: Step, fault: SlackFault): Promise<Tried> {
  switch (fault.kind) {
    case "connection":
      // The text went, so that it is this permission alone that is missing.
      return settled(
        fault.failure.reason === "slack_scope_missing" ? await drop(step, fault.failure) : giveUp(step, fault),
      );
    case "target":
    case "files":
      return settled(await drop(step, fault.failure));
    case "content":
    case "ambiguous":
      return { kind: "anew", fault };
    case "again":
      // Whoever asks for patience gets it; all else may be the ticket's.
      return fault.after === undefined && fault.failure.reason !== "rate_limited"
        ? { kind: "anew", fault }
        : settled(giveUp(step, fault));
  }
}

/** Both tickets came to nothing, or nothing comes of this attempt: the next one begins with a new ticket. */
function giveUp({ at }: Step, fault: SlackFault): SendOutcome {
  const progress = toProgress({ channel: at.channel, ts: at.ts });
  if (fault.kind === "content") return { kind: "sent", progress, picture: "dropped", without: fault.failure };
  const outcome = outcomeOf(fault);
  return outcome.kind === "again"
    ? { ...outcome, progress }
    : { kind: "again", failure: { ...fault.failure, reason: "out_of_order" }, progress };
}

/** It is published; whether it is seen in the channel takes Slack a moment. */
async function confirm(
  via: SlackConnected,
  at: SlackProgress & { readonly file: string },
  isSeen: boolean,
): Promise<SendOutcome> {
  if (isSeen) return done(at, "sent");
  if (!has(via, "files:read")) return done(at, "unconfirmed");
  for (const wait of LOOKS) {
    await via.pause(wait);
    if ((await lookForFile(via, at.file, at.channel)) === "shared") return done(at, "sent");
  }
  return done(at, "unconfirmed");
}

const sight = (via: SlackConnected, file: string, channel: string): Promise<Sighting> =>
  has(via, "files:read") ? lookForFile(via, file, channel) : Promise.resolve("unknown");

/** The text stands alone. It said that a picture follows, so it is corrected, if that can be done. */
async function drop({ via, given, at }: Step, failure: DeliveryFailure): Promise<SendOutcome> {
  const { text, blocks } = composeSlack(given, staysAway(failure).word);
  await callVia(via, "chat.update", { channel: at.channel, ts: at.ts, text, blocks: JSON.stringify(blocks) });
  const progress = toProgress({ channel: at.channel, ts: at.ts });
  return { kind: "sent", progress, picture: "dropped", without: failure };
}

const done = (at: SlackProgress, picture: "sent" | "unconfirmed"): SendOutcome => ({
  kind: "sent",
  progress: toProgress(at),
  picture,
});

const again = (at: SlackProgress, failure: DeliveryFailure): SendOutcome => ({
  kind: "again",
  failure,
  progress: toProgress(at),
});

const NOT_SEEN: DeliveryFailure = {
  reason: "answer_lost",
  message: "Slack's answer to the publication of the picture was lost, and whether it is there could not be seen.",
};
const LATE: DeliveryFailure = { reason: "picture_late", message: "The capture is not there yet." };
const GONE: DeliveryFailure = { reason: "picture_failed", message: "The capture is not there any more." };
const TOO_LARGE: DeliveryFailure = { reason: "picture_too_large", message: "The capture is larger than Slack shows." };
