/** The first step of a delivery by Slack: the text, which waits for no picture. */
import type { SendOutcome } from "../../domain/news/delivery.ts";
import { fail, ok, type Result } from "../../domain/result.ts";
import type { NewsForRecipient } from "../channel.ts";
import { asObject, asText, OWN_CODES, type SlackArgs, type SlackTrouble } from "./api.ts";
import { judgeSlack, outcomeOf, type SlackFault } from "./faults.ts";
import { composeSlack, type SlackMessage } from "./message.ts";
import { type PicturePlan, planPicture } from "./picture-plan.ts";
import { type SlackProgress, toProgress } from "./progress.ts";
import { callVia, has, type SlackConnected } from "./via.ts";

/** Where a message goes: a channel, or somebody's direct messages. */
interface Destination {
  readonly channel: string;
  /** Null of a channel. */
  readonly person: string | null;
  /** It was opened before, and may be gone. */
  readonly isRemembered: boolean;
}

/** Posts the text. A lost answer is `unknown`: nothing that Slack offers tells whether a message was posted. */
export async function sendText(via: SlackConnected, given: NewsForRecipient): Promise<SendOutcome> {
  const to = await destinationOf(via, given);
  if (!to.ok) return to.error;
  const plan = planPicture(given.picture, has(via, "files:write"));
  const message = composeSlack(given, plan.word);
  const posted = await postTo(via, to.value, message, given);
  if (posted.ok) return sent(posted.value, plan);
  const fault = judge(posted.error, to.value);
  if (fault.kind === "content") return resendPlain(via, to.value, wordsOf(message, given), plan, fault);
  return outcomeOf(fault);
}

const sent = (at: SlackProgress, { state, without }: PicturePlan): SendOutcome => ({
  kind: "sent",
  progress: toProgress(at),
  ...(state === undefined ? {} : { picture: state }),
  ...(without === undefined ? {} : { without }),
});

/** Once more with nothing that could be wrong but the words. That it came to this is our fault, so we are told. */
async function resendPlain(
  via: SlackConnected,
  to: Destination,
  { metadata, ...words }: SlackArgs,
  plan: PicturePlan,
  refused: SlackFault,
): Promise<SendOutcome> {
  console.error({ event: "slack_message_refused", code: refused.failure.code });
  const isOfMetadata = refused.failure.code?.includes("metadata") ?? false;
  const posted = await post(via, { ...words, ...(isOfMetadata ? {} : { metadata }), channel: to.channel });
  if (posted.ok) return sent(posted.value, { ...plan, without: refused.failure });
  return outcomeOf(judge(posted.error, to));
}

/** A conversation that was opened long ago may be gone: then it is opened anew, once. */
async function postTo(
  via: SlackConnected,
  to: Destination,
  message: SlackMessage,
  given: NewsForRecipient,
): Promise<Result<SlackProgress, SlackTrouble>> {
  const args = { ...wordsOf(message, given), blocks: JSON.stringify(message.blocks) };
  const posted = await post(via, { ...args, channel: to.channel });
  const isGone = !posted.ok && posted.error.code === "channel_not_found" && to.isRemembered;
  if (!isGone || to.person === null) return posted;
  const opened = await open(via, to.person);
  return opened.ok ? post(via, { ...args, channel: opened.value }) : posted;
}

/** All that is posted but for the blocks. */
const wordsOf = ({ text }: SlackMessage, { delivery, news, project }: NewsForRecipient): SlackArgs => ({
  text,
  unfurl_links: false,
  unfurl_media: false,
  metadata: {
    event_type: "carillon_news",
    event_payload: { delivery, news: news.id, event: news.event, project: project.id, run: news.run?.id ?? "" },
  },
});

async function post(via: SlackConnected, args: SlackArgs): Promise<Result<SlackProgress, SlackTrouble>> {
  const posted = await callVia(via, "chat.postMessage", args);
  if (!posted.ok) return posted;
  const [channel, ts] = [asText(posted.value.channel), asText(posted.value.ts)];
  if (channel === "" || ts === "") return fail(UNNAMED);
  return ok({ channel, ts });
}

/** It says that it was posted, and not where. */
const UNNAMED: SlackTrouble = { code: OWN_CODES.unreadable, httpStatus: 200, phase: "ambiguous" };

/** In direct messages it is the person who is not there. */
function judge(trouble: SlackTrouble, { person }: Destination): SlackFault {
  const fault = judgeSlack(trouble, "write");
  const { reason } = fault.failure;
  const isGone = person !== null && (reason === "channel_not_found" || reason === "channel_archived");
  return isGone ? { ...fault, failure: { ...fault.failure, reason: "slack_person_gone" } } : fault;
}

async function destinationOf(
  via: SlackConnected,
  { target }: NewsForRecipient,
): Promise<Result<Destination, SendOutcome>> {
  const { address, recipient } = target;
  const isPerson = recipient.kind === "user";
  if (address === null) return fail(isPerson ? NOT_LINKED : NO_CHANNEL);
  if (!isPerson) return ok({ channel: address, person: null, isRemembered: false });
  // Whoever planned the delivery may know the conversation already.
  if (address.startsWith("D")) return ok({ channel: address, person: address, isRemembered: false });
  const known = await via.conversations.find(address);
  if (known !== null) return ok({ channel: known, person: address, isRemembered: true });
  const opened = await open(via, address);
  if (opened.ok) return ok({ channel: opened.value, person: address, isRemembered: false });
  return fail(refusedToOpen(opened.error));
}

/** Opening twice is opening once, so that it counts as a read. */
async function open(via: SlackConnected, person: string): Promise<Result<string, SlackTrouble>> {
  const opened = await callVia(via, "conversations.open", { users: person });
  if (!opened.ok) return opened;
  const conversation = asText(asObject(opened.value.channel)?.id);
  if (conversation === "") return fail(UNNAMED);
  await via.conversations.keep(person, conversation);
  return ok(conversation);
}

/** Without `im:write` the connection works all the same, but for direct messages: it is not held, and mail goes out. */
function refusedToOpen(trouble: SlackTrouble): SendOutcome {
  const fault = judgeSlack(trouble, "read");
  const { failure } = fault;
  if (failure.reason === "slack_scope_missing") return { kind: "failed", failure };
  if (failure.reason === "channel_not_found")
    return { kind: "failed", failure: { ...failure, reason: "slack_person_gone" } };
  return outcomeOf(fault);
}

const NOT_LINKED: SendOutcome = {
  kind: "failed",
  failure: { reason: "slack_not_linked", message: "The member has linked no Slack account." },
};
const NO_CHANNEL: SendOutcome = {
  kind: "failed",
  failure: { reason: "channel_not_found", message: "The notification names no channel that Slack has." },
};
