/** `/projects/{p}/schedules/new`: a schedule is made. */
import { allows, PLANS, planRefusal } from "../../domain/plan.ts";
import { pageOf } from "../answers/fields.ts";
import { SettingsAnswer } from "../answers/project.ts";
import { ScheduleAnswer } from "../answers/schedule.ts";
import { withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { type InProject, onProjectForm, onProjectPage } from "../in-project.tsx";
import { Page, schedulePath } from "../page.tsx";
import { NOTHING_WRONG, type Wrongs, wrongAt, wrongsOf } from "../pieces/fields.tsx";
import { Empty } from "../pieces/pieces.tsx";
import { ScheduleForm } from "./schedule-form.tsx";
import { functionsOf } from "./schedule-functions.ts";
import { readingOf } from "./schedule-reading.tsx";
import { bodyOfNew, FIELDS, fieldOfIssue, newTyped, type Typed, typedIn } from "./schedule-typed.ts";

const PATH = "/projects/:p/schedules/new";

export function mountNewSchedule(pages: Pages): void {
  onProjectPage(pages, PATH, "can_edit", async (visit) => {
    const { fn = "" } = visit.c.req.query();
    const settings = await visit.api.get(`${visit.at}/settings`, SettingsAnswer);
    const preset = PLANS[visit.visitor.caller.plan].customSchedules ? "custom" : "daily";
    return showNew(visit, newTyped(settings.timezone, { fn, preset }));
  });
  onProjectForm(pages, PATH, "can_edit", make);
}

async function make(visit: InProject, filled: Filled): Promise<Response> {
  const typed = typedIn(filled);
  if (filled.has("check") || filled.has("use")) return showNew(visit, typed);
  const body = readBody(() => bodyOfNew(typed));
  if (body === null) return showNew(visit, typed, ARGS_WRONG);
  const made = await visit.api.send("POST", `${visit.at}/schedules`, ScheduleAnswer, {
    body,
    headers: filled.onceHeader,
  });
  if (made.ok) return visit.goTo(`${schedulePath(visit, made.value.id)}?did=made`);
  return showNew(visit, typed, wrongsOf(made.error, [...FIELDS, "at"], fieldOfIssue(typed)));
}

/** What is to be sent; null: the args are no JSON. */
export function readBody<Body>(make: () => Body): Body | null {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

export const ARGS_WRONG = wrongAt(
  "args",
  "It is not JSON: names and texts stand in double quotes, and nothing is left open.",
);

async function showNew(visit: InProject, typed: Typed, wrongs: Wrongs = NOTHING_WRONG): Promise<Response> {
  const [functions, reading, full] = await Promise.all([functionsOf(visit), readingOf(visit, typed), fullOf(visit)]);
  const props = { visit, typed, wrongs, reading, full, functions };
  return visit.show(<NewSchedulePage {...props} />, wrongs === NOTHING_WRONG ? 200 : 422);
}

/** Plans with room for fewer are asked whether there is room left; of the others nobody comes near it unseen. */
const COUNTED_UP_TO = 100;

/** Said before anything is typed: why the plan has no room for another one; null: it has. Saving is still the API's to refuse. */
async function fullOf({ api, at, visitor }: InProject): Promise<string | null> {
  const { plan } = visitor.caller;
  const { schedulesPerProject } = PLANS[plan];
  if (schedulesPerProject >= COUNTED_UP_TO) return null;
  const path = withQuery(`${at}/schedules`, { state: "living", limit: COUNTED_UP_TO });
  const { items } = await api.get(path, pageOf(ScheduleAnswer));
  const use = items.length + 1;
  if (allows(plan, "schedulesPerProject", use)) return null;
  const refusal = planRefusal(plan, "schedulesPerProject", use);
  const lift = "plan" in refusal && refusal.plan !== undefined ? ` The ${refusal.plan} plan lifts it.` : "";
  const room = schedulesPerProject === 1 ? "one schedule" : `${schedulesPerProject} schedules`;
  return `The ${plan} plan has room for ${room} in each project, and it is taken. Another one will be refused until one is cancelled.${lift}`;
}

interface PageProps {
  readonly visit: InProject;
  readonly typed: Typed;
  readonly wrongs: Wrongs;
  readonly reading: Awaited<ReturnType<typeof readingOf>>;
  readonly full: string | null;
  /** Null: nothing is published. */
  readonly functions: readonly string[] | null;
}

const NewSchedulePage = ({ visit, typed, wrongs, reading, full, functions }: PageProps) => (
  <Page visit={visit} title="New schedule" up={{ name: "Schedules", path: `${visit.home}/schedules` }}>
    {full === null ? null : <p class="trouble">{full}</p>}
    {functions === null ? (
      <Empty title="Nothing is published yet">
        <p>
          A schedule runs functions of the published version, and there is none. What you type here can be saved once
          there is one.
        </p>
        <a class="button" href={`${visit.home}/versions/new`}>
          New version
        </a>
      </Empty>
    ) : null}
    <ScheduleForm
      visit={visit}
      action={`${visit.home}/schedules/new`}
      typed={typed}
      wrongs={wrongs}
      reading={reading}
      functions={functions ?? []}
      back={`${visit.home}/schedules`}
    />
  </Page>
);
