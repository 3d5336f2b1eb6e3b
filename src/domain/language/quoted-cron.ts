/** `cron 0 0 15W * *`, also several joined by `and`: how a description quotes what English cannot say. Pure. */
import { readCron } from "../recurrence/cron.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Interpretation, ReadingContext, Refusal } from "./interpretation.ts";
import { type NamedZone, settleZone } from "./zone-choice.ts";

const PREFIX = /^cron\s+(?=[\d*@])/i;
const JOIN = /\s+and\s+cron\s+/i;
const ZONE = /\s+in\s+([A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)*)$/;

/** Reads quoted cron lines; undefined when the text does not begin with `cron`. */
export function readQuotedCron(text: string, context: ReadingContext): Result<Interpretation, Refusal> | undefined {
  const prefix = PREFIX.exec(text)?.[0];
  if (prefix === undefined) return undefined;
  const zone = ZONE.exec(text);
  const zones: NamedZone[] =
    zone?.[1] === undefined ? [] : [{ name: zone[1], start: text.length - zone[1].length, end: text.length }];
  const timezone = settleZone(zones, context);
  if (!timezone.ok) return timezone;
  const lines: string[] = [];
  const notes: string[] = [];
  for (const each of text.slice(prefix.length, zone?.index ?? text.length).split(JOIN)) {
    const line = readCron(each);
    if (!line.ok) return fail({ ...line.error, position: text.indexOf(each, prefix.length) + line.error.position });
    lines.push(line.value.text);
    notes.push(...line.value.notes);
  }
  return ok({
    format: "cron",
    recurrence: { kind: "calendar", lines: [...new Set(lines)] },
    timezone: timezone.value,
    notes: [...new Set(notes)],
  });
}

/** The text that quotes these lines. */
export const quoteCron = (lines: readonly string[]): string => lines.map((line) => `cron ${line}`).join(" and ");
