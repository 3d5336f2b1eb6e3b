/** Names of time zones: their proper case, and what was probably meant. Pure: the engine's zone data. */
import type { Refusal } from "../language/interpretation.ts";

const LONGEST_NAME = 64;
/** Letters changed, added or left out in a name that still counts as a slip of the pen. */
const SLIPS_MAX = 2;
/** Regions of the zone database: only in these is a name kept that `Intl` itself would write otherwise. */
const REGIONS = /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\//;
const UTC_NAMES = /^(Etc\/)?(UTC|UCT|GMT|GMT0|GMT[+-]0|Greenwich|Universal|Zulu)$/i;
/** In the zone database these are fixed offsets; people who write them mostly mean a zone that has a summer. */
const HALF_YEAR_NAMES: ReadonlyMap<string, string> = new Map([
  ["EST", "America/New_York"],
  ["MST", "America/Denver"],
  ["HST", "Pacific/Honolulu"],
  ["EDT", "America/New_York"],
  ["CST", "America/Chicago"],
  ["CDT", "America/Chicago"],
  ["MDT", "America/Denver"],
  ["PST", "America/Los_Angeles"],
  ["PDT", "America/Los_Angeles"],
  ["BST", "Europe/London"],
  ["CEST", "Europe/Berlin"],
  ["IST", "Asia/Kolkata"],
  ["JST", "Asia/Tokyo"],
]);
/** `Intl` still lists these under the names they had in 1993. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["Asia/Calcutta", "Asia/Kolkata"],
  ["Asia/Katmandu", "Asia/Kathmandu"],
  ["Asia/Rangoon", "Asia/Yangon"],
  ["Asia/Saigon", "Asia/Ho_Chi_Minh"],
  ["Atlantic/Faeroe", "Atlantic/Faroe"],
  ["Africa/Asmera", "Africa/Asmara"],
  ["America/Buenos_Aires", "America/Argentina/Buenos_Aires"],
  ["America/Godthab", "America/Nuuk"],
  ["Europe/Kiev", "Europe/Kyiv"],
]);
const LOWER_CASE_WORDS = /(?<=[_-])(of|es|au)(?=[_-])/gi;
const INNER_CAPITALS: ReadonlyMap<string, string> = new Map([
  ["mcmurdo", "McMurdo"],
  ["dumontdurville", "DumontDUrville"],
  ["comodrivadavia", "ComodRivadavia"],
]);

/**
 * The name in its proper case, or undefined when it is refused. A name in use today is kept as it was meant
 * (`europe/kyiv` is `Europe/Kyiv`), though `Intl` may prefer an older one.
 */
export function ianaName(text: string): string | undefined {
  if (UTC_NAMES.test(text)) return "UTC";
  if (text.length > LONGEST_NAME || !/^[a-z]/i.test(text) || HALF_YEAR_NAMES.has(text.toUpperCase())) return undefined;
  const name = properCase(text);
  try {
    const known = new Intl.DateTimeFormat("en-US", { timeZone: text }).resolvedOptions().timeZone;
    return REGIONS.test(name) ? name : (RENAMED.get(known) ?? known);
  } catch {
    // Intl has no other way to say that it does not know a zone.
    return undefined;
  }
}

/** Why `ianaName` refused the text, with the nearest zones. */
export function zoneRefusal(text: string): Refusal {
  const quoted = text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}...` : text;
  const suggestions = nearestNames(text.trim());
  const isOffset = /^(UTC|GMT)?\s*[+-]?\d/i.test(text.trim()) || HALF_YEAR_NAMES.has(text.trim().toUpperCase());
  return {
    reason: "unknown_zone",
    message: isOffset
      ? `"${quoted}" is an offset, which knows no clock changes; a time zone is named by its place.`
      : `"${quoted}" is not a time zone of the IANA database.`,
    position: 0,
    length: text.length,
    expected: "an IANA time zone such as Europe/Berlin, or UTC",
    suggestions: suggestions.length > 0 ? suggestions : ["UTC"],
  };
}

function properCase(text: string): string {
  const words = text.toLowerCase().replace(/[a-z]+/g, (word) => {
    return INNER_CAPITALS.get(word) ?? word.charAt(0).toUpperCase() + word.slice(1);
  });
  return words.replace(LOWER_CASE_WORDS, (word) => word.toLowerCase());
}

/** At most two zones whose name, or whose last part, is nearly the text. */
function nearestNames(text: string): string[] {
  const meant = HALF_YEAR_NAMES.get(text.toUpperCase());
  if (meant !== undefined) return [meant];
  if (text.length < 3 || text.length > LONGEST_NAME) return [];
  const wanted = text.toLowerCase().replaceAll(" ", "_");
  const near: { name: string; slips: number }[] = [];
  for (const listed of Intl.supportedValuesOf("timeZone")) {
    const name = RENAMED.get(listed) ?? listed;
    const place = name.slice(name.lastIndexOf("/") + 1);
    const wantedPlace = wanted.slice(wanted.lastIndexOf("/") + 1);
    const slips = Math.min(
      slipsBetween(wanted, name.toLowerCase()),
      0.5 + slipsBetween(wantedPlace, place.toLowerCase()),
    );
    if (slips <= SLIPS_MAX) near.push({ name, slips });
  }
  near.sort((one, other) => one.slips - other.slips);
  return near.slice(0, 2).map(({ name }) => name);
}

/** Levenshtein distance, given up as soon as it must be more than `SLIPS_MAX`. */
function slipsBetween(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > SLIPS_MAX) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const replaced = (row[j] ?? 0) + (one[i] === other[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
    if (Math.min(...row) > SLIPS_MAX) return Number.POSITIVE_INFINITY;
  }
  return row[other.length] ?? Number.POSITIVE_INFINITY;
}
