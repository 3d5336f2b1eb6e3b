/** Hourly, daily, weekly and monthly as the expressions that say them, of what somebody chose. Pure. */
import type { Preset } from "../recurrence/preset.ts";
import { ordinalText, weekdayName } from "./names.ts";

/** What was chosen, as it was typed: what is wrong with it is found by reading the expression that comes of it. */
export interface PresetChoice {
  readonly preset: Preset;
  /** A time of day, `09:30`; of `hourly` only its minute counts. */
  readonly at: string;
  /** 0 = Sunday. */
  readonly weekday: number;
  /** The last day of the month is `L`. */
  readonly monthday: number | "L";
}

/** Such as `every Monday at 09:30`. */
export function presetText({ preset, at, weekday, monthday }: PresetChoice): string {
  switch (preset) {
    case "hourly":
      return `every hour at minute ${Number(at.split(":")[1] ?? 0)}`;
    case "daily":
      return `every day at ${at}`;
    case "weekly":
      return `every ${weekdayName(weekday)} at ${at}`;
    case "monthly":
      return `on the ${ordinalText(monthday)}${monthday === "L" ? " day" : ""} of every month at ${at}`;
  }
}
