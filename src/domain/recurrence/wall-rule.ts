/**
 * What a rule says about the wall clock alone, before any zone: which readings it names. Pure.
 *
 * Readings are wall seconds (see `time/zone.ts`): every one of them exists here, those in a gap included; what becomes of
 * gaps and folds is decided in `clock-change.ts`.
 */
import { dayNumber } from "../time/civil.ts";
import { monthHolding } from "../time/month-table.ts";
import type { WallSecond } from "../time/zone.ts";

export interface WallRule {
  /** A rule with `*`, a range or a step in second, minute or hour, as against one of listed times (DESIGN.md 4.6). */
  readonly spaced: boolean;
  /** The first reading later than `wall`, or `NEVER`. */
  after(wall: WallSecond): WallSecond;
  /** The last reading not later than `wall`, or `NEVER_BEFORE`. */
  upTo(wall: WallSecond): WallSecond;
}

/** No later one: larger than any time, so that the smallest of several answers is right without a special case. */
export const NEVER = Number.POSITIVE_INFINITY;
/** No earlier one. */
export const NEVER_BEFORE = Number.NEGATIVE_INFINITY;

export const DAY_SECONDS = 24 * 60 * 60;

/** Rules are searched from the day before 1970 to the day after 9999: any zone's reading of an instant between is inside. */
export const FIRST_RULE_DAY = -1;
export const LAST_RULE_DAY = dayNumber({ year: 10_000, month: 1, day: 1 });
export const FIRST_RULE_MONTH = monthHolding(FIRST_RULE_DAY);
export const LAST_RULE_MONTH = monthHolding(LAST_RULE_DAY);
