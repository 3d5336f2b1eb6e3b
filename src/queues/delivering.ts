/**
 * Makes one delivery. All that can be prepared is prepared first; then the delivery is claimed, which says that sending
 * begins; then it is sent and settled. So a crash before the claim sent nothing, and one after it leaves a claim that runs
 * out: what may be repeated is repeated then, and of the rest the ledger says that nobody knows.
 */
import { findAddresses } from "../directory/address-book.ts";
import { findProject } from "../directory/projects.ts";
import { mintProjectScope, workspaceOf } from "../domain/access.ts";
import { readMemberId, stableFraction } from "../domain/ids.ts";
import { type Attempt, type Delivery, isSettled, type SendOutcome } from "../domain/news/delivery.ts";
import type { DeliveryFailure } from "../domain/news/delivery-failure.ts";
import { type DeliverOrder, isLight } from "../domain/news/delivery-order.ts";
import { whyNotTold } from "../domain/news/expansion.ts";
import { isUrgent } from "../domain/news/news.ts";
import { mayRepeatUnknown } from "../domain/news/retrying.ts";
import { PICTURE_GIVEN_UP_MS, type Settlement, settlementOf } from "../domain/news/settlement.ts";
import { type Instant, MINUTE_MS, type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import type { Env } from "../env.ts";
import { listCaptures } from "../runlog/captures.ts";
import { findDelivery, suppressDelivery } from "../runlog/deliveries.ts";
import {
  type ClaimedDelivery,
  claimDelivery,
  rememberProgress,
  STEP_LASTS_MS,
  type Step,
  settleDelivery,
  settleLost,
} from "../runlog/delivery-claims.ts";
import { newId, now } from "../system.ts";
import { isWaiting } from "./announcing.ts";
import { CHANNEL_WAYS, type Way } from "./channels.ts";
import { sendOrders } from "./delivery-messages.ts";
import { newsForRecipient, type Subject } from "./news-for-recipient.ts";
import { tellKeepers } from "./telling-keepers.ts";

/** What was planned no longer ago is not looked up once more. */
const JUST_PLANNED_MS: Milliseconds = 5 * SECOND_MS;

/** A shorter wait is a message that comes later; a longer one is in the ledger alone, where the sweep finds it. */
const LONGEST_MESSAGE_MS: Milliseconds = 15 * MINUTE_MS;

const LOST: DeliveryFailure = {
  reason: "lost",
  message: "Whoever was sending it stopped before the answer was written down: it may have arrived.",
};

/**
 * Makes the delivery that is named, if it is due and in nobody's hands. `onClaim` is called when the message has done its
 * work: from there on the ledger looks after the delivery. Throws when a room of the house cannot be reached.
 */
export async function deliver(env: Env, order: DeliverOrder, onClaim: () => void): Promise<void> {
  const subject = await subjectOf(env, order);
  if (subject === null) return onClaim();
  const { delivery, news, captures } = subject;
  if (delivery.state === "sent") return delivery.picture === "due" ? followUp(env, subject, onClaim) : onClaim();
  if (isSettled(delivery.state)) return onClaim();
  // Told once more when the captures are there, or when they are waited for no longer.
  if (delivery.attempts === 0 && isWaiting(delivery, news, captures)) return onClaim();
  const whyNot = await whyNotAnyMore(env, subject);
  if (whyNot === null) return carryOut(env, subject, "send", onClaim);
  await suppressDelivery(env.RUNLOG, subject.project.scope, delivery, whyNot, now());
  onClaim();
}

/**
 * Why somebody is not told any more to whom the news was to go: what is tried again after hours, or sent again after weeks, is
 * not for whoever has left meanwhile, nor by Slack where the plan has none any more.
 */
async function whyNotAnyMore(env: Env, { project, news, delivery }: Subject): Promise<DeliveryFailure | null> {
  const { recipient, channel, attempts, log, round, createdAt, notification } = delivery;
  // Looked up a moment ago, when it was planned. What waited for its capture, was tried before or is sent again was not.
  const isNew = attempts === 0 && log.length === 0 && round === 0 && now() < createdAt + JUST_PLANNED_MS;
  // Who is in the group by now was no recipient of this news.
  if (recipient.kind === "group") return NOBODY;
  if (recipient.kind === "webhook" || isNew) return null;
  const users = recipient.kind === "user" ? [readMemberId(recipient.id)] : [];
  const schedule = news.schedule?.id ?? null;
  const asked = { users, groups: [], slackChannels: [], schedule, audience: "endpoints" } as const;
  const { readers, slack } = await findAddresses(env.DIRECTORY, project.scope, asked);
  if (channel === "slack" && slack === "not_in_plan") return OUT_OF_PLAN;
  const [id] = users;
  if (id === undefined) return null;
  const reader = readers.get(id);
  if (reader === undefined) return GONE;
  // Who looks after a project hears of its troubles, whatever they chose to hear of its runs.
  return notification !== null ? whyNotTold(reader) : reader.state === "active" ? null : GONE;
}

const OUT_OF_PLAN: DeliveryFailure = { reason: "plan", message: "The workspace's plan has no Slack notifications." };
const NOBODY: DeliveryFailure = { reason: "recipient_missing", message: "Nobody was in the group, or it was deleted." };
const GONE: DeliveryFailure = { reason: "recipient_missing", message: "The member is not in the workspace any more." };

async function subjectOf(env: Env, order: DeliverOrder): Promise<Subject | null> {
  const scope = mintProjectScope(order.workspace, order.project);
  const project = await findProject(env.DIRECTORY, workspaceOf(scope), order.project, now());
  if (project === null) return null;
  const found = await findDelivery(env.RUNLOG, scope, order.news, order.delivery, now());
  if (found === null) return null;
  const { delivery, news, lostClaim } = found;
  const isPictured = delivery.wants !== null && news.run !== null;
  const captures = isPictured ? await listCaptures(env.RUNLOG, scope, news.run.id) : [];
  const subject = { project, news, delivery, captures };
  const isPictureLost = delivery.state === "sent";
  // A picture is looked for where it was to appear, so that a lost one can be gone on with.
  if (lostClaim === null || isPictureLost || mayRepeatUnknown(delivery, isUrgent(news))) return subject;
  const lost = { outcome: { kind: "unknown", failure: LOST }, way: null, claim: lostClaim } as const;
  await settle(env, subject, lost, (settlement) =>
    settleLost(env.RUNLOG, scope, { ...delivery, claim: lostClaim }, { ...settlement, attempt: null }, now()),
  );
  return null;
}

/** The picture after a text that was sent: when its capture is there, or failed, or was waited for long enough. */
async function followUp(env: Env, subject: Subject, onClaim: () => void): Promise<void> {
  const { delivery, captures } = subject;
  const capture = captures.find(({ format }) => format === delivery.wants);
  const isOpen = capture === undefined || capture.state === "pending";
  if (isOpen && now() < delivery.begunAt + PICTURE_GIVEN_UP_MS) return onClaim();
  await carryOut(env, subject, "picture", onClaim);
}

/** One step after the other, as long as one leads to the next. */
async function carryOut(env: Env, subject: Subject, first: Step, onClaim: () => void): Promise<void> {
  const { project } = subject;
  const way = await openWay(env, subject);
  for (let step: Step | null = first; step !== null; ) {
    const claimed = await claimDelivery(env.RUNLOG, project.scope, subject.delivery, step, now());
    onClaim();
    if (claimed === null) return;
    step = await take(env, { ...subject, delivery: claimed }, way, step, claimed);
  }
}

const NOT_PREPARED: DeliveryFailure = {
  reason: "not_prepared",
  message: "It could not be made ready: something that it takes could not be read.",
};

/** What cannot be made ready is an attempt all the same: else it would be tried for ever, and nobody would hear of it. */
async function openWay(env: Env, subject: Subject): Promise<Way> {
  try {
    const given = await newsForRecipient(env, subject);
    return await CHANNEL_WAYS[subject.delivery.channel](env, subject.project, given);
  } catch (cause) {
    console.error({ event: "delivery_not_prepared", delivery: subject.delivery.id, cause: String(cause) });
    return { send: async () => ({ kind: "again", failure: NOT_PREPARED }) };
  }
}

/** Takes one step, and answers the next one that can be taken at once. */
async function take(env: Env, subject: Subject, way: Way, step: Step, claimed: ClaimedDelivery): Promise<Step | null> {
  const { scope } = subject.project;
  const startedAt = now();
  let { progress } = claimed;
  const outcome = await sent(way, step, claimed, async (further) => {
    progress = further;
    await rememberProgress(env.RUNLOG, scope, claimed, further);
  });
  const attempt: Attempt = {
    at: startedAt,
    tookMs: now() - startedAt,
    outcome: outcome.kind,
    failure: outcome.kind === "sent" ? (outcome.without ?? null) : outcome.failure,
  };
  const after: Subject = { ...subject, delivery: { ...claimed, progress } };
  const settlement = await settle(env, after, { outcome, way, claim: claimed.claim }, (one) =>
    settleDelivery(env.RUNLOG, scope, claimed, { ...one, attempt: step === "send" ? attempt : null }, now()),
  );
  // Of a text whose picture is there already, it follows at once.
  const isThere = subject.captures.some(({ format, state }) => format === claimed.wants && state === "captured");
  return step === "send" && outcome.kind === "sent" && settlement.picture === "due" && isThere ? "picture" : null;
}

/** What a channel does not expect is ours to answer for: whether it arrived is not known. Nor is it of one that takes too long. */
async function sent(
  way: Way,
  step: Step,
  claimed: ClaimedDelivery,
  remember: Parameters<Way["send"]>[2],
): Promise<SendOutcome> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<SendOutcome>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "unknown", failure: TOO_LONG }), STEP_LASTS_MS);
  });
  try {
    return await Promise.race([way.send(step, claimed.progress, remember), tooLong]);
  } catch (cause) {
    console.error({ event: "delivery_threw", delivery: claimed.id, channel: claimed.channel, cause: String(cause) });
    return { kind: "unknown", failure: { reason: "lost", message: "Sending it ended in a fault of ours." } };
  } finally {
    clearTimeout(timer);
  }
}

const TOO_LONG: DeliveryFailure = {
  reason: "answer_lost",
  message: `It was not over after ${STEP_LASTS_MS / MINUTE_MS} minutes, so nobody waits for it any longer.`,
};

/** What came of a step. */
interface Ended {
  readonly outcome: SendOutcome;
  /** Null where nobody is there any more who took it. */
  readonly way: Way | null;
  readonly claim: number;
}

/** Decides what follows from an outcome, tells who is to be told, and writes it down: in this order, so that nothing is lost. */
async function settle(
  env: Env,
  subject: Subject,
  { outcome, way, claim }: Ended,
  write: (settlement: Settlement) => Promise<boolean>,
): Promise<Settlement> {
  const { project, news, delivery } = subject;
  const settlement = settlementOf(delivery, news, outcome, { at: now(), die: stableFraction(newId()) });
  const { state, nextAt, failure } = settlement;
  if ((state === "failed" || state === "unknown") && failure !== null)
    await tellKeepers(env, project.scope, news, delivery, { failure, attempt: claim });
  await follow(way, outcome, settlement, delivery);
  const isMine = await write(settlement);
  const isSoon = nextAt !== null && nextAt - now() <= LONGEST_MESSAGE_MS;
  // A picture that is to follow its text is waited for by its capture; one that was tried is tried again.
  const isTriedAgain = state === "retrying" || (delivery.state === "sent" && settlement.picture === "due");
  if (isMine && isSoon && isTriedAgain) await sendLater(env, subject, nextAt);
  return settlement;
}

/** What follows for the channel keeps no delivery from being written down: one that was sent would be sent again. */
async function follow(way: Way | null, outcome: SendOutcome, settlement: Settlement, { id }: Delivery): Promise<void> {
  try {
    await way?.follow?.(outcome, settlement);
  } catch (cause) {
    console.error({ event: "delivery_not_followed_up", delivery: id, cause: String(cause) });
  }
}

/** Never throws: what the queue does not take is found by the sweep. */
async function sendLater(env: Env, { project, news, delivery }: Subject, at: Instant): Promise<void> {
  const { workspaceId: workspace, projectId } = project.scope;
  try {
    const order: DeliverOrder = {
      kind: "deliver",
      workspace,
      project: projectId,
      news: news.id,
      delivery: delivery.id,
      isLight: isLight(delivery),
    };
    await sendOrders(env, [order], at - now());
  } catch (cause) {
    console.warn({ event: "delivery_left_to_sweep", delivery: delivery.id, cause: String(cause) });
  }
}
