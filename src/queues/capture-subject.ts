/** What a capture is of: the run as it is now, and the page that shows it. */
import { reachProject } from "../actor/reach.ts";
import type { ProjectSettings } from "../actor/rpc.ts";
import type { Shot, ShotPage } from "../capture/shot.ts";
import type { Project } from "../directory/projects.ts";
import { type CaptureFormat, inOrder } from "../domain/captures/capture.ts";
import type { RunId } from "../domain/ids.ts";
import { describe } from "../domain/language/describe.ts";
import { isFinal, type Run } from "../domain/run.ts";
import type { Schedule } from "../domain/schedule.ts";
import { MINUTE_MS, type Milliseconds } from "../domain/time/instant.ts";
import { type Env, readConfig } from "../env.ts";
import { externalPageAddress, makePageToken, ownPageAddress, purposeOf } from "../http/page-token.ts";
import { D1RunLog } from "../runlog/d1-runlog.ts";
import { now } from "../system.ts";

/** A token outlives the one attempt that it is made for, and little more. */
const TOKEN_LASTS_MS: Milliseconds = 3 * MINUTE_MS;

/** Where this deployment's own pages are for the browser when it was not told its address: no request leaves the house. */
const ORIGIN_WITHOUT_ADDRESS = "https://carillon.internal";

/** The run is gone, or goes on: it has no last state to show yet. */
export type SubjectFound =
  | { readonly kind: "found"; readonly subject: Subject }
  | { readonly kind: "missing" }
  | { readonly kind: "unfinished" };

export interface Subject {
  readonly project: Project;
  readonly run: Run;
  readonly settings: ProjectSettings;
  readonly schedule: Schedule | null;
}

/** Finds what an order is of. */
export async function findSubject(env: Env, project: Project, id: RunId): Promise<SubjectFound> {
  const actor = reachProject(env, project.scope);
  const [live, settings] = await Promise.all([actor.run(id), actor.settings()]);
  // A run is in the log before it leaves the actor.
  const run = live.ok ? live.value : await new D1RunLog(env.RUNLOG).get(project.scope, id);
  if (!settings.ok || run === null) return { kind: "missing" };
  if (!isFinal(run.status)) return { kind: "unfinished" };
  const schedule = run.scheduleId === null ? null : await actor.schedule(run.scheduleId);
  return {
    kind: "found",
    subject: { project, run, settings: settings.value, schedule: schedule?.ok ? schedule.value : null },
  };
}

/** The shot of a subject in some formats. */
export async function shotOf(
  env: Env,
  { project, run, settings, schedule }: Subject,
  formats: readonly CaptureFormat[],
  openApp: (request: Request) => Promise<Response>,
): Promise<Shot> {
  const spec = schedule?.spec;
  return {
    run: run.id,
    page: await pageOf(env, { project, run, settings, formats, openApp }),
    formats: inOrder(formats),
    layout: settings.captureLayout,
    readySelector: settings.captureReadySelector,
    caption: {
      project: project.name,
      schedule: spec === undefined ? null : describe(spec.recurrence, spec.timezone),
      scheduledFor: run.scheduledFor,
      ranAt: run.startedAt,
      timezone: spec?.timezone ?? settings.timezone,
    },
  };
}

interface PageWanted extends Pick<Subject, "project" | "run" | "settings"> {
  readonly formats: readonly CaptureFormat[];
  readonly openApp: (request: Request) => Promise<Response>;
}

async function pageOf(env: Env, { project, run, settings, formats, openApp }: PageWanted): Promise<ShotPage> {
  const subject = { scope: project.scope, run: run.id, purpose: purposeOf(formats) };
  const token = await makePageToken(env.CARILLON_KEY, subject, { now: now(), lasts: TOKEN_LASTS_MS });
  const { publicUrl } = readConfig(env);
  const origin = publicUrl === null ? null : new URL(publicUrl).origin;
  if (settings.appUrl !== null) {
    return { kind: "external", url: externalPageAddress(settings.appUrl, subject, { token, origin }) };
  }
  return { kind: "own", url: ownPageAddress(origin ?? ORIGIN_WITHOUT_ADDRESS, subject, token), open: openApp };
}
