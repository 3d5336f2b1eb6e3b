/** The coming days as a calendar: a column for each day, a cell for each hour, its colour the stronger the more starts in it. */

import { sayDate, sayWeekday } from "../../domain/time/day-names.ts";
import type { Instant } from "../../domain/time/instant.ts";
import { type CalendarDay, calendarOf } from "../../domain/week-calendar.ts";
import type { LoadAnswer } from "../answers/overview.ts";
import { Wide } from "../pieces/pieces.tsx";

const DAYS = 7;
const HOURS = 24;
const CELL = 17;
const HEAD = 34;
const LABELS = 40;
/** `digits`: of a number that fits into a cell; `hasMonth`: whether the month has room beside the day. */
const FRAMES = [
  { name: "on-wide", column: 110, digits: 9, hasMonth: true },
  { name: "on-narrow", column: 40, digits: 4, hasMonth: false },
] as const;
/** From the lightest to the darkest; each twice as many starts as the one before. */
const SHADES = [1, 2, 3, 4, 5] as const;

interface CalendarProps {
  readonly load: Pick<LoadAnswer, "hours" | "timezone">;
  readonly now: Instant;
}

export const WeekCalendar = ({ load: { hours, timezone }, now }: CalendarProps) => {
  const days = calendarOf(hours, { now, timezone, days: DAYS });
  return (
    <figure>
      {FRAMES.map((frame) => (
        <Drawing days={days} timezone={timezone} frame={frame} />
      ))}
      <figcaption>
        By the clock of {timezone}: the stronger the colour of an hour, the more starts in it. Hours that are over, and
        those that the clock leaves out, are empty and dotted.
      </figcaption>
      <details id="calendar-table">
        <summary>Show the calendar as a table</summary>
        <Table days={days} timezone={timezone} />
      </details>
    </figure>
  );
};

const mostOf = (days: readonly CalendarDay[]): number =>
  Math.max(1, ...days.flatMap(({ hours }) => hours.map(({ count }) => count)));

/** Halving from the most: one hour with a thousand starts leaves those with one and with thirty room to differ. */
const shadeOf = (count: number, most: number): number =>
  Math.max(1, SHADES.length - Math.floor(Math.log2(most / count)));

/** What the picture says. */
function inWords(days: readonly CalendarDay[], timezone: string): string {
  const sums = days.map(({ date, hours }) => ({ date, count: hours.reduce((sum, { count }) => sum + count, 0) }));
  const busy = sums
    .filter(({ count }) => count > 0)
    .map(({ date, count }) => `${count} on ${sayWeekday(date)}, ${sayDate(date)}`);
  return `Starts in the coming ${days.length} days, by the clock of ${timezone}: ${busy.join("; ") || "none"}`;
}

interface DrawingProps {
  readonly days: readonly CalendarDay[];
  readonly timezone: string;
  readonly frame: (typeof FRAMES)[number];
}

const Drawing = ({ days, timezone, frame: { name, column, digits, hasMonth } }: DrawingProps) => {
  const most = mostOf(days);
  const [width, height] = [LABELS + days.length * column, HEAD + HOURS * CELL];
  const cells = days.flatMap(({ hours }, place) =>
    hours.map(({ hour, count, kind }) => ({ x: LABELS + place * column, y: HEAD + hour * CELL, count, kind })),
  );
  const drawn = (of: readonly { readonly x: number; readonly y: number }[]): string =>
    of.map(({ x, y }) => `M${x + 1} ${y + 1}h${column - 2}v${CELL - 2}h${2 - column}z`).join("");
  const shades = SHADES.map((shade) => ({
    shade,
    path: drawn(cells.filter(({ count }) => count > 0 && shadeOf(count, most) === shade)),
  }));
  return (
    <svg class={name} viewBox={`0 0 ${width} ${height}`} role="img">
      <title>{inWords(days, timezone)}</title>
      {[0, 6, 12, 18].map((hour) => (
        <text x={LABELS - 6} y={HEAD + hour * CELL + 12} text-anchor="end">
          {`${String(hour).padStart(2, "0")}:00`}
        </text>
      ))}
      {days.map(({ date }, place) => (
        <>
          <text x={LABELS + (place + 0.5) * column} y={12} text-anchor="middle">
            {sayWeekday(date)}
          </text>
          <text x={LABELS + (place + 0.5) * column} y={27} text-anchor="middle">
            {hasMonth ? sayDate(date) : sayDate(date).split(" ")[0]}
          </text>
        </>
      ))}
      <path class="ground" d={drawn(cells.filter(({ kind, count }) => kind === "coming" && count === 0))} />
      <path class="over" d={drawn(cells.filter(({ kind, count }) => kind !== "coming" && count === 0))} />
      {shades.map(({ shade, path }) => (path === "" ? null : <path class={`fire shade-${shade}`} d={path} />))}
      {cells
        .filter(({ count }) => count > 0 && String(count).length <= digits)
        .map(({ x, y, count }) => (
          <text class={shadeOf(count, most) > 2 ? "inked" : "cell"} x={x + column / 2} y={y + 12} text-anchor="middle">
            {count}
          </text>
        ))}
    </svg>
  );
};

const Table = ({ days, timezone }: Pick<DrawingProps, "days" | "timezone">) => (
  <Wide label="The calendar as a table">
    <table>
      <caption>{`Starts by hour, ${timezone}`}</caption>
      <thead>
        <tr>
          <th scope="col">Hour</th>
          {days.map(({ date }) => (
            <th scope="col">{`${sayWeekday(date)} ${sayDate(date)}`}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: HOURS }, (_, hour) => hour)
          .filter((hour) => days.some(({ hours }) => (hours[hour]?.count ?? 0) > 0))
          .map((hour) => (
            <tr>
              <th scope="row">{`${String(hour).padStart(2, "0")}:00`}</th>
              {days.map(({ hours }) => (
                <td>{hours[hour]?.count || ""}</td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  </Wide>
);
