/** `/projects/{p}/runs/{r}`: one run, where its news leads; and the button that sends a delivery of it again. */
import { reachProject } from "../actor/reach.ts";
import { JUST_TRIED_MS, sendAgain } from "../delivery/sending-again.ts";
import { recordEntries } from "../directory/audit.ts";
import { reaches } from "../domain/access.ts";
import type { Capture } from "../domain/captures/capture.ts";
import { isUuid, newsOfRun, type RunId, readDeliveryId, readRunId } from "../domain/ids.ts";
import type { Delivery } from "../domain/news/delivery.ts";
import { type News, type NewsSchedule, newsScheduleOf } from "../domain/news/news.ts";
import type { Run } from "../domain/run.ts";
import { lengthOf } from "../domain/time/saying.ts";
import { listCaptures } from "../runlog/captures.ts";
import { listDeliveriesFor, listDeliveriesTo } from "../runlog/deliveries.ts";
import { findNews } from "../runlog/news.ts";
import { now } from "../system.ts";
import { onPost, type Pages, scribeOf, show, type Visit } from "./door.tsx";
import { chainOf, findRun } from "./finding-runs.ts";
import { Notice } from "./frame.tsx";
import { showProject } from "./project-style.tsx";
import { type ProjectVisit, projectVisit, showMissing } from "./project-visit.tsx";
import { RunPage } from "./run-page.tsx";
import { type RunWords, wordsOfNews, wordsOfRun } from "./run-words.ts";

const PATH = "/projects/:p/runs/:r";
/** Names the delivery that was just sent for once more, on the way back to the page. */
const AGAIN = "again";

export function mountRun(pages: Pages): void {
  pages.get(PATH, async (c) => {
    const visit = await projectVisit(c);
    if (!visit.ok) return visit.error;
    const id = c.req.param("r");
    if (!isUuid(id)) return showMissing(c);
    const found = await lookAt(c, visit.value, readRunId(id));
    if (found === null) return showMissing(c);
    const again = found.deliveries.find((delivery) => delivery.id === c.req.query(AGAIN)) ?? null;
    return showProject(c, <RunPage {...visit.value} {...found} again={again} />);
  });
  onPost(pages, `${PATH}/deliveries/:d/redelivery`, redeliver);
}

/** What the page shows of a run, as far as the visitor may see it. */
export interface SeenRun {
  readonly id: RunId;
  /** Null: the visitor may see no runs, and has got no news of this one. */
  readonly words: RunWords | null;
  /** Null of whoever may not see it. */
  readonly run: Run | null;
  readonly chain: readonly Run[];
  readonly captures: readonly Capture[];
  readonly deliveries: readonly Delivery[];
  /** The subjects of the schedule's notifications as the news has them, each at its place; null of one without its own. */
  readonly subjects: readonly (string | null)[];
  readonly zone: string;
}

/** Null when there is no such run. To whom runs are not shown, it is not said whether there is. */
async function lookAt({ env }: Visit, visit: ProjectVisit, id: RunId): Promise<SeenRun | null> {
  const { scope } = visit.project;
  if (!reaches(visit.access, "can_explore")) return asTold(env, visit, id);
  const run = await findRun(env, scope, id);
  if (run === null) return null;
  const captures = await listCaptures(env.RUNLOG, scope, id);
  if (!reaches(visit.access, "can_view")) return { ...(await asTold(env, visit, id)), captures };
  const [chain, deliveries, news] = await Promise.all([
    chainOf(env, scope, run),
    deliveriesFor(env, visit, id),
    findNews(env.RUNLOG, scope, newsOfRun(id)),
  ]);
  const schedule = news?.schedule ?? (await scheduleOf(env, visit, run));
  const zone = visit.timezone ?? schedule?.timezone ?? (await zoneOf(env, visit));
  const words = wordsOfRun(run, schedule, visit.project, zone);
  return { id, words, run, chain, captures, deliveries, subjects: subjectsOf(news), zone };
}

/** As much as the visitor was told of the run themselves. */
async function asTold(env: Visit["env"], visit: ProjectVisit, id: RunId): Promise<SeenRun> {
  const { scope } = visit.project;
  const deliveries = await listDeliveriesTo(env.RUNLOG, scope, newsOfRun(id), visit.visitor.membership.memberId);
  const news: News | null = deliveries.length === 0 ? null : await findNews(env.RUNLOG, scope, newsOfRun(id));
  const zone = visit.timezone ?? news?.schedule?.timezone ?? (await zoneOf(env, visit));
  const words = news === null ? null : wordsOfNews(news, visit.project, zone);
  return { id, words, run: null, chain: [], captures: [], deliveries, subjects: subjectsOf(news), zone };
}

const subjectsOf = (news: News | null): readonly (string | null)[] =>
  news === null ? [] : news.notifications.map((notification) => notification?.subject ?? null);

/** Who else is told is for those to see who decide it. */
const deliveriesFor = (env: Visit["env"], visit: ProjectVisit, id: RunId): Promise<readonly Delivery[]> =>
  listDeliveriesFor(env.RUNLOG, visit.project.scope, newsOfRun(id), {
    isEditor: reaches(visit.access, "can_edit"),
    memberId: visit.visitor.membership.memberId,
  });

/** As it is; null of a run without one, and of one that is not kept. */
async function scheduleOf(env: Visit["env"], { project }: ProjectVisit, run: Run): Promise<NewsSchedule | null> {
  if (run.scheduleId === null) return null;
  const schedule = await reachProject(env, project.scope).schedule(run.scheduleId);
  return schedule.ok ? newsScheduleOf(schedule.value) : null;
}

async function zoneOf(env: Visit["env"], { project }: ProjectVisit): Promise<string> {
  const settings = await reachProject(env, project.scope).settings();
  return settings.ok ? settings.value.timezone : "UTC";
}

async function redeliver(c: Visit): Promise<Response> {
  const visit = await projectVisit(c);
  if (!visit.ok) return visit.error;
  const { project, access, visitor } = visit.value;
  const { r = "", d = "" } = c.req.param();
  if (!isUuid(r) || !isUuid(d)) return showMissing(c);
  if (!reaches(access, "can_edit")) return show(c, <NotAllowedPage back={`/projects/${project.id}/runs/${r}`} />, 403);
  const delivery = { news: newsOfRun(readRunId(r)), id: readDeliveryId(d) };
  const again = await sendAgain(c.env, project.scope, delivery, now());
  const back = `/projects/${project.id}/runs/${r}`;
  if (!again.ok)
    return again.error === "unknown"
      ? show(c, <GonePage back={back} />, 404)
      : show(c, <UnderWayPage back={back} />, 409);
  const { scope, memberId, email } = visitor.membership;
  const entry = { act: "delivery.repeated", target: { kind: "delivery", id: d }, project: project.id } as const;
  const scribe = scribeOf(c, { kind: "member", id: memberId, name: email });
  await recordEntries(c.env.DIRECTORY, scope, [{ scribe, entry }]);
  return c.redirect(`${back}?${AGAIN}=${d}#news`, 303);
}

interface Back {
  readonly back: string;
}

const UnderWayPage = ({ back }: Back) => (
  <Notice
    title="It is being sent at this moment, or was just now"
    lines={[
      "Nothing was sent twice.",
      `It can be sent again ${lengthOf(JUST_TRIED_MS)} after its last attempt: look at the run then.`,
    ]}
    next={{ href: `${back}#news`, label: "Back to the run" }}
  />
);

const GonePage = ({ back }: Back) => (
  <Notice
    title="There is no such delivery"
    lines={["Nothing was sent. The run has none like this, or its time to be kept is over."]}
    next={{ href: `${back}#news`, label: "Back to the run" }}
  />
);

const NotAllowedPage = ({ back }: Back) => (
  <Notice
    title="Only editors of the project send news again"
    lines={["Nothing was sent. Ask somebody who has can_edit."]}
    next={{ href: back, label: "Back to the run" }}
  />
);
