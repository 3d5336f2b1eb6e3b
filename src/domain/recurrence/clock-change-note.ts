/** Says to a person how a clock change touched an occurrence. Pure. */

import { type Instant, SECOND_MS } from "../time/instant.ts";
import { formatSecondOfDay } from "../time/local-time.ts";
import type { Span } from "../time/spans.ts";
import type { EpochSecond } from "../time/transitions.ts";
import type { WallSecond, Zone } from "../time/zone.ts";
import type { DstPolicy } from "./recurrence.ts";
import { DAY_SECONDS, type WallRule } from "./wall-rule.ts";

/** Readings named in a note before the rest is left out. */
const READINGS_MAX = 3;

/** The note of an occurrence of the rules, or undefined when no clock change touches it. */
export function noteAt(
  occurrence: Instant,
  rules: readonly WallRule[],
  zone: Zone,
  dst: DstPolicy,
): string | undefined {
  const second = Math.floor(occurrence / SECOND_MS);
  const span = zone.spanAt(second);
  if (second === span.start && span.before < span.offset && dst.gap === "run_after") {
    return gapNote(span, rules) ?? foldNote(second, span, rules, dst);
  }
  return foldNote(second, span, rules, dst);
}

function gapNote(span: Span, rules: readonly WallRule[]): string | undefined {
  const gapStart = span.start + span.before;
  const gapEnd = span.start + span.offset;
  const readings = new Set<WallSecond>();
  for (const rule of rules) {
    if (rule.spaced) continue;
    for (let reading = rule.after(gapStart - 1); reading < gapEnd; reading = rule.after(reading)) {
      if (readings.size > READINGS_MAX) break;
      if (!isLostDay(reading, gapStart, gapEnd)) readings.add(reading);
    }
  }
  if (readings.size === 0) return undefined;
  const clocks = [...readings].sort((one, other) => one - other).map(clockOf);
  const named = clocks.slice(0, READINGS_MAX).join(", ") + (clocks.length > READINGS_MAX ? " and more" : "");
  const verb = clocks.length === 1 ? "does" : "do";
  return `${named} ${verb} not exist on this day (clocks go forward); runs at ${clockOf(gapEnd)}`;
}

function foldNote(second: EpochSecond, span: Span, rules: readonly WallRule[], dst: DstPolicy): string | undefined {
  const isSecondPass = second < span.start + (span.before - span.offset);
  const isFirstPass = second >= span.end - (span.offset - span.after);
  if (!isFirstPass && !isSecondPass) return undefined;
  const reading = second + span.offset;
  const isSpaced = rules.some((rule) => rule.spaced && rule.upTo(reading) === reading);
  const passes =
    isSpaced || dst.fold === "both" ? "both passes" : `the ${dst.fold === "last" ? "second" : "first"} pass`;
  return `${clockOf(reading)} happens twice on this day (clocks go back); runs in ${passes}`;
}

function isLostDay(reading: WallSecond, gapStart: WallSecond, gapEnd: WallSecond): boolean {
  const day = Math.floor(reading / DAY_SECONDS) * DAY_SECONDS;
  return day >= gapStart && day + DAY_SECONDS <= gapEnd;
}

const clockOf = (reading: WallSecond): string => {
  const time = reading - Math.floor(reading / DAY_SECONDS) * DAY_SECONDS;
  return formatSecondOfDay(time);
};
