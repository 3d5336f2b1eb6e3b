/** Reads ranges and steps of a cron field: `1-5`, `FRI-MON`, `22-2/2`, `*` + `/15`, `5/15`. Pure. */
import { ok } from "../result.ts";
import { type CronField, HOUR, MINUTE, SECOND, WEEKDAY } from "./cron-field.ts";
import type { CronItem, ItemReading } from "./cron-item.ts";
import { type Piece, quoted, trouble } from "./cron-trouble.ts";

/** Reads the step of an item whose range is known already: `from` and `to` as written, `to` may be the smaller one. */
export function readStep(piece: Piece, from: number, to: number, field: CronField): ItemReading {
  const slash = piece.text.indexOf("/");
  if (slash < 0) return ok(rangeItems(from, to, 1, field));
  const text = piece.text.slice(slash + 1);
  if (!/^\d{1,4}$/.test(text) || Number(text) === 0) {
    return trouble(piece, {
      reason: /^[-+]?\d+$/.test(text) ? "out_of_range" : "not_understood",
      message: `${quoted(text)} is not a step: a step of the ${field.name} field is a whole number of at least 1.`,
      expected: `a step from 1 to ${field.max - field.min}`,
      replacements: [piece.text.replace("/-", "/"), piece.text.slice(0, slash)],
    });
  }
  const step = Number(text);
  const items = rangeItems(from, to, step, field);
  return step > 1 && valuesOf(items).length < 2 ? stepTooLarge(piece, from, step, field) : ok(items);
}

/** The values that items name, sorted and unique; none of the specials. */
export function valuesOf(items: readonly CronItem[]): number[] {
  const values = new Set<number>();
  for (const item of items) {
    if (item.kind === "value") values.add(item.value);
    if (item.kind === "range") for (let value = item.from; value <= item.to; value += item.step) values.add(value);
  }
  return [...values].sort((one, other) => one - other);
}

/** Whether a range as written runs over the end of its field: FRI-MON, 22-2; but SAT-SUN and 5-7 end with the week. */
export function wraps(from: number, to: number, field: CronField): boolean {
  if (field !== WEEKDAY) return from > to;
  return from % 7 > to % 7 && to % 7 !== 0;
}

function rangeItems(from: number, to: number, step: number, field: CronField): readonly CronItem[] {
  const values = steppedValues(from, to, step, field);
  const isOneRun = values.every((value, index) => index === 0 || value > (values[index - 1] ?? 0));
  if (!field.isClock && !(isOneRun && step > 1)) return values.map((value) => ({ kind: "value", value }));
  if (isOneRun) return [{ kind: "range", from: values[0] ?? from, to: Math.min(to, field.max), step }];
  // Two ranges and never a list, even of one value each: what is written as a range stays spaced.
  const turn = values.findIndex((value, index) => index > 0 && value < (values[index - 1] ?? 0));
  return [values.slice(turn), values.slice(0, turn)].map((run) => {
    const [first, last] = [run[0] ?? from, run.at(-1) ?? to];
    return { kind: "range", from: first, to: last, step: run.length > 1 ? step : 1 };
  });
}

/** In the order of the clock or the calendar, so that a range over the end goes down once. */
function steppedValues(from: number, to: number, step: number, field: CronField): number[] {
  const size = field.max - field.min + 1;
  const isWeek = field === WEEKDAY;
  const first = isWeek && from === 7 && to !== 7 ? 0 : from;
  const last = to < first ? to + size : to;
  const values: number[] = [];
  for (let value = first; value <= last; value += step) values.push(((value - field.min) % size) + field.min);
  return isWeek && valuesAreWeek(values) ? [0, 1, 2, 3, 4, 5, 6] : values;
}

const valuesAreWeek = (values: readonly number[]): boolean => new Set(values).size === 7;

function stepTooLarge(piece: Piece, from: number, step: number, field: CronField): ItemReading {
  const canBeInterval = field === SECOND || field === MINUTE || field === HOUR;
  const isNextUnit = step === field.max + 1 - field.min;
  return trouble(piece, {
    reason: "out_of_range",
    message: `${quoted(piece.text)} has a step larger than its range: it would run at ${from} only, never ${step} apart.`,
    expected: `a step from 1 to ${field.max - field.min}`,
    replacements: [String(from)],
    instead: canBeInterval && !isNextUnit ? [`every ${step} ${field.name}s`] : [],
  });
}
