/** What a person should know about how a cron line was read. Pure. */
import type { ReadField } from "./cron.ts";
import { type CronField, MONTH_DAY, WEEKDAY } from "./cron-field.ts";
import type { CronItem } from "./cron-item.ts";
import { wraps } from "./cron-step.ts";
import { fieldText } from "./cron-text.ts";
import { quoted } from "./cron-trouble.ts";

/** Sentences: both day fields restricted, ranges over the end, steps that do not fill their field evenly. */
export function notesOf(fields: readonly ReadField[]): readonly string[] {
  const notes = fields.flatMap((each) => [...wrapNotes(each), ...stepNotes(each)]);
  const restricted = fields.filter(({ field, items }) => {
    return (field === MONTH_DAY || field === WEEKDAY) && !items.some((item) => item.kind === "all");
  });
  if (restricted.length === 2) {
    notes.push(
      "The day of the month and the day of the week are both given: it runs on days that match either of them.",
    );
  }
  return notes;
}

function wrapNotes({ field, piece, items }: ReadField): string[] {
  const written = piece.text.toUpperCase().split(",");
  const wrapped = written.filter((item) => {
    const ends = /^(\w+)-(\w+)/.exec(item);
    return ends !== null && wraps(numberOf(ends[1], field), numberOf(ends[2], field), field);
  });
  return wrapped.map((item) => `${quoted(item)} runs over the end of its range; read as ${fieldText(items, field)}.`);
}

function stepNotes({ field, items }: ReadField): string[] {
  const size = field.max - field.min + 1;
  return items.flatMap((item: CronItem) => {
    if (item.kind !== "range" || item.from !== field.min || item.to !== field.max) return [];
    // No month is sure to hold a whole number of steps, and a year of weeks holds none.
    if (size % item.step === 0 && field !== MONTH_DAY) return [];
    return [
      `*/${item.step} in the ${field.name} field counts anew each time the field starts over: one gap is shorter.`,
    ];
  });
}

/** Only asked about items that were read without trouble, so the text is a number or a name. */
const numberOf = (text: string | undefined, field: CronField): number => field.names.get(text ?? "") ?? Number(text);
