/** The day fields of a cron line in English. Pure. */
import { type ParsedLine, stepOf } from "./describe-line.ts";
import { weekdayCode } from "./line.ts";
import { listText, monthName, ordinalText, weekdayName } from "./names.ts";

/** Words for the days: before and after times of day, and after a frequency (undefined when that has no words). */
export interface SaidDays {
  readonly lead: string;
  readonly tail: string;
  readonly limit: string | undefined;
}

/** The days in words, or undefined when English has none for them. */
export function sayDays(line: ParsedLine): SaidDays | undefined {
  const { monthDay, month, weekday } = line;
  const months = sayMonths(month);
  if (months === undefined) return sayMonthStep(line);
  if (monthDay === "*" && weekday === "*") return { lead: "every day", tail: months, limit: months };
  const weekdays = weekday === "*" ? "" : sayWeekdays(weekday);
  const monthDays = monthDay === "*" ? "" : sayMonthDays(monthDay);
  if (weekdays === undefined || monthDays === undefined) return undefined;
  if (monthDay === "*" && !/[#L]/.test(weekday)) {
    const every = weekday === "MON-FRI" ? "every weekday" : `every ${weekdays}`;
    const limit = weekday === "MON-FRI" ? "on weekdays" : `on ${weekdays}`;
    return { lead: every, tail: months, limit: ` ${limit}${months}` };
  }
  if (weekday === "*" && /^\d+$/.test(month) && /^\d+$/.test(monthDay))
    return { lead: `every year on ${monthName(Number(month))} ${monthDay}`, tail: "", limit: undefined };
  const said = [
    monthDays === "" ? "" : `on the ${monthDays} of every month`,
    weekdays === "" ? "" : sayOrdinary(weekday, weekdays),
  ];
  const days = said.filter((each) => each !== "").join(" or ");
  return { lead: "", tail: ` ${days}${months}`, limit: ` ${days}${months}` };
}

const sayOrdinary = (weekday: string, said: string): string =>
  /[#L]/.test(weekday) ? `on the ${said} of every month` : `on ${said}`;

/** `*` + `/3` with days of the month: `every 3 months on the 15th`. */
function sayMonthStep({ monthDay, month, weekday }: ParsedLine): SaidDays | undefined {
  const step = stepOf(month);
  if (step === undefined) return undefined;
  const days =
    weekday === "*"
      ? sayMonthDays(monthDay)
      : monthDay === "*" && /[#L]/.test(weekday)
        ? sayWeekdays(weekday)
        : undefined;
  return days === undefined ? undefined : { lead: `every ${step} months on the ${days}`, tail: "", limit: undefined };
}

/** ` in January and July`, empty for all months, undefined for steps. */
function sayMonths(field: string): string | undefined {
  if (field === "*") return "";
  if (field.includes("/")) return undefined;
  return ` in ${listText(field.split(",").map((piece) => sayPiece(piece, (value) => monthName(Number(value)))))}`;
}

/** `Monday and Thursday`, `Tuesday through Saturday`, `1st Monday and last Friday`. */
function sayWeekdays(field: string): string | undefined {
  const pieces = field.split(",");
  const counted = pieces.filter((piece) => /[#L]/.test(piece)).length;
  if (field.includes("/") || (counted > 0 && counted < pieces.length)) return undefined;
  return listText(
    pieces.map((piece) => {
      const [code = "", nth] = piece.split("#");
      if (nth !== undefined) return `${ordinalText(Number(nth))} ${nameOf(code)}`;
      return piece.endsWith("L") ? `last ${nameOf(code.slice(0, -1))}` : sayPiece(piece, nameOf);
    }),
  );
}

const nameOf = (code: string): string =>
  weekdayName([0, 1, 2, 3, 4, 5, 6].find((day) => weekdayCode(day) === code) ?? 0);

/** `1st and 15th`, `1st to 5th`, `last day`, `first weekday`. */
function sayMonthDays(field: string): string | undefined {
  if (field === "*" || field.includes("/")) return undefined;
  if (field === "1W" || field === "LW") return field === "1W" ? "first weekday" : "last weekday";
  if (field.includes("W")) return undefined;
  return listText(
    field.split(",").map((piece) => (piece === "L" ? "last day" : sayPiece(piece, (day) => ordinalText(Number(day))))),
  );
}

function sayPiece(piece: string, name: (value: string) => string): string {
  const [from = "", to] = piece.split("-");
  return to === undefined ? name(from) : `${name(from)} through ${name(to)}`;
}
