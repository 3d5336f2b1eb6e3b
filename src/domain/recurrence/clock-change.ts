/**
 * The one place that decides what a clock change does to a rule (DESIGN.md 4.6). Pure.
 *
 * A *spaced* rule runs at every instant whose reading it names: in both passes of a fold, and never for a gap.
 * A *fixed* rule runs each reading once: readings map to instants, a gap to the first instant after it, a fold to one
 * pass. That map never runs backwards, so the next occurrence belongs to the first reading beyond all those that map
 * to the present or the past. `fold: both` is the union of the two.
 */
import type { Span } from "../time/spans.ts";
import type { EpochSecond } from "../time/transitions.ts";
import type { WallSecond, Zone } from "../time/zone.ts";
import type { DstPolicy } from "./recurrence.ts";
import { DAY_SECONDS, NEVER, NEVER_BEFORE, type WallRule } from "./wall-rule.ts";

/** Occurrences of one rule in whole seconds: strictly later than, and strictly earlier than, a second. */
export interface Occurrences {
  next(second: EpochSecond): EpochSecond;
  previous(second: EpochSecond): EpochSecond;
}

/** A rule whose every reading falls into a gap (`30 2 * 3 SUN#2` with `gap: skip`) is given up after so many in a row. */
const SKIPPED_GAPS_MAX = 64;
/** Stretches nearer than this are gone through one by one; none was ever shorter than a pass of a fold. */
const NEAR_SECONDS = 3 * DAY_SECONDS;

/** A wall rule in a zone under a policy. */
export class ZonedRule implements Occurrences {
  private readonly rule: WallRule;
  private readonly zone: Zone;
  private readonly dst: DstPolicy;

  constructor(rule: WallRule, zone: Zone, dst: DstPolicy) {
    this.rule = rule;
    this.zone = zone;
    this.dst = dst;
  }

  next(second: EpochSecond): EpochSecond {
    const span = this.zone.spanAt(second);
    if (second >= span.plainFrom && second < span.plainTo) {
      const at = this.rule.after(second + span.offset) - span.offset;
      if (at < span.plainTo || at === NEVER) return at;
    }
    if (this.rule.spaced) return this.nextShown(second, span);
    const fixed = this.nextFixed(second, span);
    return this.dst.fold === "both" ? Math.min(fixed, this.nextShown(second, span)) : fixed;
  }

  previous(second: EpochSecond): EpochSecond {
    const latest = second - 1;
    const span = this.zone.spanAt(latest);
    if (latest >= span.plainFrom && latest < span.plainTo) {
      const at = this.rule.upTo(latest + span.offset) - span.offset;
      if (at >= span.plainFrom || at === NEVER_BEFORE) return at;
    }
    if (this.rule.spaced) return this.previousShown(latest, span);
    const fixed = this.previousFixed(latest, span);
    return this.dst.fold === "both" ? Math.max(fixed, this.previousShown(latest, span)) : fixed;
  }

  /** The last reading that maps to `second` or earlier. */
  private readingSettled(second: EpochSecond, span: Span): WallSecond {
    const { start, end, before, offset, after } = span;
    if (this.dst.fold === "last") {
      // In the first pass nothing of the fold has run yet.
      const inFirstPass = second >= end - (offset - after);
      return inFirstPass ? end + after - 1 : second + offset;
    }
    // In the second pass all of the fold has run already.
    const inSecondPass = second < start + (before - offset);
    return inSecondPass ? start + before - 1 : second + offset;
  }

  /** The instant a fixed reading maps to, or undefined when it does not run; `shown` is the stretch that shows it first. */
  private instantOf(reading: WallSecond, shown: Span): EpochSecond | undefined {
    const { end, offset, after } = shown;
    const gapStart = end + offset;
    if (reading < gapStart) {
      const isRepeated = reading >= end + after;
      return reading - (isRepeated && this.dst.fold === "last" ? after : offset);
    }
    const day = startOfDay(reading);
    const dayIsLost = day >= gapStart && day + DAY_SECONDS <= end + after;
    return dayIsLost || this.dst.gap === "skip" ? undefined : end;
  }

  private nextFixed(second: EpochSecond, span: Span): EpochSecond {
    let reading = this.rule.after(this.readingSettled(second, span));
    for (let skipped = 0; skipped <= SKIPPED_GAPS_MAX && reading !== NEVER; skipped++) {
      const shown = this.zone.showing(reading);
      const at = this.instantOf(reading, shown);
      if (at !== undefined) return at;
      reading = this.rule.after(Math.min(shown.end + shown.after, startOfDay(reading) + DAY_SECONDS) - 1);
    }
    return NEVER;
  }

  private previousFixed(latest: EpochSecond, span: Span): EpochSecond {
    let reading = this.rule.upTo(this.readingSettled(latest, span));
    for (let skipped = 0; skipped <= SKIPPED_GAPS_MAX && reading !== NEVER_BEFORE; skipped++) {
      const shown = this.zone.showing(reading);
      const at = this.instantOf(reading, shown);
      if (at !== undefined) return at;
      reading = this.rule.upTo(Math.max(shown.end + shown.offset, startOfDay(reading)) - 1);
    }
    return NEVER_BEFORE;
  }

  /** Goes through the stretches; `reading` is always the first one named after `passed`. */
  private nextShown(second: EpochSecond, from: Span): EpochSecond {
    let span = from;
    let passed = second + span.offset;
    let reading = this.rule.after(passed);
    while (reading !== NEVER && reading - span.offset >= span.end) {
      const entered = span.end + span.after - 1;
      // A gap swallowed the reading, or a fold shows earlier ones again.
      if (entered >= reading || entered < passed) {
        passed = entered;
        reading = this.rule.after(passed);
      }
      const near = this.zone.spanAt(span.end);
      const isFar = reading !== NEVER && reading - near.offset - NEAR_SECONDS > near.end;
      span = isFar ? this.zone.spanAt(reading - near.offset - NEAR_SECONDS) : near;
    }
    return reading - span.offset;
  }

  /** The mirror of `nextShown`; `reading` is always the last one named up to `passed`. */
  private previousShown(latest: EpochSecond, from: Span): EpochSecond {
    let span = from;
    let passed = latest + span.offset;
    let reading = this.rule.upTo(passed);
    while (reading !== NEVER_BEFORE && reading - span.offset < span.start) {
      const entered = span.start + span.before - 1;
      if (entered < reading || entered > passed) {
        passed = entered;
        reading = this.rule.upTo(passed);
      }
      const near = this.zone.spanAt(span.start - 1);
      const isFar = reading !== NEVER_BEFORE && reading - near.offset + NEAR_SECONDS < near.start;
      span = isFar ? this.zone.spanAt(reading - near.offset + NEAR_SECONDS) : near;
    }
    return reading - span.offset;
  }
}

const startOfDay = (reading: WallSecond): WallSecond => Math.floor(reading / DAY_SECONDS) * DAY_SECONDS;
