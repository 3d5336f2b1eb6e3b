/** A delivery's news, made ready for its channel: with what it links to, and the picture that goes along. */
import type { NewsForRecipient, NewsLinks, Picture } from "../delivery/channel.ts";
import type { Project } from "../directory/projects.ts";
import type { Capture } from "../domain/captures/capture.ts";
import { type RunId, readMemberId } from "../domain/ids.ts";
import type { Delivery } from "../domain/news/delivery.ts";
import type { News } from "../domain/news/news.ts";
import { type Env, readConfig } from "../env.ts";
import { captureAddress, runAddress, runAppAddress } from "../http/news-addresses.ts";
import { makeUnsubscribeToken, unsubscribeAddress } from "../http/unsubscribe-token.ts";
import { pictureOf } from "./news-pictures.ts";

/** What is sent, to whom. */
export interface Subject {
  readonly project: Project;
  readonly news: News;
  readonly delivery: Delivery;
  /** Of the run that it tells of; none where it carries none. */
  readonly captures: readonly Capture[];
}

export async function newsForRecipient(env: Env, subject: Subject): Promise<NewsForRecipient> {
  const { project, news, delivery } = subject;
  const { id, slug, name } = project;
  const { notification, channel, recipient, address, timezone } = delivery;
  return {
    delivery: delivery.id,
    round: delivery.round,
    news,
    project: { id, slug, name },
    notification: notification === null ? null : (news.notifications[notification] ?? null),
    target: { channel, recipient, address, timezone },
    links: await linksOf(env, subject),
    picture: pictureFor(env, subject),
    timezone: timezone ?? news.schedule?.timezone ?? "UTC",
  };
}

async function linksOf(env: Env, { project, news, delivery }: Subject): Promise<NewsLinks> {
  const { publicUrl } = readConfig(env);
  if (publicUrl === null) return { run: null, app: null, capture: null, unsubscribe: null };
  const { origin } = new URL(publicUrl);
  const run = news.run?.id ?? null;
  return {
    run: runAddress(origin, project.id, run),
    app: news.event === "run.succeeded" && run !== null ? runAppAddress(origin, project.id, run) : null,
    capture: captureLink(origin, { project, delivery }, run),
    unsubscribe: await unsubscribeLink(env, origin, { project, news, delivery }),
  };
}

/** A program gets the bytes; people come to the page of the run, which signs them in and shows what they may see. */
function captureLink(origin: string, { project, delivery }: Pick<Subject, "project" | "delivery">, run: RunId | null) {
  if (delivery.wants === null || run === null) return null;
  return delivery.channel === "webhook"
    ? captureAddress(origin, project.id, run, delivery.wants)
    : runAddress(origin, project.id, run);
}

/** For people whom a schedule's notification names; who looks after a project hears what they have to. */
async function unsubscribeLink(
  env: Env,
  origin: string,
  { project, news, delivery }: Omit<Subject, "captures">,
): Promise<string | null> {
  const { recipient, notification } = delivery;
  if (recipient.kind !== "user" || notification === null || news.schedule === null || news.isTest) return null;
  const { workspaceId: workspace } = project.scope;
  const member = readMemberId(recipient.id);
  const subject = { workspace, project: project.id, member, schedule: news.schedule.id };
  return unsubscribeAddress(origin, await makeUnsubscribeToken(env.CARILLON_KEY, subject));
}

function pictureFor(env: Env, { project, news, delivery, captures }: Subject): Picture | null {
  const { wants, channel, timezone } = delivery;
  if (wants === null || news.run === null) return null;
  const capture = captures.find(({ format }) => format === wants) ?? null;
  const zone = timezone ?? news.schedule?.timezone ?? "UTC";
  return pictureOf({ env, project, news, run: news.run, channel, timezone: zone }, wants, capture);
}
