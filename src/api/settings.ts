/** `/v1/projects/{p}/settings`. */
import { z } from "@hono/zod-openapi";
import type { ProjectSettings } from "../actor/rpc.ts";
import { fail } from "../domain/result.ts";
import { readZone } from "../domain/time/zone.ts";
import { answer, onTarget, reply } from "./answer.ts";
import { inProject } from "./door.ts";
import { TimezoneField } from "./fields.ts";
import type { Api } from "./operation.ts";
import { invalidInput } from "./problem.ts";
import { zoneIssue } from "./zone-issue.ts";

const ONE = { tag: "Settings", path: "/v1/projects/{p}/settings" };

const SettingsChange = z
  .strictObject({
    timezone: TimezoneField.optional().openapi({ description: "The zone of schedules that name none." }),
  })
  .openapi("SettingsChange");

const SettingsJson = z.strictObject({ timezone: z.string() }).openapi("Settings");

const settingsJson = (settings: ProjectSettings): z.output<typeof SettingsJson> => ({ timezone: settings.timezone });

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
    async ({ actor, body }) => {
      const zone = body.timezone === undefined ? undefined : readZone(body.timezone);
      if (zone?.ok === false) return fail(invalidInput([zoneIssue("/timezone", zone.error)]));
      const change = zone === undefined ? {} : { timezone: zone.value };
      const settings = await actor.repeatable((project) => project.changeSettings(change));
      return answer(settings, (found) => {
        const shown = reply(200, settingsJson(found));
        return zone === undefined ? onTarget(shown, null) : shown;
      });
    },
  );
}
