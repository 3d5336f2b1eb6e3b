/** A capture as JSON. */
import { z } from "@hono/zod-openapi";
import {
  CAPTURE_CAUSES,
  CAPTURE_FORMATS,
  CAPTURE_STATES,
  type Capture,
  type CaptureFacts,
  ORIENTATIONS,
  PAPERS,
} from "../domain/captures/capture.ts";
import { type CaptureEvidence, READY_BY, REQUEST_OUTCOMES, WAITS } from "../domain/captures/evidence.ts";
import { CAPTURE_FAILURE_NAMES, type CaptureFailure, fixFor } from "../domain/captures/failure.ts";
import { NEWS_STEPS } from "../domain/captures/news-size.ts";
import { toIso } from "../domain/time/instant.ts";
import { InstantText, isoOrNull } from "./fields.ts";
import { ProblemJson } from "./operation.ts";

const Sides = { width: z.int(), height: z.int() };

const CaptureFactsJson = z
  .strictObject({
    hash: z.string().openapi({ description: "SHA-256 of the bytes, in hex." }),
    bytes: z.int(),
    took_ms: z.int().openapi({ description: "From the attempt's beginning until it was stored." }),
    picture: z
      .strictObject({
        ...Sides,
        device_scale: z.number().openapi({ description: "Pixels of the picture for each pixel of the page." }),
        page_width: z.int().openapi({ description: "Of the whole page, in its own pixels." }),
        page_height: z.int().openapi({ description: "The same from top to end." }),
        is_cut: z.boolean().openapi({ description: "The page is longer or wider than the picture, which says so." }),
        tiles: z.int(),
      })
      .nullable()
      .openapi({ description: "Of a PNG, in its own pixels." }),
    print: z
      .strictObject({
        pages: z.int(),
        paper: z.enum(PAPERS),
        orientation: z.enum(ORIENTATIONS),
        is_cut: z.boolean().openapi({ description: "Something of the page is not in it." }),
      })
      .nullable()
      .openapi({ description: "Of a PDF." }),
    preview: z
      .strictObject({ type: z.enum(["image/png", "image/webp"]), bytes: z.int(), ...Sides, is_cut: z.boolean() })
      .nullable()
      .openapi({
        description:
          "A smaller rendition of a PNG, at `?size=preview`; of a long one its upper part, and then it says so.",
      }),
    carried_by: z
      .strictObject({ email: z.enum(NEWS_STEPS), slack: z.enum(NEWS_STEPS) })
      .openapi({ description: "What each channel of news can carry: all of it, the preview, or a link." }),
  })
  .openapi("CaptureFacts");

const CaptureFailureJson = z
  .strictObject({
    reason: z.enum(CAPTURE_FAILURE_NAMES),
    message: z.string(),
    detail: z
      .string()
      .optional()
      .openapi({ description: "What the page said itself, or which addresses it was. For those with `can_edit`." }),
    fix: z.string().openapi({ description: "What would mend it, in words." }),
  })
  .openapi("CaptureFailure");

const CaptureEvidenceJson = z
  .strictObject({
    ready_by: z.enum(READY_BY).nullable().openapi({
      description: "By what the page was ready: its own flag, the selector of the settings, or that it was quiet.",
    }),
    waits: z.array(
      z.strictObject({
        name: z.enum(WAITS),
        passed: z.boolean(),
        took_ms: z.int(),
        detail: z.string().optional().openapi({ description: "What kept it. For those with `can_edit`." }),
      }),
    ),
    content_share: z
      .number()
      .nullable()
      .openapi({ description: "The share of the picture that is not of its commonest colour." }),
    console: z
      .array(z.strictObject({ level: z.enum(["error", "warning", "exception"]), text: z.string() }))
      .optional()
      .openapi({ description: "What the page wrote. For those with `can_edit`." }),
    requests: z
      .array(
        z.strictObject({
          url: z.string(),
          outcome: z.enum(REQUEST_OUTCOMES),
          status: z.int().nullable().openapi({ description: "Of a bad answer." }),
          type: z.string(),
          detail: z.string().optional(),
        }),
      )
      .optional()
      .openapi({ description: "Requests that did not go well, or had not ended. For those with `can_edit`." }),
    omitted: z.int().openapi({ description: "Lines and requests beyond those that are kept." }),
    has_partial_picture: z
      .boolean()
      .openapi({ description: "Whether what the page showed at its failure is kept, at `/partial`." }),
  })
  .openapi("CaptureEvidence");

export const CaptureJson = z
  .strictObject({
    format: z.enum(CAPTURE_FORMATS),
    state: z.enum(CAPTURE_STATES),
    cause: z.enum(CAPTURE_CAUSES),
    ordered_at: InstantText,
    attempts: z.int(),
    settled_at: InstantText.nullable().openapi({ description: "Null while it is being taken." }),
    facts: CaptureFactsJson.nullable().openapi({
      description: "Of what was taken; while it is taken anew, and when that failed, of what is there.",
    }),
    failure: CaptureFailureJson.nullable().openapi({
      description:
        "Why the last attempt failed: of one that failed, of one that is tried again, and of one that could not be taken anew.",
    }),
    evidence: CaptureEvidenceJson.nullable().openapi({ description: "What was seen while the page was waited for." }),
  })
  .openapi("Capture");

/** What the problem `capture_failed` says beside what every problem says. */
export const CaptureFailedJson = ProblemJson.extend({
  failure: CaptureFailureJson,
  evidence: CaptureEvidenceJson.nullable(),
}).openapi("CaptureFailedProblem");

/** `isForEditors`: with what the page wrote and asked for, which may tell more than it shows. */
export const captureJson = (capture: Capture, isForEditors: boolean): z.output<typeof CaptureJson> => ({
  format: capture.format,
  state: capture.state,
  cause: capture.cause,
  ordered_at: toIso(capture.orderedAt),
  attempts: capture.attempts,
  settled_at: isoOrNull(capture.settledAt),
  facts: capture.facts && factsJson(capture.facts),
  failure: capture.failure && failureJson(capture.failure, isForEditors),
  evidence: capture.evidence && evidenceJson(capture.evidence, isForEditors),
});

const factsJson = ({ hash, bytes, tookMs, picture, print, preview, news }: CaptureFacts) => ({
  hash,
  bytes,
  took_ms: tookMs,
  picture:
    picture === undefined
      ? null
      : {
          width: picture.width,
          height: picture.height,
          device_scale: picture.deviceScale,
          page_width: picture.pageWidth,
          page_height: picture.pageHeight,
          is_cut: picture.isCut,
          tiles: picture.tiles,
        },
  print:
    print === undefined
      ? null
      : { pages: print.pages, paper: print.paper, orientation: print.orientation, is_cut: print.isCut },
  preview:
    preview === undefined
      ? null
      : {
          type: preview.type,
          bytes: preview.bytes,
          width: preview.width,
          height: preview.height,
          is_cut: preview.isCut,
        },
  carried_by: news,
});

const failureJson = ({ reason, message, detail }: CaptureFailure, isForEditors: boolean) => ({
  reason,
  message,
  ...(isForEditors && detail !== undefined ? { detail } : {}),
  fix: fixFor(reason),
});

const evidenceJson = (evidence: CaptureEvidence, isForEditors: boolean) => ({
  ready_by: evidence.readyBy,
  waits: evidence.waits.map(({ name, passed, tookMs, detail }) => ({
    ...{ name, passed, took_ms: tookMs },
    ...(isForEditors && detail !== undefined ? { detail } : {}),
  })),
  content_share: evidence.contentShare,
  ...(isForEditors ? { console: [...evidence.console], requests: [...evidence.requests] } : {}),
  omitted: evidence.omitted,
  has_partial_picture: evidence.hasPartialPicture,
});
