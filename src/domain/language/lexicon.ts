/**
 * The words of the language and what they mean: one table per noun. A new word is one line here and one in
 * `test/tables/phrases.tsv`. Pure.
 */

/** Units that a frequency or a duration counts in. */
export type Unit = "second" | "minute" | "hour" | "day" | "week" | "month" | "year";

const table = <Value>(rows: readonly (readonly [words: string, value: Value])[]): ReadonlyMap<string, Value> =>
  new Map(rows.flatMap(([words, value]) => words.split(" ").map((word): [string, Value] => [word, value])));

/** Weekdays in the singular, 0 = Sunday. */
export const WEEKDAYS = table<number>([
  ["sunday sun", 0],
  ["monday mon", 1],
  ["tuesday tue tues", 2],
  ["wednesday wed weds", 3],
  ["thursday thu thur thurs", 4],
  ["friday fri", 5],
  ["saturday sat", 6],
]);

/** Weekdays in the plural: they recur by themselves. */
export const PLURAL_WEEKDAYS = table<number>([
  ["sundays suns", 0],
  ["mondays mons", 1],
  ["tuesdays", 2],
  ["wednesdays", 3],
  ["thursdays", 4],
  ["fridays fris", 5],
  ["saturdays sats", 6],
]);

/** Names for a group of weekdays, as cron pieces. */
export const WEEKDAY_GROUPS = table<"workdays" | "weekend">([
  ["weekday weekdays workday workdays", "workdays"],
  ["weekend weekends", "weekend"],
]);

/** Months, 1 = January. */
export const MONTHS = table<number>([
  ["january jan", 1],
  ["february feb", 2],
  ["march mar", 3],
  ["april apr", 4],
  ["may", 5],
  ["june jun", 6],
  ["july jul", 7],
  ["august aug", 8],
  ["september sep sept", 9],
  ["october oct", 10],
  ["november nov", 11],
  ["december dec", 12],
]);

/** A unit of frequency and how many of it one word stands for. */
export interface UnitMeaning {
  readonly unit: Unit;
  readonly count: number;
}

/** Units after `every`. Single letters are units only when glued to their number or after one. */
export const UNITS = table<UnitMeaning>([
  ["second seconds sec secs s", { unit: "second", count: 1 }],
  ["minute minutes min mins m", { unit: "minute", count: 1 }],
  ["hour hours hr hrs h", { unit: "hour", count: 1 }],
  ["day days d", { unit: "day", count: 1 }],
  ["week weeks wk wks w", { unit: "week", count: 1 }],
  ["fortnight fortnights", { unit: "week", count: 2 }],
  ["month months", { unit: "month", count: 1 }],
  ["quarter quarters", { unit: "month", count: 3 }],
  ["year years yr yrs", { unit: "year", count: 1 }],
]);

/** Adverbs that are a frequency by themselves. */
export const ADVERBS = table<UnitMeaning>([
  ["minutely", { unit: "minute", count: 1 }],
  ["hourly", { unit: "hour", count: 1 }],
  ["daily everyday", { unit: "day", count: 1 }],
  ["weekly", { unit: "week", count: 1 }],
  ["fortnightly", { unit: "week", count: 2 }],
  ["monthly", { unit: "month", count: 1 }],
  ["quarterly", { unit: "month", count: 3 }],
  ["yearly annually", { unit: "year", count: 1 }],
]);

/** Parts of the day: which half a bare hour must be in is the person's to say. `free` ones stand without a time. */
export const DAY_PARTS = table<{ readonly free: boolean; readonly first: number; readonly last: number }>([
  ["night nights nightly", { free: true, first: 18, last: 5 }],
  ["morning mornings", { free: false, first: 0, last: 11 }],
  ["afternoon afternoons", { free: false, first: 12, last: 18 }],
  ["evening evenings", { free: false, first: 16, last: 23 }],
]);

/** Number words. */
export const CARDINALS = table<number>([
  ["a an one", 1],
  ["two", 2],
  ["three", 3],
  ["four", 4],
  ["five", 5],
  ["six", 6],
  ["seven", 7],
  ["eight", 8],
  ["nine", 9],
  ["ten", 10],
  ["eleven", 11],
  ["twelve", 12],
  ["fifteen", 15],
  ["twenty", 20],
  ["thirty", 30],
  ["sixty", 60],
  ["ninety", 90],
]);

/** Ordinal words; `second` is also a unit, the grammar decides. */
export const ORDINALS = table<number>([
  ["first", 1],
  ["second", 2],
  ["third", 3],
  ["fourth", 4],
  ["fifth", 5],
  ["sixth", 6],
  ["seventh", 7],
  ["eighth", 8],
  ["ninth", 9],
  ["tenth", 10],
  ["eleventh", 11],
  ["twelfth", 12],
  ["fifteenth", 15],
]);

/** The half of the day. A lone `a` or `p` counts only when glued to its number. */
export const MERIDIEMS = table<"am" | "pm">([
  ["am a", "am"],
  ["pm p", "pm"],
]);

/** Times of day with a name, in hours. */
export const NAMED_TIMES = table<number>([
  ["midnight", 0],
  ["noon midday", 12],
]);

/** Words that begin a recurring phrase. */
export const EVERY = new Set(["every", "each", "ev", "per"]);
/** Joins the ends of a range. */
export const RANGE = new Set(["to", "through", "thru", "-", "–", "—", "till", "til", "until"]);
/** Joins the items of a list. */
export const LIST = new Set([",", "and", "or", "&", "/"]);
/** Politeness and verbs that say nothing about time. */
export const POLITE = new Set(
  "please run runs fire fires execute executes trigger triggers repeat repeats schedule scheduled it kindly only just".split(
    " ",
  ),
);

/** True when the word is a weekday or month, so that `a/b` lists two of them. */
export const isListedName = (word: string): boolean =>
  WEEKDAYS.has(word) || PLURAL_WEEKDAYS.has(word) || MONTHS.has(word);

/** Every word that the recurring grammar and the dates know: what misspellings are compared with. */
export const KNOWN_WORDS: ReadonlySet<string> = new Set([
  ...[WEEKDAYS, PLURAL_WEEKDAYS, WEEKDAY_GROUPS, MONTHS, UNITS, ADVERBS, DAY_PARTS].flatMap((words) => [
    ...words.keys(),
  ]),
  ...[CARDINALS, ORDINALS, MERIDIEMS, NAMED_TIMES].flatMap((words) => [...words.keys()]),
  ...[...EVERY, ...RANGE, ...LIST, ...POLITE].filter((word) => /^[a-z]/.test(word)),
  ..."at on in of the from between during past after half last day only other tomorrow today next now ago later within hence utc".split(
    " ",
  ),
]);
