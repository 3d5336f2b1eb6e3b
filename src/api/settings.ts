/** `/v1/projects/{p}/settings`. */
import { z } from "@hono/zod-openapi";
import { APP_OPENINGS, type ProjectSettings, type SettingsChange as SettingsWish } from "../actor/rpc.ts";
import {
  type CaptureLayout,
  LAYOUT_WIDTH_MAX,
  LAYOUT_WIDTH_MIN,
  ORIENTATIONS,
  PAPERS,
} from "../domain/captures/capture.ts";
import { readSelector, SELECTOR_MAX_LENGTH } from "../domain/captures/selector.ts";
import type { InputIssue } from "../domain/errors.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { readZone } from "../domain/time/zone.ts";
import { readTarget } from "../http/address.ts";
import { addressRules } from "./address-rules.ts";
import { type Answered, answer, onTarget, reply } from "./answer.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { TimezoneField } from "./fields.ts";
import type { Api } from "./operation.ts";
import { invalidInput } from "./problem.ts";
import { zoneIssue } from "./zone-issue.ts";

const ONE = { tag: "Settings", path: "/v1/projects/{p}/settings" };

const SettingsChange = z
  .strictObject({
    timezone: TimezoneField.optional().openapi({ description: "The zone of schedules that name none." }),
    app_opens_with: z.enum(APP_OPENINGS).optional().openapi({
      description: "What the app shows on opening: what earlier runs left, or what a run of the visitor's own brings.",
    }),
    app_url: z.string().nullable().optional().openapi({
      description: "A page of one's own that stands in for the app; null: Carillon shows it.",
      example: "https://reports.example.com/",
    }),
    capture_width: z.int().min(LAYOUT_WIDTH_MIN).max(LAYOUT_WIDTH_MAX).optional().openapi({
      description: "How wide the page is laid out for a PNG, in its own pixels.",
    }),
    capture_paper: z.enum(PAPERS).optional().openapi({ description: "The sheets of a PDF." }),
    capture_orientation: z.enum(ORIENTATIONS).optional(),
    capture_ready_selector: z
      .string()
      .nullable()
      .optional()
      .openapi({
        description: `What is visible on the page at app_url once it is ready, as a CSS selector of at most ${SELECTOR_MAX_LENGTH} characters; null: none is named.`,
        example: "#report.ready",
      }),
  })
  .openapi("SettingsChange");

type Asking = ProjectAsk<unknown, unknown, z.output<typeof SettingsChange>>;

const SettingsJson = z
  .strictObject({
    timezone: z.string(),
    app_opens_with: z.enum(APP_OPENINGS),
    app_url: z.string().nullable(),
    capture_width: z.int(),
    capture_paper: z.enum(PAPERS),
    capture_orientation: z.enum(ORIENTATIONS),
    capture_ready_selector: z.string().nullable(),
  })
  .openapi("Settings");

const settingsJson = (settings: ProjectSettings): z.output<typeof SettingsJson> => ({
  timezone: settings.timezone,
  app_opens_with: settings.appOpensWith,
  app_url: settings.appUrl,
  capture_width: settings.captureLayout.width,
  capture_paper: settings.captureLayout.paper,
  capture_orientation: settings.captureLayout.orientation,
  capture_ready_selector: settings.captureReadySelector,
});

export function mountSettings(api: Api): void {
  inProject(
    api,
    {
      ...ONE,
      method: "get",
      id: "getSettings",
      needs: "can_view",
      summary: "Show the settings",
      answers: { 200: { description: "The settings.", schema: SettingsJson } },
    },
    async ({ actor }) => {
      const settings = await actor.repeatable((project) => project.settings());
      return answer(settings, (found) => reply(200, settingsJson(found)));
    },
  );
  inProject(
    api,
    {
      ...ONE,
      method: "patch",
      id: "changeSettings",
      needs: "can_edit",
      act: "settings.changed",
      summary: "Change settings",
      description: "Schedules that exist keep the zone they were saved with.",
      body: SettingsChange,
      example: { timezone: "Europe/Berlin" },
      answers: { 200: { description: "The settings.", schema: SettingsJson } },
    },
    change,
  );
}

async function change(ask: Asking): Promise<Answered> {
  const wish = readChange(ask);
  if (!wish.ok) return fail(invalidInput(wish.error));
  const settings = await ask.actor.repeatable((project) => project.changeSettings(wish.value));
  return answer(settings, (found) => {
    const shown = reply(200, settingsJson(found));
    return Object.keys(wish.value).length === 0 ? onTarget(shown, null) : shown;
  });
}

/** The change as the project takes it, or everything that is wrong with it. */
function readChange(ask: Asking): Result<SettingsWish, readonly InputIssue[]> {
  const { timezone, app_opens_with, app_url, capture_ready_selector } = ask.body;
  const zone = timezone === undefined ? undefined : readZone(timezone);
  const page = typeof app_url === "string" ? readTarget(app_url, addressRules(ask)) : undefined;
  const selector = typeof capture_ready_selector === "string" ? readSelector(capture_ready_selector) : undefined;
  const issues = [
    ...(zone?.ok === false ? [zoneIssue("/timezone", zone.error)] : []),
    ...(page?.ok === false ? [pageIssue(page.error)] : []),
    ...(selector?.ok === false ? [selectorIssue(selector.error)] : []),
  ];
  if (issues.length > 0) return fail(issues);
  const layout = layoutOf(ask.body);
  return ok({
    ...(zone?.ok ? { timezone: zone.value } : {}),
    ...(app_opens_with === undefined ? {} : { appOpensWith: app_opens_with }),
    ...(app_url === undefined ? {} : { appUrl: page?.ok ? page.value.href : null }),
    ...(Object.keys(layout).length === 0 ? {} : { captureLayout: layout }),
    ...(capture_ready_selector === undefined ? {} : { captureReadySelector: selector?.ok ? selector.value : null }),
  });
}

const layoutOf = ({ capture_width, capture_paper, capture_orientation }: Asking["body"]): Partial<CaptureLayout> => ({
  ...(capture_width === undefined ? {} : { width: capture_width }),
  ...(capture_paper === undefined ? {} : { paper: capture_paper }),
  ...(capture_orientation === undefined ? {} : { orientation: capture_orientation }),
});

const pageIssue = (message: string): InputIssue => ({
  path: "/app_url",
  message,
  expected: "an https URL on the public Internet, or null",
  suggestion: "https://reports.example.com/",
});

const selectorIssue = (message: string): InputIssue => ({
  path: "/capture_ready_selector",
  message,
  expected: `a CSS selector of at most ${SELECTOR_MAX_LENGTH} characters, or null`,
  suggestion: "#report.ready",
});
