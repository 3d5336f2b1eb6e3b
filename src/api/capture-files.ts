/** `/v1/projects/{p}/runs/{r}/captures/{format}`: the bytes of one capture, and what a page showed that could not be captured. */
import { z } from "@hono/zod-openapi";
import {
  type CaptureFile,
  fullFile,
  getCapture,
  PARTIAL_FILE,
  previewFile,
  type StoredCapture,
} from "../artifacts/captures.ts";
import { CAPTURE_FORMATS, type Capture, type CaptureFacts, type CaptureFormat } from "../domain/captures/capture.ts";
import { type RunId, uuidInstant } from "../domain/ids.ts";
import { fail, ok } from "../domain/result.ts";
import { toIso } from "../domain/time/instant.ts";
import { findCapture } from "../runlog/captures.ts";
import { type Answered, answer, type Reply, reply } from "./answer.ts";
import { CaptureFailedJson, CaptureJson, captureJson } from "./capture-json.ts";
import { SOON } from "./captures.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { isKnown } from "./etag.ts";
import type { Api } from "./operation.ts";
import { NOT_FOUND, type Problem } from "./problem.ts";
import { isEditor, RunParams } from "./run.ts";
import { runOf } from "./run-view.ts";

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
      description:
        "The picture or print itself. While there is none yet, 202 with its state: ask again. The header `carillon-capture-state` is `pending` while it is taken anew, and `captured` otherwise.",
      query: Size,
      problems: ["capture_failed"],
      problemSchemas: { capture_failed: CaptureFailedJson },
      answers: {
        200: { description: "The bytes.", types: ["image/png", "application/pdf", "image/webp"] },
        202: { description: "It is being taken for the first time.", schema: CaptureJson },
        304: { description: "It is as you know it." },
      },
    },
    (ask) => getOne(ask),
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

/** `gone`: the hash of what was looked for before and was not there. */
async function getOne(ask: OfBytes, gone?: string): Promise<Answered> {
  const { env, scope, params, query } = ask;
  const capture = await findCapture(env.RUNLOG, scope, params.r, params.format);
  if (capture === null) return notTaken(ask);
  const { state, facts } = capture;
  if (facts === null)
    return state === "failed"
      ? fail(failed(capture, isEditor(ask)))
      : ok(reply(202, captureJson(capture, isEditor(ask)), SOON));
  const sent = query.size === "full" ? await getFull(ask, facts) : await getPreview(ask, facts);
  if (sent.ok) return ok({ ...sent.value, headers: { ...sent.value.headers, "carillon-capture-state": state } });
  // Another one may have taken its place since the ledger was read.
  return sent.error === SWEPT_AWAY && facts.hash !== gone ? getOne(ask, facts.hash) : sent;
}

function getFull(ask: OfOne, { hash }: CaptureFacts): Promise<Answered> {
  const { format } = ask.params;
  return fileReply(ask, `"${hash}"`, `.${format}`, fullFile(format, hash));
}

async function getPreview(ask: OfOne, { hash, preview }: CaptureFacts): Promise<Answered> {
  if (preview === undefined) return fail(NO_PREVIEW);
  const ending = preview.type === "image/webp" ? "webp" : "png";
  return fileReply(ask, `"${hash}-preview"`, `-preview.${ending}`, previewFile(hash, preview));
}

async function getPartial(ask: OfOne): Promise<Answered> {
  const { env, scope, params } = ask;
  const capture = await findCapture(env.RUNLOG, scope, params.r, params.format);
  if (capture === null) return notTaken(ask);
  if (capture.evidence?.hasPartialPicture !== true) return fail(NO_PARTIAL);
  // Whatever it failed with last: it changes with each attempt, and nobody keeps it.
  return fileReply(ask, null, "-failed.png", PARTIAL_FILE);
}

/** A file as it is sent: shown by a browser as what it is, and asked about each time, since who may see it can change. */
async function fileReply(ask: OfOne, etag: string | null, ending: string, file: CaptureFile): Promise<Answered> {
  const marks = etag === null ? {} : { etag, "cache-control": "private, no-cache" };
  const headers = { ...HARMLESS, ...marks };
  if (etag !== null && isKnown(ask.request, etag)) return ok({ status: 304, headers });
  const stored = await getCapture(ask.env.ARTIFACTS, ask.scope, ask.params.r, file);
  if (stored === null) return fail(SWEPT_AWAY);
  return ok(sent(stored, { ...headers, "content-disposition": `inline; filename="${fileName(ask)}${ending}"` }));
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

/** `reports-2027-01-15`: the UTC day of the run, by its id. A slug holds nothing that a file name or a header may not (RFC 6266). */
const fileName = ({ project, params }: OfOne): string => `${project.slug}-${toIso(uuidInstant(params.r)).slice(0, 10)}`;

/** Of a run that is not there either, no more is said than that. */
async function notTaken(ask: OfOne): Promise<Answered> {
  const run = await runOf(ask, ask.params.r);
  if (!run.ok) return answer(run, () => reply(200));
  const { format } = ask.params;
  const how = `POST {"formats": ["${format}"]} to /v1/projects/${ask.project.slug}/runs/${ask.params.r}/captures takes it.`;
  return fail({ ...NOT_FOUND, detail: `No ${format.toUpperCase()} of this run was ordered. ${how}` });
}

function failed(capture: Capture, isForEditors: boolean): Problem {
  const { failure, evidence } = captureJson(capture, isForEditors);
  if (failure === null) throw new Error("A capture that failed has a reason");
  return { code: "capture_failed", detail: failure.message, extra: { failure, evidence } };
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
