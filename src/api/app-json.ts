/** An app's state as JSON: what its page shows, without the drawing. */
import { z } from "@hono/zod-openapi";
import { APP_STATES, type AppView, NOTICE_TONES } from "../domain/app-view.ts";
import { FAILURE_REASONS, RUN_STATUSES } from "../domain/run.ts";
import { toIso } from "../domain/time/instant.ts";
import { BlockJson } from "./block-json.ts";
import { Id, InstantText, isoOrNull } from "./fields.ts";

const Status = z.enum(RUN_STATUSES).nullable();

const AppErrorJson = z
  .strictObject({
    reason: z.enum(FAILURE_REASONS),
    message: z.string(),
    fn: z.string().optional().openapi({ description: "The function that failed." }),
  })
  .openapi("AppError");

const NoticeJson = z
  .strictObject({
    tone: z.enum(NOTICE_TONES),
    text: z.string(),
    detail: z.string().optional().openapi({ description: "Where code threw." }),
  })
  .openapi("AppNotice");

export const AppJson = z
  .strictObject({
    project: z.strictObject({ id: Id, name: z.string() }),
    timezone: z.string().openapi({ description: "The zone in which the page shows times." }),
    state: z.enum(APP_STATES),
    run_id: Id.nullable().openapi({ description: "The run that most of it comes from." }),
    status: Status.openapi({ description: "Of the one run that is shown; null otherwise." }),
    error: AppErrorJson.nullable().openapi({ description: "Why that run failed." }),
    notices: z.array(NoticeJson).openapi({ description: "What the page says above the outputs." }),
    items: z.array(
      z.strictObject({
        fn: z.string(),
        run_id: Id,
        scheduled_for: InstantText,
        finished_at: InstantText.nullable(),
        blocks: z.array(BlockJson),
      }),
    ),
  })
  .openapi("App");

export const appJson = ({ project, timezone, state, stamp, status, error, notices, sections }: AppView) => ({
  project,
  timezone,
  state,
  run_id: stamp?.run ?? null,
  status,
  error,
  notices,
  items: sections.map(({ fn, stamp: of, blocks }) => ({
    fn,
    run_id: of.run,
    scheduled_for: toIso(of.scheduledFor),
    finished_at: isoOrNull(of.finishedAt),
    blocks,
  })),
});

/** One event of the stream of a visitor's own run: its name, and its data as one line of JSON. */
export const AppRunEventJson = z
  .discriminatedUnion("event", [
    z.strictObject({
      event: z.literal("state"),
      data: z.strictObject({
        run_id: Id.nullable(),
        status: Status,
        said: z.string().openapi({ description: "How far the run is, in a sentence." }),
        html: z.string().nullable().openapi({ description: "What is to be seen; null: the same as before." }),
      }),
    }),
    z.strictObject({ event: z.literal("end"), data: z.strictObject({ status: Status }) }),
  ])
  .openapi("AppRunEvent");
