/** Writes the items of a cron field in their one canonical form. Pure. */
import type { CronField } from "./cron-field.ts";
import type { CronItem } from "./cron-item.ts";
import { valuesOf } from "./cron-step.ts";

/** Fewer values in a row are a list: `SAT,SUN` reads better than a range of two. */
const SHORTEST_RUN = 3;

/**
 * The items in canonical order, without those that others cover. In the clock fields lists stay lists and ranges stay
 * ranges, since that decides whether a line is spaced; in the fields of days, values in a row become a range.
 */
export function canonicalItems(items: readonly CronItem[], field: CronField): readonly CronItem[] {
  if (items.some((item) => item.kind === "all")) return [{ kind: "all" }];
  const ranges = withoutCovered(items.filter((item) => item.kind === "range"));
  const isWhole = ranges.some((range) => range.from === field.min && range.to === field.max && range.step === 1);
  if (isWhole) return [{ kind: "all" }];
  const inRanges = new Set(valuesOf(ranges));
  const values: CronItem[] = valuesOf(items.filter((item) => item.kind === "value"))
    .filter((value) => !inRanges.has(value))
    .map((value) => ({ kind: "value", value }));
  const byFirst = [...values, ...ranges].sort((one, other) => firstOf(one) - firstOf(other));
  const specials = new Map(items.filter(isSpecial).map((item) => [itemText(item, field), item] as const));
  const sorted = [...specials.values()].sort((one, other) => specialOrder(one) - specialOrder(other));
  return [...byFirst, ...sorted];
}

/** The text of canonical items. */
export function fieldText(items: readonly CronItem[], field: CronField): string {
  const texts: string[] = [];
  for (let index = 0; index < items.length; ) {
    const run = field.isClock ? 1 : runLength(items, index);
    const item = items[index];
    const last = items[index + run - 1];
    if (item && last) texts.push(run < SHORTEST_RUN ? itemText(item, field) : runText(item, last, field));
    index += run < SHORTEST_RUN ? 1 : run;
  }
  return texts.join(",");
}

/** The same days or times in numbers that cron-parser reads: it refuses names it has no number for, and values named twice. */
export function numericText(items: readonly CronItem[]): string {
  return items.some((item) => item.kind === "all") ? "*" : valuesOf(items).join(",");
}

type RangeItem = Extract<CronItem, { kind: "range" }>;

function withoutCovered(ranges: readonly RangeItem[]): RangeItem[] {
  const covers = (one: RangeItem, other: RangeItem): boolean => {
    const values = new Set(valuesOf([one]));
    return valuesOf([other]).every((value) => values.has(value));
  };
  return ranges.filter((range, index) =>
    ranges.every((other, place) => {
      if (place === index || !covers(other, range)) return true;
      // Of two that name the same values the first one stays.
      return covers(range, other) && index < place;
    }),
  );
}

/** How many values in a row begin at an index. */
function runLength(items: readonly CronItem[], start: number): number {
  let length = 1;
  let previous = items[start];
  for (let next = items[start + 1]; next?.kind === "value"; next = items[start + length]) {
    if (previous?.kind !== "value" || next.value !== previous.value + 1) break;
    previous = next;
    length++;
  }
  return length;
}

const runText = (first: CronItem, last: CronItem, field: CronField): string =>
  `${itemText(first, field)}-${itemText(last, field)}`;

function itemText(item: CronItem, field: CronField): string {
  const name = (value: number): string => field.canonicalNames[value] ?? String(value);
  switch (item.kind) {
    case "all":
      return "*";
    case "value":
      return name(item.value);
    case "range":
      return rangeText(item, field, name);
    case "last-day":
      return "L";
    case "last-workday":
      return "LW";
    case "nearest-workday":
      return `${item.day}W`;
    case "nth-weekday":
      return `${name(item.weekday)}#${item.nth}`;
    case "last-weekday":
      return `${name(item.weekday)}L`;
  }
}

function rangeText(item: RangeItem, field: CronField, name: (value: number) => string): string {
  const isWhole = item.from === field.min && item.to === field.max;
  const range = isWhole ? "*" : `${name(item.from)}-${name(item.to)}`;
  return item.step === 1 ? range : `${range}/${item.step}`;
}

const isSpecial = (item: CronItem): boolean => item.kind !== "all" && item.kind !== "value" && item.kind !== "range";

function firstOf(item: CronItem): number {
  if (item.kind === "value") return item.value;
  return item.kind === "range" ? item.from : 0;
}

/** Working days by day, then the ends of the month; weekdays by their number in the month, then the last ones. */
function specialOrder(item: CronItem): number {
  switch (item.kind) {
    case "nearest-workday":
      return item.day;
    case "last-day":
      return 100;
    case "last-workday":
      return 101;
    case "nth-weekday":
      return item.nth * 10 + item.weekday;
    case "last-weekday":
      return 100 + item.weekday;
    default:
      return 0;
  }
}
