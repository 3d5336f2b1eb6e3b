/** Reads the language tables, and the one context that they are read in. */
import { readFileSync } from "node:fs";
import type { ReadingContext, Refusal } from "../../../src/domain/language/interpretation.ts";
import { readExpression } from "../../../src/domain/language/read.ts";
import type { Recurrence } from "../../../src/domain/recurrence/recurrence.ts";
import { toIso } from "../../../src/domain/time/instant.ts";

/** A Saturday. */
export const NOW = Date.UTC(2026, 10, 21, 10, 7, 13, 250);
export const UTC: ReadingContext = { now: NOW, timezone: "UTC", timezoneIsExplicit: false };
export const BERLIN: ReadingContext = { ...UTC, timezone: "Europe/Berlin" };
export const NEW_YORK: ReadingContext = { ...UTC, timezone: "America/New_York" };
export const CONTEXTS = [UTC, BERLIN, NEW_YORK];

/** The rows of a table in `test/tables`, without comments. */
export function readTable(name: string): string[][] {
  const text = readFileSync(new URL(`../../tables/${name}`, import.meta.url).pathname, "utf8");
  return text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("# "))
    .map((line) => line.split("\t"));
}

/** A recurrence in the canonical words of `phrases.tsv`: its kind and its meaning. */
export function canonical(recurrence: Recurrence): [kind: string, meaning: string] {
  if (recurrence.kind === "once") return ["once", toIso(recurrence.at)];
  if (recurrence.kind === "calendar") return ["cron", recurrence.lines.join(" | ")];
  if (recurrence.grid === "elapsed") return ["every", `${recurrence.every / 1_000} s`];
  const { every, unit, anchor, weekdays, times } = recurrence;
  const on = weekdays.length > 0 ? ` on ${weekdays.join(",")}` : "";
  return ["every", `${every} ${unit}s from ${anchor}${on} at ${times.join(",")}`];
}

/** What a text means in the words of the tables, or `refused <reason>`. */
export function meaningOf(text: string, context = UTC): string {
  const reading = readExpression(text, context);
  return reading.ok ? canonical(reading.value.recurrence).join(" ") : `refused ${reading.error.reason}`;
}

/** The refusal of a text; fails when it is accepted. */
export function refusalOf(text: string, context = UTC): Refusal {
  const reading = readExpression(text, context);
  if (reading.ok) throw new Error(`${text} is accepted: ${canonical(reading.value.recurrence).join(" ")}`);
  return reading.error;
}

/** The notes of an accepted text. */
export function notesOf(text: string, context = UTC): readonly string[] {
  const reading = readExpression(text, context);
  if (!reading.ok) throw new Error(reading.error.message);
  return reading.value.notes;
}
