/** Where news leads to in this deployment. */
import type { CaptureFormat } from "../domain/captures/capture.ts";
import type { ProjectId, RunId } from "../domain/ids.ts";

/** The page of a run; of news without one, that of the project. */
export const runAddress = (origin: string, project: ProjectId, run: RunId | null): string =>
  run === null ? `${origin}/projects/${project}` : `${origin}/projects/${project}/runs/${run}`;

/** The app as the run left it. */
export const runAppAddress = (origin: string, project: ProjectId, run: RunId): string =>
  `${origin}/v1/projects/${project}/runs/${run}/app`;

/** A capture of the run. */
export const captureAddress = (origin: string, project: ProjectId, run: RunId, format: CaptureFormat): string =>
  `${origin}/v1/projects/${project}/runs/${run}/captures/${format}`;
