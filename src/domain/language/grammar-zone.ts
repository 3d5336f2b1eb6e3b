/** A time zone inside a phrase: `in Asia/Tokyo`, `UTC`. Abbreviations are refused: EST is many zones. Pure. */

import type { Reader } from "./phrase.ts";
import { quote, refusal } from "./refusal.ts";
import { skip, spanOf, textAt } from "./scan.ts";
import type { Token } from "./tokens.ts";

/** Abbreviations and nicknames people use for zones, with an IANA zone that is likely meant. */
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map(
  [
    ["est edt et eastern", "America/New_York"],
    ["cst cdt central", "America/Chicago"],
    ["mst mdt mountain", "America/Denver"],
    ["pst pdt pacific", "America/Los_Angeles"],
    ["akst akdt", "America/Anchorage"],
    ["hst", "Pacific/Honolulu"],
    ["bst", "Europe/London"],
    ["cet cest mez mesz", "Europe/Berlin"],
    ["eet eest", "Europe/Helsinki"],
    ["wet west", "Europe/Lisbon"],
    ["msk", "Europe/Moscow"],
    ["ist", "Asia/Kolkata"],
    ["jst", "Asia/Tokyo"],
    ["kst", "Asia/Seoul"],
    ["sgt", "Asia/Singapore"],
    ["hkt", "Asia/Hong_Kong"],
    ["aest aedt", "Australia/Sydney"],
    ["awst", "Australia/Perth"],
    ["nzst nzdt", "Pacific/Auckland"],
  ].flatMap(([words = "", zone = ""]) => words.split(" ").map((word): [string, string] => [word, zone])),
);

/** Reads `[in] Area/City`, `[in] UTC [time]`, also in brackets. */
export const readZonePart: Reader = (tokens, at, draft) => {
  const start = skip(tokens, skip(tokens, at, "in", "on", "at", "("), "the");
  const token = tokens[start];
  if (token === undefined) return undefined;
  const abbreviation = zoneAbbreviation(token);
  if (abbreviation !== undefined) return refuseAbbreviation(token, abbreviation);
  if (token.kind !== "zone" && !/^(utc|gmt)$/.test(token.text)) return undefined;
  const next = skip(tokens, skip(tokens, skip(tokens, start + 1, "time"), "zone", "timezone"), ")");
  const signed = /^[-+]$/.test(textAt(tokens, next)) && tokens[next + 1] !== undefined;
  if (signed) return refuseOffset(spanOf(tokens, start, next + 2));
  draft.zones.push({ ...spanOf(tokens, start, start + 1), name: token.kind === "zone" ? token.text : "UTC" });
  return next;
};

/** The zone an abbreviation is likely meant for, or undefined when the token is none. */
export const zoneAbbreviation = (token: Token): string | undefined =>
  token.kind === "word" ? ABBREVIATIONS.get(token.text) : undefined;

/** The refusal for an abbreviation, naming a zone that is likely meant. */
export const refuseAbbreviation = (token: Token, zone: string): ReturnType<typeof refusal> =>
  refusal({
    reason: "unknown_zone",
    message: `${quote(token.text.toUpperCase())} is no time zone: such names are shared by several zones and say nothing of summer time.`,
    span: token,
    expected: `an IANA zone such as ${zone}`,
    suggestions: [`every day at 9:00 am in ${zone}`],
  });

const refuseOffset = (span: { start: number; end: number }): ReturnType<typeof refusal> =>
  refusal({
    reason: "unsupported",
    message: "An offset from UTC is no time zone: it does not follow the changes of the clock.",
    span,
    expected: "an IANA zone such as Europe/Berlin, or UTC alone",
    suggestions: ["every day at 9:00 am in UTC", "every day at 9:00 am in Europe/Berlin"],
  });
