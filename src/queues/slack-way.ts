/** How `slack` sends: by the workspace's connection; and what follows when Slack refuses that, or does not know the person. */
import type { NewsForRecipient } from "../delivery/channel.ts";
import { openSlack, slackKeys } from "../delivery/slack/connection.ts";
import { deliverBySlack } from "../delivery/slack/deliver.ts";
import { brokenBy } from "../delivery/slack/faults.ts";
import type { Project } from "../directory/projects.ts";
import { breakSlackConnection, type SlackConnection } from "../directory/slack-connections.ts";
import { workspaceOf } from "../domain/access.ts";
import { deriveDeliveryId, type SendOutcome } from "../domain/news/delivery.ts";
import type { DeliveryFailure } from "../domain/news/delivery-failure.ts";
import { type Env, readConfig } from "../env.ts";
import { planDeliveries } from "../runlog/deliveries.ts";
import { newId, now } from "../system.ts";
import type { OpenWay, Way } from "./channels.ts";
import { sendOrders } from "./delivery-messages.ts";
import { tellAdmins } from "./telling-keepers.ts";

const NOT_CONNECTED: DeliveryFailure = { reason: "slack_not_connected", message: "Slack is not connected." };

export const slackWay: OpenWay = async (env, project, given) => {
  const opened = await openSlack(slackKeys(env, readConfig(env), { now: now(), newId }), workspaceOf(project.scope));
  if (opened.kind === "none")
    return given.target.recipient.kind === "user" ? byMail(env, project, given) : held(NOT_CONNECTED);
  const { connection } = opened;
  // Told here too: it may have been an event or a sync that found it broken, and the order can be repeated.
  if (opened.kind === "broken") return held(opened.trouble, () => noteBroken(env, project, connection, opened.trouble));
  const { via } = opened;
  return {
    send: (step, progress, remember) =>
      deliverBySlack(via, given, step === "send" ? "text" : "picture", progress, remember),
    async follow(outcome) {
      const trouble = brokenBy(outcome);
      if (trouble !== null) await noteBroken(env, project, connection, trouble);
      if (isGone(outcome)) await mailInstead(env, project, given);
    },
  };
};

/** Held, as long as somebody may connect it again. */
const held = (failure: DeliveryFailure, follow?: Way["follow"]): Way => ({
  send: async () => ({ kind: "again", failure }),
  ...(follow === undefined ? {} : { follow }),
});

/** The connection was removed since it was planned: people are told all the same. */
const byMail = (env: Env, project: Project, given: NewsForRecipient): Way => ({
  send: async () => ({ kind: "failed", failure: NOT_CONNECTED }),
  follow: () => mailInstead(env, project, given),
});

/** The person is not there any more, or the app may not write to people. */
const isGone = (outcome: SendOutcome): boolean =>
  outcome.kind === "failed" &&
  (outcome.failure.reason === "slack_person_gone" || outcome.failure.reason === "slack_scope_missing");

/** Tells the admins, once for each time that it breaks: the order can be repeated, and is sent before anything says it was. */
async function noteBroken(
  env: Env,
  { scope }: Project,
  { connectedAt, team }: SlackConnection,
  trouble: DeliveryFailure,
): Promise<void> {
  const recipient = { kind: "slack_channel", id: team.id, name: `the Slack team ${team.name}` } as const;
  await tellAdmins(env, scope, { channel: "slack", recipient, failure: trouble, delivery: null }, connectedAt);
  await breakSlackConnection(env.DIRECTORY, workspaceOf(scope), { connectedAt, trouble }, now());
}

/** Whoever is not in Slack any more gets a mail. Their own delivery of it, so that it is made once. */
async function mailInstead(env: Env, { scope }: Project, given: NewsForRecipient): Promise<void> {
  const { news, target } = given;
  const { recipient, timezone } = target;
  if (recipient.kind !== "user") return;
  const notification = news.notifications.indexOf(given.notification);
  const place = notification < 0 ? null : notification;
  const mail = { channel: "email", recipient, address: recipient.name, timezone } as const;
  const id = deriveDeliveryId({ news: news.id, notification: place, channel: "email", recipient });
  const planned = { ...mail, id, notification: place, wants: given.picture?.format ?? null, suppressed: null };
  await planDeliveries(env.RUNLOG, scope, news, [planned], now());
  const { workspaceId: workspace, projectId: project } = scope;
  await sendOrders(env, [{ kind: "deliver", workspace, project, news: news.id, delivery: id }]);
}
