/** Days one after the other, as bars: how many runs by the height, the worst that happened by colour and shape. */
import { totalOf, worstOf } from "../../domain/day-worst.ts";
import { barShare } from "../../domain/durations.ts";
import { ENDINGS, type Ending } from "../../domain/run-counts.ts";
import { sayDate } from "../../domain/time/day-names.ts";
import type { DayAnswer } from "../answers/overview.ts";
import { STATUS_NAMES } from "../pieces/marks.tsx";
import { Wide } from "../pieces/pieces.tsx";

const STEP = 20;
const BAR = 14;
/** Above the bars, for what crowns some of them. */
const TOP = 12;
const HEIGHTS = { small: 44, large: 84 } as const;
/** Days that the title names. */
const NAMED_MAX = 3;
/** What somebody should look at. */
const TROUBLES = ["failed", "timed_out", "missed"] as const satisfies readonly Ending[];

interface StripProps {
  /** Oldest first. */
  readonly days: readonly DayAnswer[];
  readonly size: keyof typeof HEIGHTS;
}

export const DayStrip = ({ days, size }: StripProps) => {
  const most = Math.max(1, ...days.map(totalOf));
  const room = HEIGHTS[size];
  const width = days.length * STEP;
  return (
    <svg
      class={`days-${size}`}
      viewBox={`0 0 ${width} ${TOP + room + 1}`}
      width={width}
      height={TOP + room + 1}
      role="img"
    >
      <title>{daysInWords(days)}</title>
      <line class="axis" x1={0} x2={width} y1={TOP + room + 0.5} y2={TOP + room + 0.5} />
      {days.map((day, place) => (
        <Bar day={day} x={place * STEP + (STEP - BAR) / 2} most={most} room={room} />
      ))}
    </svg>
  );
};

interface BarProps {
  readonly day: DayAnswer;
  readonly x: number;
  readonly most: number;
  readonly room: number;
}

const Bar = ({ day, x, most, room }: BarProps) => {
  const worst = worstOf(day);
  if (worst === null) return null;
  const height = Math.round(room * barShare(totalOf(day), most));
  const top = TOP + room - height;
  const [middle, right] = [x + BAR / 2, x + BAR];
  const isHollow = worst === "skipped" || worst === "cancelled";
  return (
    <>
      {worst === "missed" ? <circle class="missed hollow" cx={middle} cy={top - 6} r={4} /> : null}
      {worst === "failed" ? (
        <path class="failed" d={`M${x} ${top - 2}L${middle} ${top - 11}L${right} ${top - 2}Z`} />
      ) : null}
      {worst === "timed_out" ? (
        <path class="timed_out" d={`M${x - 2} ${top - 7}H${right + 2}V${top - 3}H${x - 2}Z`} />
      ) : null}
      <rect class={isHollow ? `${worst} hollow` : worst} x={x} y={top} width={BAR} height={height}>
        <title>{dayInWords(day)}</title>
      </rect>
    </>
  );
};

/** `12 Nov: 3 failed, 21 succeeded`. */
export const dayInWords = (day: DayAnswer): string =>
  `${sayDate(day.date)}: ${countsOf(day, ENDINGS).join(", ") || "no runs"}`;

const countsOf = (day: DayAnswer, endings: readonly Ending[]): readonly string[] =>
  endings.filter((ending) => day[ending] > 0).map((ending) => `${day[ending]} ${STATUS_NAMES[ending]}`);

/** `30 days: 3 failed on 12 Nov, 1 missed on 3 Nov; 240 runs in all, each with its retries`. */
export function daysInWords(days: readonly DayAnswer[]): string {
  const total = days.reduce((sum, day) => sum + totalOf(day), 0);
  const what = `${days.length} days`;
  if (total === 0) return `${what}: nothing ran`;
  const bad = days.filter((day) => TROUBLES.some((ending) => day[ending] > 0)).reverse();
  const all = `${total} ${total === 1 ? "run" : "runs"} in all, each with its retries`;
  if (bad.length === 0) return `${what}: nothing failed for good or was missed; ${all}`;
  const named = bad
    .slice(0, NAMED_MAX)
    .map((day) => `${countsOf(day, TROUBLES).join(" and ")} on ${sayDate(day.date)}`);
  const more = bad.length - named.length;
  const others = more === 0 ? [] : [`trouble on ${more} other ${more === 1 ? "day" : "days"}`];
  return `${what}: ${[...named, ...others].join(", ")}; ${all}`;
}

/** The same as a table, the newest first; days without runs are left out. */
export const DayTable = ({ days }: { readonly days: readonly DayAnswer[] }) => (
  <Wide label="Runs day by day">
    <table>
      <thead>
        <tr>
          <th scope="col">Day</th>
          {ENDINGS.map((ending) => (
            <th scope="col">{STATUS_NAMES[ending]}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days
          .filter((day) => totalOf(day) > 0)
          .reverse()
          .map((day) => (
            <tr>
              <td>{sayDate(day.date)}</td>
              {ENDINGS.map((ending) => (
                <td>{day[ending]}</td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  </Wide>
);
