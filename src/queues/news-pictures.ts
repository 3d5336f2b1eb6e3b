/** The picture that goes along with a delivery: what of the capture its channel can carry, or why nothing of it. */
import { type CaptureFile, fullFile, getCapture, previewFile } from "../artifacts/captures.ts";
import type { Picture } from "../delivery/channel.ts";
import type { Project } from "../directory/projects.ts";
import type { Capture, CaptureFacts, CaptureFormat } from "../domain/captures/capture.ts";
import { fixFor } from "../domain/captures/failure.ts";
import type { NewsStep } from "../domain/captures/news-size.ts";
import type { Channel } from "../domain/news/delivery.ts";
import type { News, NewsRun } from "../domain/news/news.ts";
import { wallTimeAt } from "../domain/time/local-time.ts";
import type { Env } from "../env.ts";

/** What a picture is made of. */
export interface PictureSources {
  readonly env: Pick<Env, "ARTIFACTS">;
  readonly project: Project;
  readonly news: News;
  readonly run: NewsRun;
  readonly channel: Channel;
  readonly timezone: string;
}

/** What stands of the capture that a delivery wants, at this moment. */
export function pictureOf(sources: PictureSources, format: CaptureFormat, capture: Capture | null): Picture {
  if (capture?.state === "captured" && capture.facts !== null) return taken(sources, format, capture.facts);
  if (capture?.state !== "failed") return { kind: "late", format };
  const { failure } = capture;
  const message = failure === null ? "The capture could not be taken." : `${failure.message} ${fixFor(failure.reason)}`;
  return { kind: "failed", format, failure: { reason: "picture_failed", message } };
}

function taken(sources: PictureSources, format: CaptureFormat, facts: CaptureFacts): Picture {
  const { env, project, news, run, channel, timezone } = sources;
  const step: NewsStep = channel === "webhook" ? "link" : facts.news[channel];
  const file = fileOf(step, format, facts);
  const carried =
    step === "preview" && facts.preview !== undefined ? facts.preview : { ...facts.picture, bytes: facts.bytes };
  const day = wallTimeAt(run.scheduledFor, timezone);
  const stamp = [day.year, two(day.month), two(day.day)].join("-");
  const { width, height } = carried;
  return {
    kind: "there",
    format,
    step,
    contentType: file.type,
    size: step === "link" ? 0 : carried.bytes,
    filename: `${project.slug}-${stamp}.${file.name.split(".").at(-1) ?? format}`,
    ...(width === undefined || height === undefined ? {} : { width, height }),
    alt: `The app of ${project.name} as the run ${news.schedule === null ? "" : `of ${stamp} `}left it`,
    read: () => bytesOf(env.ARTIFACTS, project, run, file),
  };
}

const two = (part: number): string => String(part).padStart(2, "0");

const fileOf = (step: NewsStep, format: CaptureFormat, { hash, preview }: CaptureFacts): CaptureFile =>
  step === "preview" && preview !== undefined ? previewFile(hash, preview) : fullFile(format, hash);

async function bytesOf(
  bucket: R2Bucket,
  { scope }: Project,
  run: NewsRun,
  file: CaptureFile,
): Promise<Uint8Array | null> {
  const stored = await getCapture(bucket, scope, run.id, file);
  return stored === null ? null : new Uint8Array(await new Response(stored.body).arrayBuffer());
}
