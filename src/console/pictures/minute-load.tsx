/** What starts in each minute of the hour: the crowd at :00, where there is one, stands out. */
import { scaleLinear } from "d3-scale";
import type { LoadAnswer } from "../answers/overview.ts";
import { Wide } from "../pieces/pieces.tsx";

const FRAMES = [
  { name: "on-wide", width: 820, labelled: [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55] },
  { name: "on-narrow", width: 320, labelled: [0, 15, 30, 45] },
] as const;
const HEIGHT = 120;
const MARGIN = { top: 10, bottom: 20, left: 44 };
const GRID_LINES = 2;

type Minutes = Pick<LoadAnswer, "minutes" | "crowded">;

export const MinuteLoad = ({ load }: { readonly load: Minutes }) => (
  <figure>
    {FRAMES.map((frame) => (
      <Drawing load={load} frame={frame} />
    ))}
    <figcaption>{loadInWords(load)}</figcaption>
    <details id="minutes-table">
      <summary>Show the minutes as a table</summary>
      <Table load={load} />
    </details>
  </figure>
);

export const sayMinute = (minute: number): string => `:${String(minute).padStart(2, "0")}`;

/** What the picture says. */
export function loadInWords({ minutes, crowded }: Minutes): string {
  const all = minutes.reduce((sum, count) => sum + count, 0);
  const ofAll = `of ${all} ${all === 1 ? "start" : "starts"} in the coming 24 hours`;
  if (crowded.length > 0)
    return `${crowded.map(({ minute, count }) => `${count} at ${sayMinute(minute)}`).join(", ")}, ${ofAll}: a crowd.`;
  const most = Math.max(0, ...minutes);
  return most === 0
    ? "Nothing starts in the coming 24 hours."
    : `At most ${most} in one minute of the hour, ${ofAll}: no crowd.`;
}

const Drawing = ({
  load,
  frame: { name, width, labelled },
}: {
  readonly load: Minutes;
  readonly frame: (typeof FRAMES)[number];
}) => {
  const step = (width - MARGIN.left) / load.minutes.length;
  const bottom = HEIGHT - MARGIN.bottom;
  const y = scaleLinear()
    .domain([0, Math.max(1, ...load.minutes)])
    .range([bottom, MARGIN.top])
    .nice(GRID_LINES);
  const isCrowd = (minute: number): boolean => load.crowded.some((one) => one.minute === minute);
  const bars = (wanted: boolean): string =>
    load.minutes
      .map((count, minute) =>
        count === 0 || isCrowd(minute) !== wanted
          ? ""
          : `M${px(MARGIN.left + minute * step)} ${bottom}V${px(Math.min(y(count), bottom - 2))}h${px(step * 0.7)}V${bottom}z`,
      )
      .join("");
  return (
    <svg class={name} viewBox={`0 0 ${width} ${HEIGHT}`} role="img">
      <title>{`Starts by minute of the hour. ${loadInWords(load)}`}</title>
      {y
        .ticks(GRID_LINES)
        .filter((count) => Number.isInteger(count))
        .map((count) => (
          <>
            <line class="axis" x1={MARGIN.left} x2={width} y1={px(y(count))} y2={px(y(count))} />
            <text x={MARGIN.left - 8} y={px(y(count))} dy="0.32em" text-anchor="end">
              {count}
            </text>
          </>
        ))}
      <path class="fire" d={bars(false)} />
      <path class="crowd" d={bars(true)} />
      {labelled.map((minute) => (
        <text x={px(MARGIN.left + minute * step)} y={HEIGHT - 5}>
          {sayMinute(minute)}
        </text>
      ))}
    </svg>
  );
};

/** A tenth of a pixel is as fine as anybody sees. */
const px = (value: number): number => Math.round(value * 10) / 10;

const Table = ({ load: { minutes } }: { readonly load: Minutes }) => (
  <Wide label="Starts by minute of the hour">
    <table>
      <thead>
        <tr>
          <th scope="col">Minute</th>
          <th scope="col">Starts</th>
        </tr>
      </thead>
      <tbody>
        {minutes.map((count, minute) =>
          count === 0 ? null : (
            <tr>
              <th scope="row">{sayMinute(minute)}</th>
              <td>{count}</td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  </Wide>
);
