/** `/v1/projects/{p}/runs/{r}/captures/{format}`: the bytes of one capture, and what a page showed that could not be captured. */
import { z } from "@hono/zod-openapi";
import { getCapture, previewFile, type StoredCapture } from "../artifacts/captures.ts";
import { CAPTURE_FORMATS, type Capture, type CaptureFacts, type CaptureFormat } from "../domain/captures/capture.ts";
import type { RunId } from "../domain/ids.ts";
import { fail, ok } from "../domain/result.ts";
import type { Run } from "../domain/run.ts";
import { wallTimeAt } from "../domain/time/local-time.ts";
import { findCapture } from "../runlog/captures.ts";
import { type Answered, answer, type Reply, reply } from "./answer.ts";
import { CaptureJson, captureJson, evidenceJson, failureJson } from "./capture-json.ts";
import { isEditor, RETRY_AFTER_SECONDS } from "./captures.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { isKnown } from "./etag.ts";
import type { Api } from "./operation.ts";
import { NOT_FOUND, type Problem } from "./problem.ts";
import { RunParams } from "./run.ts";
import { runOf, timezoneOf } from "./run-view.ts";

const ONE = {
  tag: "Captures",
  path: "/v1/projects/{p}/runs/{r}/captures/{format}",
  params: RunParams.extend({ format: z.enum(CAPTURE_FORMATS) }),
};

const SIZES = ["full", "preview"] as const;
const Size = z.strictObject({
  size: z.enum(SIZES).default("full").openapi({ description: "`preview`: a smaller rendition of a PNG." }),
});

type OfOne = ProjectAsk<{ readonly r: RunId; readonly format: CaptureFormat }, unknown, unknown>;
type OfBytes = ProjectAsk<
  { readonly r: RunId; readonly format: CaptureFormat },
  { readonly size: (typeof SIZES)[number] },
  unknown
>;

export function mountCaptureFiles(api: Api): void {
  inProject(
    api,
    {
      ...ONE,
      method: "get",
      id: "getCapture",
      needs: "can_explore",
      summary: "Get a capture",
      description: "The picture or print itself. While it is being taken, 202 with its state: ask again.",
      query: Size,
      problems: ["capture_failed"],
      answers: {
        200: { description: "The bytes.", types: ["image/png", "application/pdf", "image/webp"] },
        202: { description: "It is being taken.", schema: CaptureJson },
        304: { description: "It is as you know it." },
      },
    },
    getOne,
  );
  inProject(
    api,
    {
      ...ONE,
      path: `${ONE.path}/partial`,
      method: "get",
      id: "getPartialCapture",
      needs: "can_edit",
      summary: "Get what the page showed when it could not be captured",
      answers: { 200: { description: "Its first screen.", types: ["image/png"] } },
    },
    getPartial,
  );
}

async function getOne(ask: OfBytes): Promise<Answered> {
  const { env, scope, params, query } = ask;
  const capture = await findCapture(env.RUNLOG, scope, params.r, params.format);
  if (capture === null) return notTaken(ask);
  const { state, facts } = capture;
  if (state === "failed") return fail(failed(capture, isEditor(ask)));
  if (state === "pending" || facts === null)
    return ok(reply(202, captureJson(capture, isEditor(ask)), { "retry-after": String(RETRY_AFTER_SECONDS) }));
  return query.size === "full" ? getFull(ask, facts) : getPreview(ask, facts);
}

function getFull(ask: OfOne, { hash }: CaptureFacts): Promise<Answered> {
  const { format } = ask.params;
  return fileReply(ask, `"${hash}"`, `.${format}`, () => file(ask, `app.${format}`));
}

async function getPreview(ask: OfOne, { hash, preview }: CaptureFacts): Promise<Answered> {
  if (preview === undefined) return fail(NO_PREVIEW);
  const ending = preview.type === "image/webp" ? "webp" : "png";
  return fileReply(ask, `"${hash}-preview"`, `-preview.${ending}`, () => file(ask, previewFile(preview)));
}

async function getPartial(ask: OfOne): Promise<Answered> {
  const { env, scope, params } = ask;
  const capture = await findCapture(env.RUNLOG, scope, params.r, params.format);
  if (capture === null) return notTaken(ask);
  if (capture.evidence?.hasPartialPicture !== true) return fail(NO_PARTIAL);
  // Whatever it failed with last: it changes with each attempt, and nobody keeps it.
  return fileReply(ask, null, "-failed.png", () => file(ask, "failed.png"));
}

const file = ({ env, scope, params }: OfOne, name: Parameters<typeof getCapture>[3]): Promise<StoredCapture | null> =>
  getCapture(env.ARTIFACTS, scope, params.r, name);

/** A file as it is sent: shown by a browser as what it is, and asked about each time, since who may see it can change. */
async function fileReply(
  ask: OfOne,
  etag: string | null,
  ending: string,
  open: () => Promise<StoredCapture | null>,
): Promise<Answered> {
  const marks = etag === null ? {} : { etag, "cache-control": "private, no-cache" };
  const headers = { ...HARMLESS, ...marks };
  if (etag !== null && isKnown(ask.request, etag)) return ok({ status: 304, headers });
  const [stored, name] = await Promise.all([open(), fileName(ask)]);
  if (stored === null) return fail(SWEPT_AWAY);
  return ok(sent(stored, { ...headers, "content-disposition": `inline; filename="${name}${ending}"` }));
}

const sent = ({ body, bytes, type }: StoredCapture, headers: Readonly<Record<string, string>>): Reply => ({
  status: 200,
  content: { type, body },
  headers: { ...headers, "content-length": String(bytes) },
});

/**
 * Nothing in it runs and nothing is loaded; a browser's own viewer of PDF shows it, which counts as an object, with a style of
 * its own. It stands in pages of this deployment alone.
 */
const HARMLESS = {
  "content-security-policy":
    "default-src 'none'; object-src 'self'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
  "x-frame-options": "SAMEORIGIN",
};

/** `reports-2027-01-15`: a slug holds nothing that a file name or a header may not (RFC 6266). */
async function fileName(ask: OfOne): Promise<string> {
  const [run, timezone] = await Promise.all([runOf(ask, ask.params.r), timezoneOf(ask)]);
  if (!run.ok) return ask.project.slug;
  return `${ask.project.slug}-${dayOf(run.value, timezone.ok ? timezone.value : "UTC")}`;
}

function dayOf({ scheduledFor }: Run, timezone: string): string {
  const { year, month, day } = wallTimeAt(scheduledFor, timezone);
  return [String(year).padStart(4, "0"), ...[month, day].map((part) => String(part).padStart(2, "0"))].join("-");
}

/** Of a run that is not there either, no more is said than that. */
async function notTaken(ask: OfOne): Promise<Answered> {
  const run = await runOf(ask, ask.params.r);
  if (!run.ok) return answer(run, () => reply(200));
  const { format } = ask.params;
  const how = `POST {"formats": ["${format}"]} to /v1/projects/${ask.project.slug}/runs/${ask.params.r}/captures takes it.`;
  return fail({ ...NOT_FOUND, detail: `No ${format.toUpperCase()} of this run was ordered. ${how}` });
}

function failed({ failure, evidence }: Capture, isForEditors: boolean): Problem {
  if (failure === null) throw new Error("A capture that failed has a reason");
  const { reason, message, fix } = failureJson(failure);
  return {
    code: "capture_failed",
    detail: message,
    extra: { reason, message, fix, evidence: evidence && evidenceJson(evidence, isForEditors) },
  };
}

const SWEPT_AWAY: Problem = {
  ...NOT_FOUND,
  detail: "It is no longer kept: captures are kept as long as the plan says.",
};
const NO_PREVIEW: Problem = {
  ...NOT_FOUND,
  detail: "There is no smaller rendition of it: only a PNG has one.",
};
const NO_PARTIAL: Problem = {
  ...NOT_FOUND,
  detail: "There is nothing that the page showed at a failure: it did not fail, or nothing could be seen.",
};
