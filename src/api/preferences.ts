/** `/v1/me/preferences`: how news reaches the caller. */
import { z } from "@hono/zod-openapi";
import { changePreferences, findPreferences, type Preferences } from "../directory/preferences.ts";
import { fail, ok } from "../domain/result.ts";
import { readZone } from "../domain/time/zone.ts";
import { type Answered, reply } from "./answer.ts";
import { inWorkspace } from "./door.ts";
import { TimezoneField } from "./fields.ts";
import { findOwn } from "./me.ts";
import type { Api } from "./operation.ts";
import { invalidInput, NOT_FOUND } from "./problem.ts";
import { zoneIssue } from "./zone-issue.ts";

const ONE = { tag: "Me", path: "/v1/me/preferences" };

const PreferencesChange = z
  .strictObject({
    notifications: z.strictObject({ email: z.boolean().optional(), slack: z.boolean().optional() }).optional().openapi({
      description: "How news reaches you: by email, in Slack, both or neither. By email alone, unless you choose.",
    }),
    timezone: TimezoneField.nullable().optional().openapi({
      description: "The zone that times are shown to you in; null: that of the schedule.",
    }),
  })
  .openapi("PreferencesChange");

const PreferencesJson = z
  .strictObject({
    notifications: z.strictObject({ email: z.boolean(), slack: z.boolean() }),
    timezone: z.string().nullable(),
  })
  .openapi("Preferences");

const SHOWN = { 200: { description: "Your preferences.", schema: PreferencesJson } };

export function mountPreferences(api: Api): void {
  inWorkspace(
    api,
    {
      ...ONE,
      method: "get",
      id: "getPreferences",
      summary: "Show your preferences",
      problems: ["conflict", "forbidden"],
      answers: SHOWN,
    },
    async (ask) => {
      const own = await findOwn(ask);
      if (!own.ok) return own;
      return show(await findPreferences(ask.env.DIRECTORY, ask.caller.scope, own.value.id));
    },
  );
  inWorkspace(
    api,
    {
      ...ONE,
      method: "patch",
      id: "changePreferences",
      summary: "Change your preferences",
      description: "Whatever is absent stays as it is.",
      body: PreferencesChange,
      example: { notifications: { slack: true }, timezone: "Europe/Berlin" },
      problems: ["conflict"],
      answers: SHOWN,
    },
    async (ask) => {
      const own = await findOwn(ask);
      if (!own.ok) return own;
      const { env, caller, body, scribe } = ask;
      const zone = typeof body.timezone === "string" ? readZone(body.timezone) : ok(body.timezone);
      if (!zone.ok) return fail(invalidInput([zoneIssue("/timezone", zone.error)]));
      if (Object.keys(body).length === 0) return show(await findPreferences(env.DIRECTORY, caller.scope, own.value.id));
      const change = { ...body, timezone: zone.value };
      return show(await changePreferences(env.DIRECTORY, caller.scope, own.value, change, scribe));
    },
  );
}

const show = (preferences: Preferences | null): Answered =>
  preferences === null ? fail(NOT_FOUND) : ok(reply(200, preferences));
