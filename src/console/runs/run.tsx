/** `/projects/{p}/runs/{r}`: one run, where its news leads; and what can be done to it. */
import { isUuid } from "../../domain/ids.ts";
import { Anything, MadeAnswer } from "../answers/fields.ts";
import { ScheduleAnswer } from "../answers/schedule.ts";
import { VersionAnswer } from "../answers/version.ts";
import { OutputAnswer, WholeRunAnswer } from "../answers/whole-run.ts";
import { address, withQuery } from "../client.ts";
import { type Pages, show } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { Notice } from "../frame.tsx";
import { type InProject, onProjectForm, onProjectPage } from "../in-project.tsx";
import { runPath } from "../page.tsx";
import { showMissing } from "../project-visit.tsx";
import { showRefusal } from "../showing-refusals.tsx";
import { CancellationPage } from "./run-cancellation.tsx";
import { RunPage } from "./run-page.tsx";
import { showTold } from "./run-told.tsx";
import { newsAbout, subjectsOf } from "./told-of-run.ts";

const PATH = "/projects/:p/runs/:r";
/** Names the delivery that was just sent for once more, on the way back to the page. */
const AGAIN = "again";

type HandleRun = (visit: InProject, run: string, filled: Filled) => Promise<Response>;

export function mountRun(pages: Pages): void {
  onProjectPage(pages, PATH, "app_only", (visit) => {
    const id = visit.c.req.param("r") ?? "";
    if (!isUuid(id)) return showMissing(visit.c);
    return visit.reaches("can_view") ? showRun(visit, id) : showTold(visit, id);
  });
  onProjectPage(pages, `${PATH}/cancellation`, "can_edit", async (visit) => {
    const id = visit.c.req.param("r") ?? "";
    const run = await visit.api.get(visit.at + address`/runs/${id}`, WholeRunAnswer);
    return visit.show(<CancellationPage visit={visit} run={run} />);
  });
  onRunForm(pages, "cancellation", cancel);
  onRunForm(pages, "repetition", runAgain);
  onRunForm(pages, "captures", capture);
  onRunForm(pages, "deliveries/:d/redelivery", redeliver);
}

function onRunForm(pages: Pages, path: string, handle: HandleRun): void {
  onProjectForm(pages, `${PATH}/${path}`, "can_edit", (visit, filled) => {
    const id = visit.c.req.param("r") ?? "";
    return isUuid(id) ? handle(visit, id, filled) : showMissing(visit.c);
  });
}

async function showRun(visit: InProject, id: string): Promise<Response> {
  const at = visit.at + address`/runs/${id}`;
  const run = await visit.api.get(at, WholeRunAnswer);
  const isWhole = run.fn === null && run.status === "running" && run.version !== null;
  const [output, schedule, version, news] = await Promise.all([
    visit.api.ask(`${at}/output`, OutputAnswer),
    run.schedule_id === null ? null : visit.api.ask(visit.at + address`/schedules/${run.schedule_id}`, ScheduleAnswer),
    isWhole ? visit.api.ask(visit.at + address`/versions/${run.version ?? 0}`, VersionAnswer) : null,
    newsAbout(visit, id),
  ]);
  const known = schedule?.ok ? schedule.value : null;
  const again = run.deliveries.find((delivery) => delivery.id === visit.c.req.query(AGAIN)) ?? null;
  return visit.show(
    <RunPage
      visit={visit}
      run={run}
      output={output.ok ? output.value : null}
      lostBecause={output.ok ? null : output.error.detail}
      schedule={known}
      scheduleWas={known === null ? (news?.schedule?.description ?? null) : known.description}
      functions={version?.ok ? version.value.functions.length : null}
      subjects={subjectsOf(news)}
      zone={visit.timezone ?? news?.schedule?.timezone ?? known?.timezone ?? visit.zone}
      again={again}
    />,
  );
}

async function cancel(visit: InProject, id: string): Promise<Response> {
  const cancelled = await visit.api.send("POST", `${visit.at}${address`/runs/${id}`}/cancellation`, Anything, {
    body: {},
  });
  return cancelled.ok ? visit.goTo(`${runPath(visit, id)}?did=cancelled`) : showRefusal(visit, cancelled.error);
}

/** Of a schedule that is there: with its function and its args. What was called with other ones is for the caller to know. */
async function runAgain(visit: InProject, id: string, filled: Filled): Promise<Response> {
  const run = await visit.api.get(visit.at + address`/runs/${id}`, WholeRunAnswer);
  if (run.schedule_id === null) return visit.goTo(withQuery(`${visit.home}/runs/new`, { fn: run.fn }));
  const path = `${visit.at}${address`/schedules/${run.schedule_id}`}/runs`;
  const started = await visit.api.send("POST", path, MadeAnswer, { body: {}, headers: filled.onceHeader });
  if (started.ok) return visit.goTo(`${runPath(visit, started.value.id)}?did=started`);
  return showRefusal(visit, started.error);
}

async function capture(visit: InProject, id: string, filled: Filled): Promise<Response> {
  const body = { formats: [filled.text("format")], ...(filled.has("again") ? { again: true } : {}) };
  const ordered = await visit.api.send("POST", `${visit.at}${address`/runs/${id}`}/captures`, Anything, { body });
  return ordered.ok ? visit.goTo(`${runPath(visit, id)}?did=ordered#captures`) : showRefusal(visit, ordered.error);
}

async function redeliver(visit: InProject, id: string): Promise<Response> {
  const delivery = visit.c.req.param("d") ?? "";
  const path = visit.at + address`/runs/${id}/deliveries/${delivery}/redelivery`;
  const again = await visit.api.send("POST", path, Anything, { body: {} });
  const back = runPath(visit, id);
  if (again.ok) return visit.goTo(`${withQuery(back, { [AGAIN]: delivery })}#news`);
  const { status, detail } = again.error;
  if (status === 409) return show(visit.c, <UnderWayPage back={back} detail={detail} />, 409);
  return status === 404 ? show(visit.c, <GonePage back={back} />, 404) : showRefusal(visit, again.error);
}

const UnderWayPage = ({ back, detail }: { readonly back: string; readonly detail: string }) => (
  <Notice title="Nothing was sent twice" lines={[detail]} next={{ href: `${back}#news`, label: "Back to the run" }} />
);

const GonePage = ({ back }: { readonly back: string }) => (
  <Notice
    title="There is no such delivery"
    lines={["Nothing was sent. The run has none like this, or its time to be kept is over."]}
    next={{ href: `${back}#news`, label: "Back to the run" }}
  />
);
